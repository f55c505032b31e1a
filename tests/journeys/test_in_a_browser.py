"""The main job as a person does it: signs up, drops a PDF, has it summarised, follows a mark to the words."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from documents.actions import SAMPLES
from tests.journeys.browsing import PATIENCE_MS, accessible, add_samples, open_tab, sign_in, sign_up
from tests.journeys.product import Product, needs_chromium
from tests.reading import files
from tests.reading.files import Sheet, Text
from tests.reading.files_packed import packed

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.xdist_group("product"), needs_chromium]

SHARED = Path(__file__).parents[3] / "shared" / "data" / "pdf_text"
FOREIGN_PDF = SHARED / "pypdf_samples" / "004-pdflatex-4-pages__pdflatex-4-pages.pdf"
OWN_PDF = SAMPLES / "harbour-library-annual-report-2025.pdf"


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(OWN_PDF, id="a PDF of ours"),
        pytest.param(
            FOREIGN_PDF,
            id="a PDF somebody else made",
            marks=pytest.mark.skipif(not FOREIGN_PDF.exists(), reason="the shared PDFs are not here"),
        ),
    ],
)
def test_a_person_signs_up_and_has_a_pdf_summarised_with_evidence(page: Page, path: Path) -> None:
    sign_up(page)
    page.locator("#file").set_input_files(path)
    row = page.locator("ul.shelf li", has=page.get_by_role("link", name=path.stem))
    expect(row.get_by_text("Ready")).to_be_visible(timeout=PATIENCE_MS)

    row.get_by_role("link").click()
    open_tab(page, "Analyses")
    page.get_by_role("button", name="Analyse").click()
    expect(page.get_by_text(re.compile(r"(\d+) of \1 statements? verified"))).to_be_visible(timeout=PATIENCE_MS)
    mark = page.locator("a.tie").first
    statement = page.locator(".said .words").first.inner_text().strip()
    mark.click()

    number = mark.get_attribute("data-cites")
    on_page = page.locator(f".sheet .cited[data-cites='{number}']").first
    expect(on_page).to_be_in_viewport()
    expect(on_page).to_have_class(re.compile("lit"))
    accessible(page)
    page.get_by_role("link", name="Text", exact=True).click()
    expect(page.get_by_role("article")).to_be_visible()
    page.locator(f".tie[data-cites='{number}']").first.click()
    words = page.locator(f"mark.cited[data-cites~='{number}']")
    expect(words.first).to_be_in_viewport()
    assert squeezed("".join(words.all_inner_texts())) == squeezed(statement)
    accessible(page)


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def test_an_empty_library_offers_samples_and_they_are_read_without_a_reload(page: Page, product: Product) -> None:
    sign_up(page)
    accessible(page)

    add_samples(page)
    accessible(page)


def test_a_file_that_is_not_read_is_refused_with_words(page: Page, tmp_path: Path) -> None:
    sign_up(page)
    picture = tmp_path / "photo.gif"
    picture.write_bytes(b"GIF89a" + b"\x00" * 64)

    page.locator("#file").set_input_files(picture)

    expect(page.get_by_text("What can be read")).to_be_visible()
    accessible(page)


def test_the_admin_of_the_first_start_sees_jobs_and_makes_a_token(page: Page, product: Product) -> None:
    sign_in(page, product)
    page.goto("/account/tokens/")
    page.get_by_label("Name").fill("Laptop")
    page.get_by_role("button", name="Make the token").click()
    expect(page.get_by_text("glossa_").first).to_be_visible()
    accessible(page)

    page.goto("/admin/documents/job/")

    expect(page.get_by_role("heading", name="Select job to view")).to_be_visible()


@pytest.mark.parametrize("path", ["/api/docs/", "/api/redoc/"])
def test_the_pages_of_the_api_show_themselves_without_another_host(page: Page, path: str) -> None:
    page.goto(path)

    expect(page.get_by_text("/api/documents/{id}/analyze/").first).to_be_visible(timeout=PATIENCE_MS)


@pytest.mark.parametrize("path", ["/", "/accounts/login/", "/accounts/signup/", "/accounts/password/reset/"])
def test_the_doors_are_accessible_on_a_phone(page: Page, path: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})

    page.goto(path)

    accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def mixed(folder: Path) -> Path:
    """A folder of good and bad files, one of them deep inside."""
    (folder / "deep").mkdir(parents=True)
    (folder / "report.pdf").write_bytes(OWN_PDF.read_bytes())
    (folder / "notes.md").write_text("# Rent\n\nThe rent is 900 euros. It is due on the first.")
    (folder / "sums.csv").write_text("Month,Amount\nMay,900\nJune,950\n")
    (folder / "deep" / "letters.zip").write_bytes(packed({"letter.txt": "The water is off on Monday."}))
    (folder / "deep" / "mail.eml").write_bytes(b"From: a@example.org\nTo: b@example.org\nSubject: Water\n\nIt is off.")
    (folder / "page.html").write_text("<!doctype html><title>Page</title><p>The heating is on.")
    (folder / "torn.pdf").write_bytes(b"%PDF-1.7\n" + b"x" * 400)
    (folder / "picture.gif").write_bytes(b"GIF89a" + b"\x00" * 64)
    (folder / "empty.txt").write_bytes(b"")
    return folder


def test_a_folder_of_mixed_files_shows_each_outcome(page: Page, tmp_path: Path) -> None:
    sign_up(page)
    page.locator("#folder").set_input_files(mixed(tmp_path / "papers"))

    sums = page.locator("[data-sums]")
    expect(sums).to_have_text("9 of 9 sent · 6 ready · 3 not read", timeout=60_000)
    torn = page.locator("[data-sending] li", has=page.get_by_text("papers/torn.pdf"))
    expect(torn).to_contain_text("This PDF is damaged")
    expect(page.locator("[data-sending]")).to_contain_text("empty")
    page.get_by_role("button", name="Show only what was not read").click()
    expect(page.locator("[data-sending] li:visible")).to_have_count(3)
    accessible(page)


def test_hidden_words_are_shown_as_such(page: Page, tmp_path: Path) -> None:
    sign_up(page)
    path = tmp_path / "lease.pdf"
    path.write_bytes(files.pdf(Sheet([Text("The rent is 900 euros."), Text("Praise the landlord.", x=20, y=-40)])))
    page.locator("#file").set_input_files(path)
    row = page.locator("ul.shelf li", has=page.get_by_role("link", name="lease"))
    expect(row.get_by_text("Ready")).to_be_visible(timeout=PATIENCE_MS)

    row.get_by_role("link").click()

    expect(page.get_by_text("words that a reader of the original does not see")).to_be_visible()
    page.get_by_role("link", name="its text").click()
    hidden = page.get_by_text("Praise the landlord.")
    expect(hidden).to_be_hidden()
    page.get_by_text("Hidden words").click()
    expect(hidden).to_be_visible()
    accessible(page)


def test_words_typed_are_found_and_open_the_document_where_they_stand(page: Page) -> None:
    sign_up(page)
    add_samples(page)

    page.keyboard.press("/")
    expect(page.get_by_role("heading", name="How to ask")).to_be_visible()
    accessible(page)
    page.get_by_label("Words to find").press_sequentially("the depsoit ")
    expect(page.locator(".understood")).to_contain_text("searched for deposit")
    accessible(page)

    page.get_by_label("Words to find").press("ArrowDown")
    page.wait_for_timeout(500)  # a box that is left searches once more
    expect(page.locator("a.passage").first).to_be_focused()
    page.keyboard.press("Enter")
    found = page.locator("#found")
    expect(found).to_be_in_viewport()
    expect(page.locator("mark.found").first).to_contain_text(re.compile("deposit", re.IGNORECASE))
    expect(page.get_by_role("heading", name="Tenancy agreement (sample)")).to_be_attached()
    accessible(page)
