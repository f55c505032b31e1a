"""An account from its first day to its last: tokens, another browser, all data taken along, and gone."""

import hashlib
import re
from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.browsing import PASSWORD, accessible, all_read, sideways, sign_in_as, sign_up
from tests.journeys.product import Product, needs_chromium

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.xdist_group("product"), needs_chromium]


@pytest.fixture
def email(page: Page) -> str:
    """Somebody new, signed in on the page."""
    return sign_up(page)


def test_a_token_is_shown_once_and_can_be_copied(page: Page, email: str, product: Product) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=product.url)
    page.goto("/account/tokens/")
    page.get_by_label("Name").fill("Nightly reports")
    page.get_by_role("button", name="Make the token").click()
    token = page.locator("#new-token").inner_text()
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    accessible(page)

    assert page.evaluate("navigator.clipboard.readText()") == token
    page.goto("/account/tokens/")
    expect(page.locator("#new-token")).to_have_count(0)
    assert token not in page.content()
    page.get_by_text("Revoke Nightly reports").click()
    page.get_by_role("button", name="Revoke it").click()
    expect(page.get_by_text("“Nightly reports” is revoked")).to_be_visible()


def test_a_double_click_and_a_reload_make_one_token(page: Page, email: str) -> None:
    page.goto("/account/tokens/")
    page.get_by_label("Name").fill("Twice")
    page.get_by_role("button", name="Make the token").dblclick()
    expect(page.locator("#new-token")).to_be_visible()
    page.reload()

    expect(page.locator(".token-list > li")).to_have_count(1)


def test_a_session_is_ended_from_another_browser(page: Page, email: str, browser: Browser, product: Product) -> None:
    elsewhere = browser.new_context(base_url=product.url).new_page()
    elsewhere.goto("/accounts/login/")
    sign_in_as(elsewhere, email)
    expect(elsewhere.get_by_role("heading", name="Library")).to_be_visible()

    page.goto("/account/sessions/")
    expect(page.locator(".seats > li")).to_have_count(2)
    page.get_by_role("button", name=re.compile("^End the session")).click()

    expect(page.get_by_text("is signed out.")).to_be_visible()
    elsewhere.goto("/documents/")
    expect(elsewhere.get_by_role("heading", name="Sign in")).to_be_visible()
    elsewhere.context.close()


def test_all_is_taken_along_and_nothing_is_left(page: Page, email: str, product: Product, tmp_path: Path) -> None:
    hers = tmp_path / "lease.txt"
    hers.write_text(f"The lease of {email} ends in March.")
    page.locator("#file").set_input_files(hers)
    all_read(page, 1)
    page.goto("/account/export/")
    with page.expect_download() as coming:
        page.get_by_role("link", name="Download the ZIP").click()
    coming.value.save_as(tmp_path / "all.zip")
    check(tmp_path / "all.zip", hers)

    page.goto("/account/delete/")
    page.get_by_label("Your e-mail address").fill(email)
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Delete everything").click()

    expect(page.get_by_text("nothing is left")).to_be_visible()
    accessible(page)
    assert sideways(page) == []
    assert email not in str(product.rows("SELECT email FROM accounts_user"))
    digest = hashlib.sha256(hers.read_bytes()).hexdigest()
    kept = [path for path in (product.var / "files").rglob("*") if path.is_file()]
    assert digest not in {hashlib.sha256(path.read_bytes()).hexdigest() for path in kept}
    page.goto("/documents/")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def check(path: Path, hers: Path) -> None:
    """Every file is there as its sum says."""
    with ZipFile(path) as pack:
        lines = pack.read("SHA256SUMS").decode().splitlines()
        for digest, _, name in (line.partition("  ") for line in lines):
            assert hashlib.sha256(pack.read(name)).hexdigest() == digest
        assert pack.read(f"originals/{hers.name}") == hers.read_bytes()
        assert len(lines) == len(pack.namelist()) - 1


def test_a_password_can_be_looked_at_while_it_is_typed(page: Page) -> None:
    page.goto("/accounts/login/")
    page.locator("input[name=password]").fill("three old")

    page.get_by_label("Show what is typed").check()

    expect(page.locator("input[name=password]")).to_have_attribute("type", "text")
    page.get_by_label("Show what is typed").uncheck()
    expect(page.locator("input[name=password]")).to_have_attribute("type", "password")
