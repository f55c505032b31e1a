"""How soon pages are painted, how still they stand, what they weigh: a library lived in, a document of 2,000 pages,
then 10,000 documents.

    .venv/bin/python -m benchmarks.pages

Chromium on the same machine, over loopback, against the product with its embedded servers. `first paint` is the
browser's first contentful paint, `answer` when the first byte of the page came, both in ms since the navigation began;
the median of SEVEN. `shift` is the sum of layout shifts, `KB` what styles and scripts weigh as they come over the wire.
A cold visit has an empty cache, a warm one comes from another page.
"""

import json
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, StorageState, sync_playwright

from tests.journeys.browsing import sign_in
from tests.journeys.lived_in import furnish
from tests.journeys.product import CHROMIUM, Product, started
from tests.reading.files import Sheet, Text, pdf

SEVEN = 7
SETTLED_MS = 500
PAGES = ("library", "grid", "filtered", "reader", "answer", "search", "map", "usage", "account", "admin")
MANY = 10_000
MANY_PAGES = 2_000
LOOK = """() => new Promise((done) => {
  let shift = 0;
  new PerformanceObserver((list) => { for (const one of list.getEntries()) shift += one.value; })
    .observe({ type: "layout-shift", buffered: true });
  const sent = performance.getEntriesByType("resource").filter((one) => /\\.(css|js)/.test(one.name));
  setTimeout(() => done({
    paint: performance.getEntriesByName("first-contentful-paint")[0].startTime,
    answer: performance.getEntriesByType("navigation")[0].responseStart,
    shift,
    kb: sent.reduce((sum, one) => sum + one.encodedBodySize, 0) / 1024,
  }), 100);
})"""
FILL = """
INSERT INTO documents_document (id, owner_id, title, filename, file, sha256, size, media_type, content, content_sha256,
    language, status, progress, page_count, unread_pages, pages_read, unread, notes, hidden_text,
    depth, error_code, error, created_at, updated_at)
SELECT gen_random_uuid(), (SELECT min(id) FROM accounts_user), 'Paper ' || n, 'paper-' || n || '.txt', 'none/' || n,
    md5(n::text) || md5(n::text), 1000 + n, 'text/plain', 'The paper of day ' || n, md5(n::text), 'en', 'ready', 1, 1,
    '[]', 1, '[]', '[]', false, 0, '', '', now() - n * interval '1 hour', now()
FROM generate_series(1, 10000) n
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, started(Path(folder) / "var") as product, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        there = furnish(product, Path(folder) / "papers")
        state = signed_in(browser, product)
        for name in PAGES:
            tell(browser, product, state, name, there.pages[name])
        register = f"/documents/{long_document(product)}/"
        tell(browser, product, state, f"reader, {MANY_PAGES:,} pages", register)
        tell(browser, product, state, f"reader, page {MANY_PAGES:,}", f"{register}?page={MANY_PAGES}")
        product.rows(FILL)
        product.rows("ANALYZE documents_document")
        for name in ("library", "grid", "filtered"):
            tell(browser, product, state, name, there.pages[name], among=MANY)
        browser.close()


def signed_in(browser: Browser, product: Product) -> StorageState:
    context = browser.new_context(base_url=product.url)
    sign_in(context.new_page(), product)
    state = context.storage_state()
    context.close()
    return state


def long_document(product: Product) -> str:
    """Its id, once it is read."""
    made = pdf(*(Sheet([Text(f"House {number} has no water on Monday.")]) for number in range(1, MANY_PAGES + 1)))
    with product.api() as api:
        begun: str = api.post("/api/documents/", files={"file": ("register.pdf", made)}).json()["id"]
        while api.get(f"/api/documents/{begun}/").json()["status"] != "ready":
            time.sleep(1)
    return begun


def tell(browser: Browser, product: Product, state: StorageState, name: str, address: str, among: int = 12) -> None:
    cold = [visit(browser, product, state, address, warm=False) for _ in range(SEVEN)]
    warm = [visit(browser, product, state, address, warm=True) for _ in range(SEVEN)]
    print(
        json.dumps(
            {
                "page": name,
                "documents": among,
                "first paint, cold": round(statistics.median(one["paint"] for one in cold)),
                "worst": round(max(one["paint"] for one in cold)),
                "first paint, warm": round(statistics.median(one["paint"] for one in warm)),
                "answer, warm": round(statistics.median(one["answer"] for one in warm)),
                "shift": round(max(one["shift"] for one in [*cold, *warm]), 4),
                "KB": round(cold[0]["kb"], 1),
            }
        ),
        flush=True,
    )


def visit(browser: Browser, product: Product, state: StorageState, address: str, *, warm: bool) -> dict[str, Any]:
    context = browser.new_context(base_url=product.url, storage_state=state)
    page = context.new_page()
    if warm:
        page.goto("/ask/", wait_until="networkidle")
    page.goto(address, wait_until="load")
    page.wait_for_timeout(SETTLED_MS)
    seen: dict[str, Any] = page.evaluate(LOOK)
    context.close()
    return seen


if __name__ == "__main__":
    main()
