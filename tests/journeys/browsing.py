"""What people do in every journey through a browser, and what is looked at on every page."""

import re
import uuid

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.journeys.product import Product

PATIENCE_MS = 30_000
PASSWORD = "three old bicycles"


def sign_up(page: Page) -> str:
    """Somebody new, signed in; her address."""
    email = f"{uuid.uuid4().hex[:8]}@example.org"
    page.goto("/")
    page.get_by_role("link", name=re.compile("sign up|create", re.IGNORECASE)).first.click()
    page.locator("input[type=email]").fill(email)
    page.locator("input[name=password1]").fill(PASSWORD)
    page.locator("input[name=password2]").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button").first.click()
    expect(page.get_by_role("heading", name="Library")).to_be_visible()
    return email


def sign_in_as(page: Page, email: str, password: str = PASSWORD) -> None:
    """Signs in on the page that asks for it."""
    page.locator("input[type=email]").fill(email)
    page.locator("input[type=password]").fill(password)
    page.get_by_role("main").get_by_role("button").first.click()


def sign_in(page: Page, product: Product) -> None:
    page.goto("/accounts/login/")
    sign_in_as(page, product.email, product.password)
    expect(page.get_by_role("heading", name="Library")).to_be_visible()


def all_read(page: Page, count: int) -> None:
    """Waits until so many documents of the list are read; the filters beside it say "Ready" too."""
    expect(page.locator("ul.shelf").get_by_text("Ready", exact=True)).to_have_count(count, timeout=PATIENCE_MS)


def add_samples(page: Page) -> None:
    """Adds the samples to an empty library and waits until they are read."""
    page.get_by_role("button", name="Add three sample documents").click()
    all_read(page, 3)


def open_tab(page: Page, name: str) -> None:
    """Opens a tab of the panel beside a document."""
    tabs = page.get_by_role("navigation", name="What to do with the document")
    tabs.get_by_role("link", name=name).click()
    expect(tabs.locator("[aria-current]")).to_contain_text(name)


def findings(page: Page) -> list[str]:
    """What axe finds on this page, in light and in dark."""
    found = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        seen = Axe().run(page)
        if seen.violations_count:
            found.append(f"{scheme}: {seen.generate_report()}")
    return found


def accessible(page: Page) -> None:
    """Nothing that axe finds on this page, in light and in dark."""
    assert findings(page) == []


def sideways(page: Page) -> list[str]:
    """Whether the page is wider than its window."""
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [f"{page.url} scrolls sideways by {wide} pixels"] if wide > 0 else []
