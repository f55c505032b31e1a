"""Every page there is, full of things: nothing that axe finds, in light and in dark, on a desk and on a phone."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, StorageState, ViewportSize, expect

from tests.journeys.browsing import PATIENCE_MS, findings, sideways, sign_in
from tests.journeys.conftest import watched
from tests.journeys.lived_in import STRANGERS, LivedIn, furnish
from tests.journeys.product import Product, needs_chromium, started

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.xdist_group("every page"), needs_chromium]

PAGES = sorted(LivedIn({}, "", "", "", "").pages)
DESK: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 360, "height": 740}
ALLOWED_KB = 120
# What the browser says of an address that is not there.
MISSING = "status of 404"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """An installation of its own: nothing else is in its library."""
    with started(tmp_path_factory.mktemp("house") / "var") as running:
        yield running


@pytest.fixture(scope="module")
def there(house: Product, tmp_path_factory: pytest.TempPathFactory) -> LivedIn:
    return furnish(house, tmp_path_factory.mktemp("papers"))


@pytest.fixture(scope="module")
def signed_in(browser: Browser, house: Product, there: LivedIn) -> StorageState:
    context = browser.new_context(base_url=house.url)
    page = context.new_page()
    sign_in(page, house)
    page.goto("/map/")
    expect(page.locator("[data-atlas]")).to_be_visible(timeout=4 * PATIENCE_MS)
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def desk(browser: Browser, house: Product, signed_in: StorageState) -> Iterator[Page]:
    context = browser.new_context(base_url=house.url, storage_state=signed_in, reduced_motion="reduce", viewport=DESK)
    yield from _looking(context, house)


@pytest.fixture
def stranger(browser: Browser, house: Product) -> Iterator[Page]:
    context = browser.new_context(base_url=house.url, reduced_motion="reduce", viewport=DESK)
    yield from _looking(context, house)


def _looking(context: BrowserContext, house: Product) -> Iterator[Page]:
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    faults = watched(page, house)
    yield page
    context.close()
    assert [one for one in faults if MISSING not in one] == []


# Whether a mouse that is over the way home would find it there.
WAY_HOME_IS_CLEAR = """() => {
  scrollTo(0, 0);
  const home = document.querySelector("header a, #site-name a");
  const { x, y, width, height } = home.getBoundingClientRect();
  return home.contains(document.elementFromPoint(x + width / 2, y + height / 2));
}"""


def wrong(page: Page, address: str) -> list[str]:
    """What is wrong with the page at this address, on a desk and on a phone."""
    found = []
    for size in (DESK, PHONE):
        page.set_viewport_size(size)
        page.goto(address)
        found += [*findings(page), *sideways(page)]
        if not page.evaluate(WAY_HOME_IS_CLEAR):
            found.append(f"something lies over the way home at {size['width']} pixels")
    return found


@pytest.mark.parametrize("name", PAGES)
def test_of_its_owner(desk: Page, there: LivedIn, name: str) -> None:
    assert wrong(desk, there.pages[name]) == []


@pytest.mark.parametrize("name", sorted(STRANGERS))
def test_of_a_stranger(stranger: Page, name: str) -> None:
    assert wrong(stranger, STRANGERS[name]) == []


def test_the_library_weighs_little(desk: Page) -> None:
    """Styles and scripts as they come over the wire."""
    weights: list[int] = []

    def on_finished(request: Request) -> None:
        if re.search(r"\.(css|js)(\?|$)", request.url):
            weights.append(request.sizes()["responseBodySize"])

    desk.on("requestfinished", on_finished)
    desk.goto("/documents/?view=grid", wait_until="networkidle")

    assert len(weights) > 10
    assert sum(weights) <= ALLOWED_KB * 1024
