"""Takes pictures of the product itself, started afresh, with a library somebody lives in.

make screenshots                      those that the README and docs show, into docs/screenshots
python scripts/screenshots.py FOLDER  every page at three widths, light and dark
"""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, StorageState, ViewportSize, expect, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.journeys.browsing import sign_in  # noqa: E402 - the path comes first
from tests.journeys.lived_in import STRANGERS, LivedIn, furnish  # noqa: E402
from tests.journeys.product import CHROMIUM, started  # noqa: E402

PUBLISHED = {
    "grid-desktop-light",
    "reader-desktop-light",
    "reader-desktop-dark",
    "reader-phone-light",
    "answer-desktop-light",
    "timeline-desktop-light",
    "run-desktop-light",
    "search-desktop-light",
    "map-desktop-dark",
    "usage-desktop-light",
    "admin-desktop-light",
}
FOLDER = Path(sys.argv[1]) if sys.argv[1:] else ROOT / "docs" / "screenshots"
SIZES: dict[str, ViewportSize] = {
    "desktop": {"width": 1440, "height": 900},
    "tablet": {"width": 768, "height": 1024},
    "phone": {"width": 390, "height": 844},
}
PATIENCE_MS = 120_000
A_MOMENT_MS = 400


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, started(Path(folder) / "var") as product, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        there = furnish(product, Path(folder) / "papers")
        page = browser.new_context(base_url=product.url).new_page()
        sign_in(page, product)
        page.goto("/map/")
        expect(page.locator("[data-atlas]")).to_be_visible(timeout=PATIENCE_MS)
        state = page.context.storage_state()
        for scheme in ("light", "dark"):
            for size in SIZES:
                take(browser, product.url, there, state, size, scheme)
        browser.close()


def take(browser: Browser, url: str, there: LivedIn, state: StorageState, size: str, scheme: str) -> None:
    page = opened(browser, url, size, scheme, state)
    for name, address in there.pages.items():
        look(page, f"{name}-{size}-{scheme}", address)
    page.context.close()
    page = opened(browser, url, size, scheme, None)
    for name, address in STRANGERS.items():
        look(page, f"{name}-{size}-{scheme}", address)
    page.context.close()


def opened(browser: Browser, url: str, size: str, scheme: str, state: StorageState | None) -> Page:
    return browser.new_context(
        base_url=url,
        storage_state=state,
        color_scheme="dark" if scheme == "dark" else "light",
        viewport=SIZES[size],
        reduced_motion="reduce",
    ).new_page()


def look(page: Page, name: str, address: str) -> None:
    if not sys.argv[1:] and name not in PUBLISHED:
        return
    page.goto(address)
    if name.startswith("answer-desktop"):
        page.locator("a.tie").first.click()
        expect(page.locator(".page-picture img")).to_have_js_property("complete", True)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(A_MOMENT_MS)
    page.screenshot(path=FOLDER / f"{name}.png")


if __name__ == "__main__":
    main()
