"""Questions and answers, as a person sees them: asked, written before her eyes, followed to the words, kept."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.claude import MessagesAPI, Script
from tests.journeys.browsing import PATIENCE_MS, accessible, add_samples, sign_up
from tests.journeys.product import Product, needs_chromium, started
from tests.journeys.test_analyses_in_a_browser import with_samples

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.xdist_group("product"), needs_chromium]

RENT = "How much is the rent?"


def ask(page: Page, question: str, label: str = "Your question") -> None:
    page.get_by_label(label, exact=True).fill(question)
    page.keyboard.press("Enter")


def answered(page: Page, text: str | re.Pattern[str] = re.compile("statements? verified")) -> None:
    expect(page.locator(".turn").last.get_by_text(text)).to_be_visible(timeout=PATIENCE_MS)


def test_a_question_over_everything_is_answered_and_its_mark_opens_the_document_beside_it(page: Page) -> None:
    with_samples(page)
    page.get_by_role("link", name="Ask", exact=True).click()
    accessible(page)
    ask(page, RENT)
    answered(page)
    expect(page.get_by_text("The rent is €1,180 a month", exact=False).first).to_be_visible()
    accessible(page)

    mark = page.locator(".turn a.tie").first
    mark.hover()
    expect(page.get_by_role("tooltip")).to_contain_text("The rent is €1,180")
    expect(page.get_by_role("tooltip")).to_contain_text("Tenancy agreement (sample)")
    mark.click()
    pane = page.get_by_role("complementary", name="The document that an answer cites")
    words = pane.locator("mark.cited").first
    expect(words).to_be_in_viewport()
    expect(words).to_contain_text("The rent is €1,180")
    accessible(page)
    words.click()
    expect(mark).to_be_focused()
    mark.press("Enter")
    expect(pane).to_be_focused()
    page.keyboard.press("Escape")
    expect(pane).to_be_hidden()
    expect(mark).to_be_focused()

    ask(page, "Who was the emperor of Austria in 1848?", "Your next question")
    answered(page, "Not in your documents.")
    expect(page.get_by_label("Your next question")).to_have_value("")
    page.reload()
    expect(page.locator(".turn")).to_have_count(2)
    page.get_by_role("link", name="Rename").click()
    page.get_by_label("Title").fill("What we pay")
    page.get_by_role("button", name="Rename").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Markdown").click()
    assert "The rent is €1,180" in download.value.path().read_text()

    page.get_by_role("link", name="Ask", exact=True).first.click()
    page.get_by_label("Words of a title or a question").press_sequentially("emperor")
    expect(page.get_by_role("link", name="What we pay")).to_be_visible()
    page.get_by_role("link", name="What we pay").click()
    page.get_by_role("link", name="Delete").click()
    page.get_by_role("button", name="Delete it").click()
    expect(page.get_by_text("“What we pay” is deleted.")).to_be_visible()


def test_in_the_reader_words_and_answer_are_tied_both_ways(page: Page) -> None:
    with_samples(page)
    page.get_by_role("link", name="Tenancy agreement (sample)").click()
    page.get_by_label("What to do with the document").get_by_role("link", name="Ask").click()
    accessible(page)
    ask(page, "When does the tenancy begin?")
    answered(page)
    accessible(page)

    mark = page.locator(".turn a.tie").first
    mark.click()
    words = page.locator("article mark.cited").first
    expect(words).to_contain_text("The tenancy begins on 1 April 2026")
    expect(words).to_have_class(re.compile("lit"))
    page.keyboard.press("Enter")
    expect(mark).to_be_focused()

    ask(page, RENT, "Your next question")
    expect(page.locator(".turn")).to_have_count(2)
    answered(page)
    expect(page.locator("article mark.cited")).to_have_count(2)
    expect(page.locator("a.gloss")).to_have_text(["1", "2"])
    page.get_by_role("link", name="A new question").click()
    expect(page.locator(".turn")).to_have_count(0)
    page.get_by_role("navigation", name="Asked about this document").get_by_role("link").first.click()
    expect(page.locator(".turn")).to_have_count(2)


def test_without_a_script_a_question_is_asked_and_answered(browser: Browser, page: Page) -> None:
    with_samples(page)
    state, address = page.context.storage_state(), page.url.partition("/documents/")[0]
    context = browser.new_context(java_script_enabled=False, storage_state=state)
    plain = context.new_page()

    plain.goto(f"{address}/ask/")
    plain.get_by_label("Some of them").check()
    plain.get_by_label("Words of a title").fill("tenancy")
    plain.get_by_role("button", name="Show").click()
    plain.get_by_role("checkbox", name="Tenancy agreement").check()
    plain.get_by_label("Your question").fill(RENT)
    plain.get_by_role("button", name="Ask", exact=True).click()
    while plain.get_by_role("link", name="Look again").count():
        plain.get_by_role("link", name="Look again").click()
    expect(plain.get_by_text("1 of 1 statement verified")).to_be_visible()
    plain.locator("a.tie").first.click()

    expect(plain.locator("mark.cited").first).to_be_in_viewport()
    context.close()


def test_a_question_of_each_document_has_every_one_accounted_for(page: Page) -> None:
    with_samples(page)
    page.goto("/ask/")
    page.get_by_label("Ask each document by itself").check()
    ask(page, "Which documents say how much the rent is?")
    answered(page, "3 of 3 documents examined")
    accessible(page)

    page.locator(".turn a.tie").first.click()
    expect(page.get_by_role("complementary").locator("mark.cited").first).to_be_in_viewport()
    page.get_by_role("link", name="All 3 documents one by one").click()
    expect(page.get_by_role("row")).to_have_count(4)
    accessible(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    assert "Tenancy agreement (sample)" in download.value.path().read_text("utf-8-sig")
    page.get_by_role("link", name="The answer").click()
    answered(page, "3 of 3 documents examined")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_fit_a_phone_and_the_mark_leads_into_the_reader(page: Page, scheme: str) -> None:
    with_samples(page)
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.set_viewport_size({"width": 360, "height": 740})

    def fits() -> None:
        accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360

    page.goto("/ask/")
    fits()
    ask(page, RENT)
    answered(page)
    fits()
    page.locator(".turn a.tie").first.click()
    expect(page).to_have_url(re.compile(r"/documents/.+conversation="))
    expect(page.locator("mark.cited").first).to_be_in_viewport()
    fits()


@pytest.fixture(scope="module")
def api() -> Iterator[MessagesAPI]:
    with MessagesAPI() as api:
        yield api


@pytest.fixture(scope="module")
def with_claude(api: MessagesAPI, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The product with a model that writes."""
    var = tmp_path_factory.mktemp("claude") / "var"
    with started(var, AI_BASE_URL=api.url, ANTHROPIC_API_KEY=api.api_key, AI_PROVIDER="claude") as running:
        yield running


@pytest.fixture
def writer(browser: Browser, with_claude: Product, api: MessagesAPI) -> Iterator[Page]:
    context = browser.new_context(base_url=with_claude.url, reduced_motion="reduce")
    page = context.new_page()
    # Another product is starting beside the first one.
    page.set_default_timeout(4 * PATIENCE_MS)
    api.go_on.clear()
    yield page
    api.go_on.set()
    context.close()


def test_an_answer_is_written_before_one_s_eyes_and_goes_on_after_a_reload(writer: Page, api: MessagesAPI) -> None:
    with_samples(writer)
    api.script.append(Script(waits=True))
    writer.goto("/ask/")
    ask(writer, RENT)
    words = writer.locator("[data-words]")
    expect(words).not_to_be_empty(timeout=PATIENCE_MS)
    expect(writer.get_by_text("Writing …")).to_be_visible()
    accessible(writer)
    half = words.inner_text()

    writer.reload()
    expect(words).to_contain_text(half[:20])
    api.go_on.set()

    answered(writer)
    expect(words).to_have_count(0)
    expect(writer.locator(".turn a.tie").first).to_be_visible()
    expect(writer.get_by_text(re.compile(r"tokens read"))).to_be_visible()


SHIFTS = """() => {
  window.shifted = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const moved = entry.sources.map(({node, previousRect, currentRect}) =>
        `${node?.className ?? node} ${previousRect.top} to ${currentRect.top}`);
      if (!entry.hadRecentInput) window.shifted.push([entry.value, ...moved]);
    }
  }).observe({type: "layout-shift", buffered: true});
}"""


@pytest.mark.parametrize("width", [1440, 360])
def test_nothing_jumps_while_an_answer_is_written(writer: Page, api: MessagesAPI, width: int) -> None:
    with_samples(writer)
    writer.set_viewport_size({"width": width, "height": 800})
    api.script.append(Script(waits=True))
    writer.goto("/ask/")
    ask(writer, RENT)
    expect(writer.locator(".turn")).to_have_count(1)
    writer.evaluate(SHIFTS)
    expect(writer.locator("[data-words]")).not_to_be_empty(timeout=PATIENCE_MS)

    api.go_on.set()
    answered(writer)

    shifted = writer.evaluate("window.shifted")
    assert sum(value for value, *_ in shifted) < 0.02, shifted  # a page counts as calm below 0.1


def test_an_answer_is_stopped_and_asked_for_again(writer: Page, api: MessagesAPI) -> None:
    with_samples(writer)
    api.script.append(Script(waits=True))
    writer.goto("/ask/")
    ask(writer, RENT)
    expect(writer.locator("[data-words]")).not_to_be_empty(timeout=PATIENCE_MS)

    writer.get_by_role("button", name="Stop").click()
    expect(writer.get_by_text(re.compile("Stopped: none of this was verified|Stopped before"))).to_be_visible()
    accessible(writer)
    api.go_on.set()
    writer.get_by_role("button", name="Try again").click()

    answered(writer)


def test_a_model_that_is_away_is_waited_for(writer: Page, api: MessagesAPI) -> None:
    sign_up(writer)
    add_samples(writer)
    api.script.append(Script(status=529))
    writer.goto("/ask/")

    ask(writer, RENT)

    expect(writer.get_by_text("It goes on by itself.")).to_be_visible(timeout=PATIENCE_MS)
    verified = writer.locator(".turn").get_by_text(re.compile("statements? verified"))
    expect(verified).to_be_visible(timeout=4 * PATIENCE_MS)
