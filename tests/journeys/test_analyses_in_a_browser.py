"""What is found out, as a person sees it: every recipe, one of her own, and many documents at once."""

import csv
import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.journeys.browsing import PATIENCE_MS, accessible, add_samples, open_tab, sign_up
from tests.journeys.product import needs_chromium

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.xdist_group("product"), needs_chromium]

RECIPES = [
    "Summary",
    "Key points",
    "Dates, amounts and names",
    "Dates and deadlines",
    "Classification",
    "Obligations",
    "Questions to ask",
]


def with_samples(page: Page) -> None:
    sign_up(page)
    add_samples(page)


def carried_out(page: Page, recipe: str) -> Locator:
    """The result of a recipe, carried out from the reader's panel."""
    before = page.url
    page.locator(".ask").get_by_label(recipe, exact=True).check()
    page.get_by_role("button", name="Analyse").click()
    expect(page).not_to_have_url(before)
    result = page.locator("#result")
    expect(result.get_by_role("heading", name=recipe)).to_be_visible()
    expect(result.get_by_text("Chosen on this machine")).to_be_visible(timeout=PATIENCE_MS)
    return result


def follow(page: Page, mark: Locator) -> None:
    """A click on a mark, and its words light up."""
    mark.click()
    words = page.locator(f"mark.cited[data-cites~='{mark.get_attribute('data-cites')}']").first
    expect(words).to_be_in_viewport()
    expect(words).to_have_class(re.compile("lit"))


def test_every_recipe_is_carried_out_and_its_marks_lead_to_the_words(page: Page) -> None:
    with_samples(page)
    page.get_by_role("link", name="Tenancy agreement (sample)").click()
    open_tab(page, "Analyses")
    expect(page.get_by_label("Summary in another language")).to_have_count(0)

    for recipe in RECIPES:
        result = carried_out(page, recipe)
        accessible(page)
        follow(page, result.locator("a.tie:visible").first)

    page.get_by_role("navigation", name="Analyses so far").get_by_role("link", name="Questions to ask").click()
    with page.expect_download() as download:
        page.locator("#result").get_by_role("link", name="Markdown").click()
    assert download.value.path().read_text().startswith("# Questions to ask: Tenancy agreement")


def write_recipe(page: Page, name: str, values: list[tuple[str, str, str]]) -> None:
    page.get_by_label("Name", exact=True).first.fill(name)
    page.get_by_label("Values for a table").check()
    for number, (value, kind, description) in enumerate(values):
        if number:
            page.get_by_role("button", name="Add a value").click()
        row = page.locator("[data-row]").nth(number)
        row.get_by_label("Name").fill(value)
        row.get_by_label("Kind").select_option(label=kind)
        row.get_by_label("What it is").fill(description)


def test_a_recipe_of_one_s_own_fills_a_table_from_many_documents(page: Page) -> None:
    with_samples(page)
    page.goto("/recipes/")
    accessible(page)
    page.get_by_role("link", name="New recipe").click()
    accessible(page)
    values = [("Rent", "Number", "Rent a month"), ("Pets", "Text", "Whether pets are allowed"), ("", "Text", "")]
    write_recipe(page, "Lease facts", values)
    page.get_by_role("button", name="Remove this value").last.click()
    accessible(page)
    page.get_by_role("button", name="Keep the recipe").click()
    expect(page.get_by_text("“Lease facts” is kept.")).to_be_visible()
    accessible(page)

    page.get_by_role("link", name="Analyse many with Lease facts").click()
    expect(page.get_by_text("3 documents, at no cost.")).to_be_visible()
    accessible(page)
    page.get_by_label("Some of them").check()
    page.get_by_label("Words of a title").press_sequentially("tenancy")
    expect(page.get_by_role("checkbox")).to_have_count(1)
    page.get_by_label("Words of a title").press("Enter")
    page.get_by_role("checkbox").check()
    expect(page.get_by_text("1 document, at no cost.")).to_be_visible()
    accessible(page)
    page.get_by_label("All that are ready").check()
    expect(page.get_by_text("3 documents, at no cost.")).to_be_visible()
    page.get_by_role("button", name="Start").click()

    expect(page.get_by_text("3 of 3 done")).to_be_visible(timeout=PATIENCE_MS)
    table = page.get_by_role("table")
    expect(table.get_by_role("columnheader")).to_have_text(["Document", "Rent", "Pets"])
    expect(table.get_by_role("row")).to_have_count(4)
    accessible(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    told = list(csv.reader(download.value.path().read_text("utf-8-sig").splitlines()))
    assert len(told) >= 4
    assert {"Rent", "Pets"} <= set(told[0]) | {cell for row in told for cell in row}

    row = table.get_by_role("row").filter(has_text="Tenancy agreement")
    mark = row.locator("a.tie").first
    number = mark.inner_text()
    mark.click()
    expect(page).to_have_url(re.compile(rf"/documents/.+\?analysis=.+#cite-{number}"))
    expect(page.locator(f"#cite-{number}")).to_be_in_viewport()

    page.get_by_role("navigation", name="Main").get_by_role("link", name="Analyses", exact=True).click()
    expect(page.get_by_role("link", name="Lease facts")).to_be_visible()
    accessible(page)


def test_without_a_script_everything_works_too(browser: Browser, page: Page) -> None:
    with_samples(page)
    state, address = page.context.storage_state(), page.url.partition("/documents/")[0]
    context = browser.new_context(java_script_enabled=False, storage_state=state)
    plain = context.new_page()

    plain.goto(f"{address}/recipes/new/")
    plain.get_by_label("Name", exact=True).first.fill("Plain facts")
    plain.get_by_label("Values for a table").check()
    plain.locator("[data-row]").nth(1).get_by_label("Name").fill("Rent")
    plain.get_by_role("button", name="Keep the recipe").click()
    plain.goto(f"{address}/analyses/new/")
    plain.get_by_label("Plain facts", exact=True).check()
    plain.get_by_label("Some of them").check()
    plain.get_by_label("Words of a title").fill("tenancy")
    plain.get_by_role("button", name="Show").click()
    plain.get_by_role("checkbox").check()
    plain.get_by_role("button", name="Estimate").click()
    expect(plain.get_by_text("1 document, at no cost.")).to_be_visible()
    plain.get_by_role("button", name="Start").click()

    expect(plain.get_by_role("heading", name="Plain facts")).to_be_visible()
    expect(plain.get_by_role("link", name="Tenancy agreement (sample)")).to_be_visible()
    context.close()


@pytest.mark.parametrize("path", ["/recipes/", "/recipes/new/", "/analyses/", "/analyses/new/"])
def test_the_pages_fit_a_phone(page: Page, path: str) -> None:
    with_samples(page)
    page.set_viewport_size({"width": 360, "height": 740})

    page.goto(path)

    accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
