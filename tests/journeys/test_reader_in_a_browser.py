"""Reading, as a person does it: pages as they look, marks on them, words chosen, notes, words found, on a phone too."""

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.journeys.browsing import PATIENCE_MS, accessible, open_tab
from tests.journeys.product import needs_chromium
from tests.journeys.test_analyses_in_a_browser import with_samples

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.xdist_group("product"), needs_chromium]

REPORT = "Harbour Library, annual report 2025 (sample)"


def opened(page: Page) -> None:
    """The report, its first page with its words."""
    with_samples(page)
    page.get_by_role("link", name=REPORT).click()
    expect(page.locator(".layer text").first).to_be_attached(timeout=PATIENCE_MS)


def choose(page: Page, first: str, last: str) -> Locator:
    """Draws the mouse over the words of the first page, from one to another; the toolbar that then shows."""
    sheet = page.locator("#page-1")
    begin, end = (sheet.locator(".layer text", has_text=word).first.bounding_box() for word in (first, last))
    assert begin
    assert end
    page.mouse.move(begin["x"] + 2, begin["y"] + begin["height"] / 2)
    page.mouse.down()
    page.mouse.move(end["x"] + end["width"] / 2, end["y"] + end["height"] + 2, steps=4)
    page.mouse.up()
    toolbar = page.get_by_role("toolbar", name="The chosen words")
    expect(toolbar).to_be_visible()
    return toolbar


def test_words_chosen_on_a_page_get_a_note_that_stays_at_them(page: Page) -> None:
    opened(page)

    choose(page, "412,300", "2025,").get_by_role("button", name="Note").click()
    page.get_by_label("Your note at these words").fill("More than we thought.")
    accessible(page)
    page.get_by_role("button", name="Keep the note").click()

    chip = page.locator("#page-1").get_by_role("link", name="Your note at these words")
    expect(chip).to_be_visible()
    accessible(page)
    open_tab(page, "Details")
    chip.click()
    expect(page.locator("[aria-current]", has_text="Notes")).to_be_visible()
    expect(page.locator(".note-list").get_by_text("More than we thought.")).to_be_visible()
    page.get_by_role("link", name="Text", exact=True).click()
    expect(page.locator("article mark.noted")).to_have_text("412,300 items in 2025,")
    page.get_by_role("link", name="Edit").click()
    page.get_by_label("Your note", exact=True).fill("As many as we thought.")
    page.get_by_role("button", name="Keep it so").click()
    expect(page.locator(".note-list").get_by_text("As many as we thought.")).to_be_visible()
    page.get_by_text("Remove", exact=True).click()
    page.get_by_role("button", name="Remove this note").click()
    expect(page.locator("mark.noted")).to_have_count(0)


def test_chosen_words_are_asked_about_and_copied_with_their_place(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    opened(page)

    toolbar = choose(page, "412,300", "2025,")
    toolbar.get_by_role("button", name="Copy with citation").click()
    expect(toolbar.get_by_text("Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(f"“412,300 items in 2025,” — {REPORT}, page 1\nhttp")
    choose(page, "412,300", "2025,").get_by_role("button", name="Ask about this").click()
    expect(page.get_by_label("Your question")).to_have_value("About “412,300 items in 2025,”: ")
    expect(page.get_by_label("Your question")).to_be_focused()

    page.goto(copied.split("\n")[1])

    expect(page.locator("rect#found")).to_be_in_viewport()


def test_words_of_the_text_are_chosen_with_their_offsets_whatever_marks_stand_between(page: Page) -> None:
    opened(page)
    page.get_by_role("button", name="Make an overview").click()
    expect(page.locator(".tie").nth(5)).to_be_visible(timeout=PATIENCE_MS)
    expect(page.locator(".digest [aria-busy], .digest .skeleton")).to_have_count(0, timeout=PATIENCE_MS)
    page.get_by_role("link", name="Text", exact=True).click()
    expect(page.get_by_role("article")).to_be_visible()

    page.evaluate(
        """() => {
            const walker = document.createTreeWalker(document.querySelector("article"), NodeFilter.SHOW_TEXT);
            let node;
            while ((node = walker.nextNode()) && !node.data.includes("former customs")) {}
            const at = node.data.indexOf("former customs");
            getSelection().setBaseAndExtent(node, at, node, at + "former customs".length);
        }"""
    )
    page.get_by_role("toolbar").get_by_role("button", name="Note").click()

    expect(page.locator(".note-form blockquote")).to_have_text("former customs")


def test_words_are_found_in_the_document_and_stepped_through(page: Page) -> None:
    opened(page)

    page.keyboard.press("/")
    page.keyboard.type("LIBRARY")
    page.keyboard.press("Enter")

    hits = page.locator(".hits")
    expect(hits).to_have_text(re.compile(r"^1 of \d+$"))
    expect(page.locator("rect#found")).to_be_in_viewport()
    accessible(page)
    page.keyboard.press("Enter")
    expect(hits).to_have_text(re.compile("^2 of"))
    expect(page.get_by_label("Words to find in this document")).to_be_focused()
    page.keyboard.press("Shift+Enter")
    expect(hits).to_have_text(re.compile("^1 of"))
    page.get_by_role("link", name="Text", exact=True).click()
    expect(page.locator("article #found")).to_be_in_viewport()
    page.get_by_role("link", name="End the search").click()
    expect(page.locator("#found, .hit")).to_have_count(0)


def test_marks_are_tied_to_the_page_both_ways_and_by_keys(page: Page) -> None:
    opened(page)
    page.get_by_role("button", name="Make an overview").click()
    tie = page.locator("#tie-1")
    expect(tie).to_be_visible(timeout=PATIENCE_MS)
    expect(page.locator("#digest[aria-busy]")).to_have_count(0, timeout=PATIENCE_MS)
    accessible(page)

    tie.hover()
    expect(page.locator("#cite-1")).to_have_class(re.compile("lit"))
    page.mouse.move(0, 0)
    page.locator("h1").click()
    page.keyboard.press("n")
    first = page.evaluate("document.activeElement.dataset.cites")
    page.keyboard.press("n")
    second = page.evaluate("document.activeElement.dataset.cites")
    page.keyboard.press("p")
    assert first != second
    assert page.evaluate("document.activeElement.dataset.cites") == first
    page.keyboard.press("Enter")
    expect(page.locator(f"#tie-{first}")).to_be_focused()
    page.locator("#cite-1").click()
    expect(tie).to_be_focused()


def test_a_page_is_drawn_as_sharp_as_it_is_shown(page: Page) -> None:
    opened(page)

    picture, places = page.locator("#page-1 .paper img"), f"{page.url.split('?')[0]}pages/1.png?width="
    expect(picture).to_have_js_property("currentSrc", f"{places}1200")
    for _ in range(2):
        page.get_by_role("button", name="Larger").click()
    expect(picture).to_have_js_property("currentSrc", f"{places}2400")
    expect(picture).to_have_js_property("complete", True)


def test_the_bar_leads_to_pages_and_makes_them_larger(page: Page) -> None:
    opened(page)
    width = page.locator("#page-1 img").bounding_box()

    page.get_by_label("Page", exact=True).fill("2")
    page.keyboard.press("Enter")
    expect(page.locator("#page-2")).to_be_in_viewport()
    page.keyboard.press("+")
    expect(page.get_by_role("button", name="fit the width")).to_contain_text("125 %")
    wider = page.locator("#page-1 img").bounding_box()
    page.get_by_role("button", name="Small pictures of the pages").click()
    small = page.get_by_role("navigation", name="Pages").get_by_role("link")
    expect(small).to_have_count(2)
    accessible(page)
    small.first.click()
    expect(page.locator("#page-1")).to_be_in_viewport()

    assert width
    assert wider
    assert wider["width"] > 1.2 * width["width"]


@pytest.mark.parametrize("tab", ["Overview", "Ask", "Analyses", "Similar", "Notes", "Details"])
def test_on_a_phone_the_page_comes_first_and_each_tab_opens_over_it(page: Page, tab: str) -> None:
    opened(page)
    page.set_viewport_size({"width": 360, "height": 740})
    page.reload()
    expect(page.locator("#page-1 img")).to_be_in_viewport()
    side = page.locator(".side")
    expect(side).to_be_hidden()

    open_tab(page, tab)

    expect(side).to_be_visible()
    accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.get_by_role("button", name="Back to the document").click()
    expect(side).to_be_hidden()


def test_without_a_script_pages_text_tabs_and_words_found_are_there(browser: Browser, page: Page) -> None:
    opened(page)
    context = browser.new_context(java_script_enabled=False, storage_state=page.context.storage_state())
    plain = context.new_page()
    plain.goto(page.url)

    expect(plain.get_by_role("img", name="Page 1 as it looks")).to_be_visible()
    plain.get_by_role("link", name="Text", exact=True).click()
    expect(plain.get_by_role("article")).to_contain_text("The Harbour Library lent 412,300 items")
    plain.get_by_label("Words to find in this document").fill("roof")
    plain.get_by_label("Words to find in this document").press("Enter")
    expect(plain.locator(".hits")).to_have_text(re.compile("^1 of"))
    plain.get_by_role("link", name="Next", exact=True).click()
    expect(plain.locator("#found")).to_be_in_viewport()
    plain.get_by_role("link", name="Details").click()
    expect(plain.get_by_text("SHA-256")).to_be_visible()
    context.close()
