"""A library as a map: looked at, moved about in, and opened from, with the mouse and with keys alone."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.browsing import PATIENCE_MS, accessible, add_samples, sign_up
from tests.journeys.product import needs_chromium

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.xdist_group("product"), needs_chromium]


def with_a_map(page: Page) -> Locator:
    """A person with three documents, at her map."""
    sign_up(page)
    page.goto("/map/")
    expect(page.get_by_text("No documents yet")).to_be_visible()
    page.goto("/documents/")
    add_samples(page)
    page.get_by_role("link", name="Map", exact=True).click()
    expect(page.locator("[data-drawn]")).to_be_visible(timeout=PATIENCE_MS)
    return page.get_by_role("application", name="Map of 3 documents")


def test_a_document_is_found_on_the_map_and_opened_by_keys_alone(page: Page) -> None:
    sea = with_a_map(page)
    accessible(page)

    sea.focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowLeft", "+", "+", "-", "0", "Space"):
        page.keyboard.press(key)
    expect(page.get_by_text("1 document selected")).to_be_visible()
    title = page.locator("[data-card] a").inner_text()
    expect(page.locator("[data-said]")).to_contain_text(title)
    accessible(page)
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name=title)).to_be_visible()


def test_documents_are_encircled_and_taken_along_to_a_question(page: Page) -> None:
    sea = with_a_map(page)
    box = sea.bounding_box()
    assert box is not None

    page.get_by_role("button", name="Select by drawing round documents").click()
    corners = [(0.01, 0.01), (0.99, 0.01), (0.99, 0.99), (0.01, 0.99), (0.01, 0.02)]
    at = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in corners]
    page.mouse.move(*at[0])
    page.mouse.down()
    for x, y in at[1:]:
        page.mouse.move(x, y, steps=4)
    page.mouse.up()
    expect(page.get_by_text("3 documents selected")).to_be_visible()
    page.get_by_role("link", name="Ask about these").click()

    expect(page).to_have_url(re.compile(r"/ask/\?(document=[0-9a-f-]+&?){3}$"))
    accessible(page)


def test_fingers_first_show_a_document_and_then_open_it_and_two_make_the_map_larger(page: Page) -> None:
    sea = with_a_map(page)
    page.set_viewport_size({"width": 390, "height": 780})
    sea.scroll_into_view_if_needed()
    fingers = Fingers(page)
    where = fingers.find_a_document(sea)
    title = page.locator("[data-card] a").inner_text()

    box = sea.bounding_box()
    assert box is not None
    before = sea.screenshot()
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    fingers.pinch(middle, (30, 120))
    assert sea.screenshot() != before
    fingers.pinch(middle, (120, 30))
    expect(page.locator("[data-card] a")).to_have_text(title)
    fingers.tap(where)

    expect(page.get_by_role("heading", name=title)).to_be_visible()


class Fingers:
    """Fingers on the page, where a mouse would do other things."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.session = page.context.new_cdp_session(page)
        self.session.send("Emulation.setTouchEmulationEnabled", {"enabled": True, "maxTouchPoints": 2})

    def put(self, kind: str, *points: tuple[float, float]) -> None:
        touches = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(points)]
        self.session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})

    def tap(self, where: tuple[float, float]) -> None:
        self.put("touchStart", where)
        self.put("touchEnd")

    def pinch(self, middle: tuple[float, float], apart: tuple[int, int]) -> None:
        """Two fingers on a level, from so many pixels apart to so many."""
        (x, y), (first, last) = middle, apart
        self.put("touchStart", (x - first, y), (x + first, y))
        for step in range(1, 7):
            now = first + (last - first) * step / 6
            self.put("touchMove", (x - now, y), (x + now, y))
        self.put("touchEnd")

    def find_a_document(self, sea: Locator) -> tuple[float, float]:
        """Taps here and there until a document shows itself; where that was."""
        box = sea.bounding_box()
        assert box is not None
        for x in range(12, int(box["width"]), 24):
            for y in range(12, int(box["height"]), 24):
                where = (box["x"] + x, box["y"] + y)
                self.tap(where)
                self.page.evaluate("new Promise(requestAnimationFrame)")
                if self.page.locator("[data-card]").is_visible():
                    return where
        raise AssertionError("No tap showed a document.")


def test_what_is_selected_outlasts_another_colouring(page: Page) -> None:
    with_a_map(page).focus()
    for key in ("ArrowRight", "Space"):
        page.keyboard.press(key)
    expect(page.get_by_text("1 document selected")).to_be_visible()

    page.get_by_role("link", name="Language").click()

    expect(page).to_have_url(re.compile(r"by=language$"))
    expect(page.get_by_text("1 document selected")).to_be_visible()


def test_words_and_kinds_narrow_what_is_seen(page: Page) -> None:
    with_a_map(page)

    page.get_by_label("Words of a title").fill("tenancy")
    expect(page.get_by_text("1 found")).to_be_visible()
    pdf = page.get_by_role("button", name="PDF 1")
    pdf.click()

    expect(pdf).to_have_attribute("aria-pressed", "false")
    accessible(page)


@pytest.mark.parametrize("width", [360, 768])
def test_the_map_and_the_usage_fit_on_small_screens(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    with_a_map(page)

    for path in ("/map/", "/usage/"):
        page.goto(path)
        accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        entries = page.get_by_role("navigation", name="Main").get_by_role("link").all()
        assert all(
            (box := entry.bounding_box()) and box["x"] + box["width"] <= width
            for entry in entries
            if entry.is_visible()
        )
