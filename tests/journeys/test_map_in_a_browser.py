"""A library as a map: looked at, moved about in, and opened from, with the mouse and with keys alone."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.browsing import PATIENCE_MS, accessible, add_samples, sign_up
from tests.journeys.product import needs_chromium

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.xdist_group("product"), needs_chromium]


def with_a_map(page: Page, email: str) -> Locator:
    """A person with three documents, at her map."""
    sign_up(page, email)
    page.goto("/map/")
    expect(page.get_by_text("No documents yet")).to_be_visible()
    page.goto("/documents/")
    add_samples(page)
    page.get_by_role("link", name="Map", exact=True).click()
    expect(page.locator("[data-drawn]")).to_be_visible(timeout=PATIENCE_MS)
    return page.get_by_role("application", name="Map of 3 documents")


def test_a_document_is_found_on_the_map_and_opened_by_keys_alone(page: Page) -> None:
    sea = with_a_map(page, "map-keys@example.org")
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
    sea = with_a_map(page, "map-mouse@example.org")
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


def test_what_is_selected_outlasts_another_colouring(page: Page) -> None:
    with_a_map(page, "map-colours@example.org").focus()
    for key in ("ArrowRight", "Space"):
        page.keyboard.press(key)
    expect(page.get_by_text("1 document selected")).to_be_visible()

    page.get_by_role("link", name="Language").click()

    expect(page).to_have_url(re.compile(r"by=language$"))
    expect(page.get_by_text("1 document selected")).to_be_visible()


def test_words_and_kinds_narrow_what_is_seen(page: Page) -> None:
    with_a_map(page, "map-words@example.org")

    page.get_by_label("Words of a title").fill("tenancy")
    expect(page.get_by_text("1 found")).to_be_visible()
    pdf = page.get_by_role("button", name="PDF 1")
    pdf.click()

    expect(pdf).to_have_attribute("aria-pressed", "false")
    accessible(page)


@pytest.mark.parametrize("width", [360, 768])
def test_the_map_and_the_usage_fit_on_small_screens(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    with_a_map(page, f"map-{width}@example.org")

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
