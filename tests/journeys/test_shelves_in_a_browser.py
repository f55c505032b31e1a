"""Deleting without fear: undone, put back, deleted for good; and a tag that gets another colour."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.browsing import accessible, add_samples, open_tab, sign_up
from tests.journeys.product import needs_chromium

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.xdist_group("product"), needs_chromium]

LEASE = "Tenancy agreement (sample)"


def delete(page: Page, title: str) -> None:
    page.goto("/documents/")
    page.get_by_role("link", name=title).first.click()
    open_tab(page, "Details")
    page.get_by_role("link", name="Delete", exact=True).click()
    page.get_by_role("button", name="Put it into the bin").click()
    expect(page.get_by_text(f"“{title}” is in the bin")).to_be_visible()


def test_what_is_deleted_comes_back_until_it_goes_for_good(page: Page) -> None:
    sign_up(page)
    add_samples(page)

    delete(page, LEASE)
    accessible(page)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("1 document is back in your library.")).to_be_visible()

    delete(page, LEASE)
    delete(page, "Reading with Glossa (sample)")
    page.goto("/bin/")
    accessible(page)
    put_back = page.get_by_role("button", name="Put back chosen")
    expect(put_back).to_be_disabled()
    page.get_by_label(LEASE).check()
    expect(page.get_by_text("1 chosen")).to_be_visible()
    put_back.click()
    expect(page.get_by_label(LEASE)).to_have_count(0)

    page.get_by_label("All 1").check()
    page.get_by_role("button", name="Delete chosen for good").click()
    accessible(page)
    page.get_by_role("button", name="Delete for good").click()
    expect(page.get_by_role("heading", name="The bin is empty")).to_be_visible()
    page.goto("/documents/")
    expect(page.get_by_role("link", name=LEASE).first).to_be_visible()


def test_a_tag_is_made_and_gets_another_colour(page: Page) -> None:
    sign_up(page)
    page.goto("/tags/")
    page.get_by_label("Name").fill("To be paid")
    page.get_by_role("button", name="Make a tag").click()
    page.get_by_role("link", name="Change To be paid").click()

    page.get_by_label("Orange").check()
    accessible(page)
    page.get_by_role("button", name="Keep").click()

    expect(page.locator("[data-colour='5']")).to_have_text("To be paid")
    accessible(page)
