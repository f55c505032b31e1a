"""The golden path, as a person goes it on her first day: from the first start to a token, and all that lies between."""

import base64
import json
import re
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.browsing import PATIENCE_MS, accessible, all_read, open_tab, sign_in
from tests.journeys.papers import READABLE, twelve
from tests.journeys.product import Product, needs_chromium, started

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.xdist_group("golden"), needs_chromium]

# Lets go of files over the page, as a hand does.
DROP = """(papers) => {
  const held = new DataTransfer();
  for (const [name, data] of papers) {
    held.items.add(new File([Uint8Array.from(atob(data), (one) => one.charCodeAt(0))], name));
  }
  for (const type of ["dragenter", "dragover", "drop"]) {
    document.body.dispatchEvent(new DragEvent(type, { dataTransfer: held, bubbles: true, cancelable: true }));
  }
}"""
FIVE = ("roof-offer", "general-meeting-2026", "lift-in-house-12", "house-rules", "tenancy-agreement")


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """A first start: nobody was here before."""
    with started(tmp_path_factory.mktemp("golden") / "var") as running:
        yield running


def drop(page: Page, papers: list[Path]) -> None:
    page.evaluate(DROP, [[path.name, base64.b64encode(path.read_bytes()).decode()] for path in papers])


def row(page: Page, title: str) -> Locator:
    return page.locator("ul.shelf > li", has=page.get_by_role("link", name=title, exact=True))


def test_from_the_first_start_to_a_token(page: Page, product: Product, tmp_path: Path) -> None:
    sign_in(page, product)
    accessible(page)
    puts_twelve_in(page, tmp_path)
    reads_an_overview(page)
    asks(page)
    searches(page)
    analyses_five(page)
    takes_the_results_along(page)

    assert seen_with(made_token(page), product) == READABLE + 1


def puts_twelve_in(page: Page, folder: Path) -> None:
    drop(page, twelve(folder / "papers"))

    expect(page.locator("#counts")).to_have_text("12 documents, 1 could not be read", timeout=4 * PATIENCE_MS)
    expect(row(page, "boiler-contract")).to_contain_text("This PDF is damaged")
    all_read(page, READABLE)
    accessible(page)


def reads_an_overview(page: Page) -> None:
    """And follows a mark to the words on the page."""
    row(page, "harbour-library-annual-report-2025").get_by_role("link").click()
    page.get_by_role("button", name="Make an overview").click()
    summary = page.locator("[data-recipe=summary]")
    expect(summary).to_contain_text("The Harbour Library lent 412,300 items", timeout=2 * PATIENCE_MS)
    expect(page.locator(".digest .skeleton")).to_have_count(0, timeout=2 * PATIENCE_MS)
    accessible(page)

    mark = summary.locator("a.tie").first
    mark.click()
    chip = page.locator(f"svg [data-cites='{mark.get_attribute('data-cites')}']").first
    expect(chip).to_be_in_viewport()
    expect(mark).to_have_class(re.compile("lit"))


def asks(page: Page) -> None:
    open_tab(page, "Ask")
    page.get_by_label("Your question", exact=True).fill("When was the reading room closed?")
    page.keyboard.press("Enter")
    expect(page.locator(".turn").get_by_text(re.compile(r"(\d+) of \1 statements? verified"))).to_be_visible()

    page.locator(".turn a.tie").first.click()
    expect(page.locator("[data-cites='1']:not(.tie)").first).to_be_in_viewport()
    accessible(page)


def searches(page: Page) -> None:
    page.get_by_role("link", name="Search", exact=True).click()
    page.get_by_label("Words to find").fill("scaffolding")
    expect(page.locator(".found-documents").get_by_role("link", name="roof-offer")).to_be_visible()
    accessible(page)


def analyses_five(page: Page) -> None:
    page.get_by_role("link", name="Library", exact=True).first.click()
    for title in FIVE:
        row(page, title).get_by_role("checkbox").check()
    expect(page.locator("[data-count]")).to_have_text("5 chosen")
    page.locator(".bulk").get_by_role("button", name="Analyse").click()
    page.get_by_label("Key points", exact=True).check()
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_text("5 of 5 done")).to_be_visible(timeout=4 * PATIENCE_MS)
    accessible(page)


def takes_the_results_along(page: Page) -> None:
    with page.expect_download() as download:
        page.get_by_role("link", name="JSON").click()

    exported = json.loads(download.value.path().read_text())
    assert len(exported["documents"]) == len(FIVE)


def made_token(page: Page) -> str:
    page.goto("/account/tokens/")
    page.get_by_label("Name").fill("Nightly reports")
    page.get_by_role("button", name="Make the token").click()
    token = page.locator("#new-token").inner_text()
    accessible(page)
    return token


def seen_with(token: str, product: Product) -> int:
    """How many documents a program sees."""
    answer = httpx2.get(f"{product.url}/api/documents/", headers={"Authorization": f"Token {token}"})
    return len(answer.json()["results"])
