"""A half-written question: it outlives its page and a session that ends, and nobody else sees it."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.browsing import add_samples, sign_in_as, sign_up
from tests.journeys.product import Product, needs_chromium

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.xdist_group("product"), needs_chromium]

QUESTION = "How much is the rent, and"


def test_a_question_outlives_its_page_and_its_session_until_it_is_asked(page: Page) -> None:
    email = sign_up(page)
    add_samples(page)
    begin_a_question(page)
    page.goto("/documents/")
    page.goto("/ask/")
    expect_the_question(page)

    session_ends(page)
    page.get_by_role("button", name="Ask", exact=True).click()
    sign_in_as(page, email)
    expect_the_question(page)

    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.locator(".turn")).to_have_count(1)
    page.goto("/ask/")
    expect(page.get_by_label("Your question", exact=True)).to_have_value("")


def test_a_question_in_the_panel_outlives_its_session(browser: Browser, product: Product) -> None:
    page = browser.new_context(base_url=product.url).new_page()
    email = sign_up(page)
    add_samples(page)
    page.get_by_role("link", name="Tenancy agreement (sample)").click()
    page.get_by_role("navigation", name="What to do with the document").get_by_role("link", name="Ask").click()
    page.get_by_label("Your question", exact=True).fill(QUESTION)

    session_ends(page)
    page.keyboard.press("Enter")
    sign_in_as(page, email)

    expect(page.get_by_role("heading", name="Tenancy agreement (sample)")).to_be_visible()
    expect_the_question(page)
    page.context.close()


def test_who_signs_out_leaves_nothing_of_it(page: Page) -> None:
    email = sign_up(page)
    add_samples(page)
    begin_a_question(page)

    page.get_by_text(email.partition("@")[0], exact=True).click()
    page.get_by_role("button", name="Sign out").click()

    expect(page.get_by_role("link", name="Sign in").first).to_be_visible()
    assert drafts_kept(page) == []


def test_who_signs_in_next_in_the_same_tab_sees_nothing_of_it(page: Page) -> None:
    email = sign_up(page)
    add_samples(page)
    session_ends(page)
    sign_up(page)
    add_samples(page)
    begin_a_question(page)

    session_ends(page)
    page.goto("/ask/")
    sign_in_as(page, email)

    expect(page.get_by_label("Your question", exact=True)).to_have_value("")
    assert drafts_kept(page) == []


def drafts_kept(page: Page) -> list[str]:
    return [name for name in page.evaluate("Object.keys(sessionStorage)") if name.startswith("draft:")]


def session_ends(page: Page) -> None:
    page.context.clear_cookies(name="glossa_session")


def begin_a_question(page: Page) -> None:
    page.goto("/ask/")
    page.get_by_label("Your question", exact=True).fill(QUESTION)


def expect_the_question(page: Page) -> None:
    expect(page.get_by_label("Your question", exact=True)).to_have_value(QUESTION)
