"""Staff see in a browser how the house is doing, and set a budget."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.browsing import PATIENCE_MS, accessible, sideways, sign_in
from tests.journeys.product import Product, needs_chromium

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.xdist_group("product"), needs_chromium]


def test_staff_see_workers_and_sweeps_and_the_page_goes_on_by_itself(page: Page, product: Product) -> None:
    sign_in(page, product)
    page.goto("/admin/")

    # Both say every few seconds that they are there.
    for worker in ("read@", "think@"):
        expect(page.get_by_role("row", name=worker)).to_contain_text("just now", timeout=PATIENCE_MS)
    expect(page.get_by_text("None yet")).to_have_count(0, timeout=PATIENCE_MS)
    first = page.locator("#now > .note time").inner_text()
    expect(page.locator("#now > .note time")).not_to_have_text(first, timeout=PATIENCE_MS)
    accessible(page)


@pytest.mark.parametrize("path", ["/admin/", "/admin/documents/job/", "/admin/accounts/user/"])
def test_the_pages_of_staff_fit_a_phone(page: Page, product: Product, path: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    sign_in(page, product)

    page.goto(path)

    assert sideways(page) == []
    accessible(page)


def test_the_forms_of_people_and_groups_are_accessible(page: Page, product: Product) -> None:
    sign_in(page, product)
    page.goto("/admin/accounts/user/")
    page.get_by_role("link", name=product.email).click()
    expect(page.get_by_label("User permissions")).to_be_visible()
    accessible(page)

    page.goto("/admin/auth/group/add/")

    expect(page.get_by_label("Permissions")).to_be_visible()
    accessible(page)


def test_a_budget_is_set_from_the_list_of_people(page: Page, product: Product) -> None:
    sign_in(page, product)
    page.goto("/admin/accounts/user/")
    page.get_by_role("row", name=product.email).get_by_role("checkbox").check()
    page.get_by_label("Action:").select_option(label="Set the budget of selected people …")
    page.get_by_role("button", name="Run").click()
    page.get_by_label("US dollars a month").fill("1500")
    accessible(page)

    page.get_by_role("button", name="Set the budget").click()

    expect(page.get_by_text("Budget set to $1,500.00 a month: 1.")).to_be_visible()
    expect(page.get_by_role("row", name=product.email)).to_contain_text("$1,500.00")
    product.rows("DELETE FROM documents_budget")


def test_the_page_works_without_scripts(page: Page, product: Product) -> None:
    sign_in(page, product)
    context = page.context.browser.new_context(  # type: ignore[union-attr]
        base_url=product.url, java_script_enabled=False, storage_state=page.context.storage_state()
    )
    plain = context.new_page()

    plain.goto("/admin/")

    expect(plain.get_by_role("heading", name="Workers")).to_be_visible()
    expect(plain.get_by_text("Load the page again for newer figures.")).to_be_visible()
    context.close()
