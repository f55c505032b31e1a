"""Takes pictures of the product itself, started afresh.

make screenshots                      those that the README shows, into docs/screenshots
python scripts/screenshots.py FOLDER  every page, both sizes, light and dark
"""

import re
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.journeys.product import CHROMIUM, Product, started  # noqa: E402 - the path comes first

PUBLISHED = {
    "search-desktop-light",
    "reader-desktop-light",
    "reader-desktop-dark",
    "reader-phone-light",
    "library-desktop-light",
}
FOLDER = Path(sys.argv[1]) if sys.argv[1:] else ROOT / "docs" / "screenshots"
SIZES = {"desktop": (1440, 900), "phone": (390, 844)}
PATIENCE_MS = 60_000


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, started(Path(folder) / "var") as product, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = signed_in(browser, product)
        reader = prepared(page)
        state = page.context.storage_state()
        for scheme in ("light", "dark"):
            for size, (width, height) in SIZES.items():
                context = browser.new_context(
                    base_url=product.url,
                    storage_state=state,
                    color_scheme=scheme,
                    viewport={"width": width, "height": height},
                    reduced_motion="reduce",
                )
                take(context.new_page(), reader, f"{size}-{scheme}")
                context.close()
        browser.close()


def signed_in(browser: Browser, product: Product) -> Page:
    page = browser.new_context(base_url=product.url).new_page()
    page.goto("/accounts/login/")
    page.locator("input[type=email]").fill(product.email)
    page.locator("input[type=password]").fill(product.password)
    page.get_by_role("main").get_by_role("button").first.click()
    return page


def prepared(page: Page) -> str:
    """A library with the samples, one of them summarised; the address of that one."""
    page.get_by_role("button", name="Add three sample documents").click()
    expect(page.get_by_text("Ready", exact=True)).to_have_count(3, timeout=PATIENCE_MS)
    page.get_by_role("link", name="annual report").click()
    page.get_by_role("button", name="Analyse").click()
    expect(page.get_by_text(re.compile("statements verified"))).to_be_visible(timeout=PATIENCE_MS)
    return page.url


def take(page: Page, reader: str, name: str) -> None:
    signed_in = {
        "library": "/documents/",
        "reader": reader,
        "search": "/search/?q=notice+period+of+the+tenant",
        "usage": "/usage/",
        "tokens": "/account/tokens/",
    }
    for view, address in signed_in.items():
        page.goto(address)
        if view == "reader":
            page.locator("a.tie").nth(1).click()
            page.wait_for_timeout(300)
        save(page, f"{view}-{name}")
    page.context.clear_cookies()
    for view, address in {"home": "/", "login": "/accounts/login/", "signup": "/accounts/signup/"}.items():
        page.goto(address)
        save(page, f"{view}-{name}")


def save(page: Page, name: str) -> None:
    if sys.argv[1:] or name in PUBLISHED:
        page.screenshot(path=FOLDER / f"{name}.png")


if __name__ == "__main__":
    main()
