"""Takes pictures of the product itself, started afresh.

make screenshots                      those that the README shows, into docs/screenshots
python scripts/screenshots.py FOLDER  every page, both sizes, light and dark
"""

import re
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.journeys.product import CHROMIUM, Product, started  # noqa: E402 - the path comes first

PUBLISHED = {
    "search-desktop-light",
    "timeline-desktop-light",
    "answer-desktop-light",
    "answer-desktop-dark",
    "run-desktop-light",
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
        places = prepared(page) | {"run": run(product), "answer": answer(page)}
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
                take(context.new_page(), places, f"{size}-{scheme}")
                context.close()
        browser.close()


def signed_in(browser: Browser, product: Product) -> Page:
    page = browser.new_context(base_url=product.url).new_page()
    page.goto("/accounts/login/")
    page.locator("input[type=email]").fill(product.email)
    page.locator("input[type=password]").fill(product.password)
    page.get_by_role("main").get_by_role("button").first.click()
    return page


def prepared(page: Page) -> dict[str, str]:
    """A library with the samples, two of them analysed; the addresses of these."""
    page.get_by_role("button", name="Add three sample documents").click()
    expect(page.get_by_text("Ready", exact=True)).to_have_count(3, timeout=PATIENCE_MS)
    return {"timeline": analysed(page, "Tenancy", "Dates and deadlines"), "reader": analysed(page, "report", "Summary")}


def analysed(page: Page, title: str, recipe: str) -> str:
    page.goto("/documents/")
    page.get_by_role("link", name=re.compile(title)).click()
    page.get_by_label("What to do with the document").get_by_role("link", name="Analyses").click()
    page.locator(".ask").get_by_label(recipe, exact=True).check()
    page.get_by_role("button", name="Analyse", exact=True).click()
    expect(page.get_by_text(re.compile("statements verified"))).to_be_visible(timeout=PATIENCE_MS)
    return page.url


def answer(page: Page) -> str:
    page.goto("/ask/")
    page.get_by_label("Your question").fill("How many visits did the library have in 2025?")
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.get_by_text("claim verified")).to_be_visible(timeout=PATIENCE_MS)
    return page.url


def run(product: Product) -> str:
    """The address of a run over all documents, which has ended."""
    fields = {
        "rent": {"type": "number", "description": "monthly rent"},
        "begins": {"type": "string", "format": "date", "description": "when the tenancy begins"},
        "landlord": {"type": "string", "description": "name of the landlord"},
        "visits": {"type": "number", "description": "visits to the library in 2025"},
    }
    with product.api() as api:
        documents = [one["id"] for one in api.get("/api/documents/").json()["results"]]
        asked = {"documents": documents, "name": "Rents and visits", "schema": {"type": "object", "properties": fields}}
        key = api.post("/api/runs/", json=asked).json()["id"]
        while (now := api.get(f"/api/runs/{key}/").json())["done"] + now["failed"] < now["total"]:
            time.sleep(0.5)
    return f"/runs/{key}/"


def take(page: Page, places: dict[str, str], name: str) -> None:
    signed_in = {
        "library": "/documents/",
        **places,
        "ask": "/ask/",
        "recipes": "/recipes/",
        "recipe": "/recipes/new/",
        "analyses": "/analyses/",
        "new_run": "/analyses/new/",
        "search": "/search/?q=notice+period+of+the+tenant",
        "usage": "/usage/",
        "tokens": "/account/tokens/",
    }
    for view, address in signed_in.items():
        page.goto(address)
        if view == "reader":
            page.locator("a.tie").nth(1).click()
            page.wait_for_timeout(300)
        if view == "answer" and name.startswith("desktop"):
            page.locator("a.tie").first.click()
            expect(page.locator(".page-picture img")).to_have_js_property("complete", True)
            page.wait_for_timeout(500)
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
