"""The library as people use it: looked through, worked on many at a time, filled by dropping and pasting."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.journeys.browsing import PATIENCE_MS, accessible, add_samples, all_read, sign_up
from tests.journeys.product import Product, needs_chromium

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.xdist_group("product"), needs_chromium]

TITLES = ("Annual report", "Lease", "Notice")


def filled(page: Page) -> None:
    """A person's library with three short texts, all of them read."""
    sign_up(page)
    for title in TITLES:
        pasted(page, title, f"{title}\n\nThe water is off on Monday. The rent is due on the first.")
    all_read(page, 3)


def pasted(page: Page, title: str, text: str) -> None:
    page.get_by_role("link", name="Paste text").click()
    page.get_by_label("Title (optional)").fill(title)
    page.get_by_label("Text", exact=True).fill(text)
    page.get_by_role("button", name="Keep this text").click()
    expect(page.locator("[data-paste-dialog]")).to_be_hidden()
    expect(row(page, title)).to_be_visible()


def row(page: Page, title: str) -> Locator:
    return page.locator("ul.shelf > li", has=page.get_by_role("link", name=title, exact=True))


def box(page: Page, title: str) -> Locator:
    return page.get_by_role("checkbox", name=f"Choose {title}", exact=True)


def test_documents_are_chosen_tagged_and_narrowed(page: Page) -> None:
    filled(page)
    box(page, "Lease").check()
    box(page, "Notice").check()
    expect(page.locator("[data-count]")).to_have_text("2 chosen")
    accessible(page)

    page.locator(".bulk summary", has_text="Tag").click()
    page.get_by_label("New tag").fill("Housing")
    page.get_by_label("New tag").press("Enter")
    expect(page.get_by_text("2 documents now have the tag “Housing”.")).to_be_visible()
    expect(row(page, "Lease").get_by_text("Housing")).to_be_visible()
    expect(box(page, "Lease")).to_be_checked()

    page.get_by_role("navigation", name="Filters", exact=True).get_by_role("link", name="Housing").click()
    expect(page.locator(".chips")).to_contain_text("2 of 3")
    expect(row(page, "Annual report")).to_have_count(0)
    assert "tag=" in page.url
    page.get_by_label("Words of a title").fill("report")
    expect(page.get_by_role("heading", name="No document is like this")).to_be_visible()
    accessible(page)
    page.locator(".ways-out").get_by_role("link", name="Housing").click()
    expect(row(page, "Annual report")).to_be_visible()


def test_documents_are_deleted_and_had_back(page: Page) -> None:
    filled(page)
    page.get_by_label("Choose all on this page").check()
    expect(page.locator("[data-count]")).to_have_text("3 chosen")
    box(page, "Lease").uncheck()

    page.locator(".bulk").get_by_role("button", name="Delete").click()
    expect(page.get_by_text("2 documents are in the bin")).to_be_visible()
    expect(page.locator("ul.shelf > li")).to_have_count(1)
    expect(page.locator("#counts")).to_have_text("1 document")
    accessible(page)

    page.get_by_role("button", name="Undo").click()
    expect(page.locator("ul.shelf > li")).to_have_count(3)
    expect(page.get_by_text("2 documents are back in your library.")).to_be_visible()
    expect(page.locator("#counts")).to_have_text("3 documents")


def test_a_double_click_deletes_once_and_can_be_undone(page: Page) -> None:
    filled(page)
    box(page, "Lease").check()

    page.locator(".bulk").get_by_role("button", name="Delete").dblclick()

    expect(page.get_by_text("“Lease” is in the bin")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(row(page, "Lease")).to_be_visible()


def test_what_is_found_shows_its_first_page_beside_its_title(page: Page) -> None:
    filled(page)

    page.goto("/search/?q=rent")

    found = page.locator(".found-documents > li")
    expect(found).to_have_count(3)
    for one in found.all():
        around, picture = one.bounding_box(), one.locator("> [aria-hidden]").bounding_box()
        assert around
        assert picture
        assert around["y"] <= picture["y"]
        assert picture["height"] < around["height"]


def test_the_keyboard_never_stands_on_a_button_that_is_not_seen(page: Page) -> None:
    sign_up(page)

    page.locator("#folder").focus()
    page.keyboard.press("Tab")

    expect(page.get_by_text("All formats and limits")).to_be_focused()


def test_the_keyboard_is_enough(page: Page) -> None:
    filled(page)
    boxes = page.locator(".pick input")

    boxes.first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Shift+ArrowDown")
    expect(page.locator("[data-count]")).to_have_text("2 chosen")
    expect(boxes.nth(1)).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".bulk")).to_be_hidden()
    page.keyboard.press("ControlOrMeta+a")
    expect(page.locator("[data-count]")).to_have_text("3 chosen")
    page.keyboard.press("Escape")

    boxes.first.click()
    boxes.last.click(modifiers=["Shift"])
    expect(page.locator("[data-count]")).to_have_text("3 chosen")


@pytest.mark.parametrize("width", [1440, 390, 360])
def test_both_views_fit_and_are_accessible(page: Page, width: int) -> None:
    filled(page)
    page.set_viewport_size({"width": width, "height": 844})

    for name in ("As a grid", "As a list"):
        page.get_by_role("link", name=name).click()
        expect(page.get_by_role("link", name=name)).to_have_attribute("aria-current", "true")
        box(page, "Lease").check(force=True)
        expect(page.locator(".bulk")).to_be_visible()
        accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.get_by_role("button", name="Choose none").click()


def test_the_grid_shows_pages_and_words(page: Page) -> None:
    sign_up(page)
    add_samples(page)

    page.get_by_role("link", name="As a grid").click()

    picture = page.locator(".card img")
    expect(picture).to_have_count(1)
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("one => one.naturalWidth") > 200
    expect(page.locator(".leaf-words")).to_have_count(2)
    page.reload()
    expect(page.locator("ul.as-grid")).to_be_visible()


def test_what_is_pasted_becomes_a_document(page: Page) -> None:
    sign_up(page)
    paste = """({ text, file }) => {
        const data = new DataTransfer();
        if (text) data.setData("text/plain", text);
        if (file) data.items.add(new File([file], "heating.txt", { type: "text/plain" }));
        const about = { clipboardData: data, bubbles: true, cancelable: true };
        document.body.dispatchEvent(new ClipboardEvent("paste", about));
    }"""

    page.evaluate(paste, {"text": "The water is off on Monday.", "file": ""})
    expect(page.get_by_label("Text", exact=True)).to_have_value("The water is off on Monday.")
    accessible(page)
    page.keyboard.press("Enter")
    expect(row(page, "The water is off on Monday.")).to_be_visible()

    page.evaluate(paste, {"text": "", "file": "The heating is on again."})
    expect(row(page, "heating")).to_be_visible()
    page.get_by_role("link", name="Paste text").click()
    page.get_by_role("button", name="Keep this text").click()
    expect(page.locator("[data-paste-dialog]")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("[data-paste-dialog]")).to_be_hidden()


def test_a_reload_in_mid_upload_tells_what_was_lost(page: Page, tmp_path: Path) -> None:
    sign_up(page)
    names = [f"letter-{n}.txt" for n in range(8)]
    for name in names:
        (tmp_path / name).write_text(f"This is {name}.")
    sent: list[Route] = []

    def send_three(route: Route) -> None:
        """The others stay on their way for ever."""
        if route.request.method == "POST":
            sent.append(route)
        if route.request.method != "POST" or len(sent) <= 3:
            route.continue_()

    page.route(re.compile(r"/documents/$"), send_three)
    page.locator("#file").set_input_files([tmp_path / name for name in names])
    expect(page.locator("[data-sums]")).to_contain_text("3 of 8 sent")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()

    lost = page.locator("[data-sending] li", has_text="was not sent: the page was left before")
    expect(lost).to_have_count(5)
    expect(page.locator("[data-sending]")).to_contain_text("letter-7.txt")
    expect(page.locator("ul.shelf > li")).to_have_count(3)
    accessible(page)


@pytest.fixture
def plain_page(browser: Browser, product: Product) -> Iterator[Page]:
    """A browser without JavaScript."""
    context = browser.new_context(base_url=product.url, java_script_enabled=False)
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    yield page
    context.close()


def test_all_of_it_works_without_a_script(plain_page: Page) -> None:
    page = plain_page
    sign_up(page)
    page.get_by_role("link", name="Paste text").click()
    page.get_by_label("Text", exact=True).fill("Lease\n\nThe rent is due on the first.")
    page.get_by_role("button", name="Keep this text").click()
    expect(row(page, "Lease")).to_be_visible()

    box(page, "Lease").check()
    page.locator(".bulk summary", has_text="Collection").click()
    page.get_by_label("New collection").fill("Drawer")
    page.get_by_label("New collection").press("Enter")
    expect(page.get_by_text("1 document is in “Drawer” now.")).to_be_visible()

    box(page, "Lease").check()
    page.locator(".bulk").get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Undo").click()
    expect(row(page, "Lease")).to_be_visible()
