"""A folder put into a library from the command line."""

import io
from pathlib import Path

import docx
import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from documents.models import Document, Status
from tests.library import LETTER, Commit
from tests.reading.files import docx_bytes

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two files that can be read, one of them deep inside, one that cannot, and a hidden one."""
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / ".git").mkdir()
    (tmp_path / "notice.md").write_text(LETTER)
    (tmp_path / "deep" / "er" / "sums.csv").write_text("Month,Amount\nMay,900\n")
    (tmp_path / "sound.mp3").write_bytes(b"ID3" + bytes(90))
    (tmp_path / ".git" / "config").write_text("hidden")
    return tmp_path


def imported(folder: Path, owner: str, commit: Commit) -> str:
    out = io.StringIO()
    with commit():
        call_command("import_documents", str(folder), owner=owner, stdout=out, stderr=io.StringIO())
    return out.getvalue()


def test_every_file_of_a_folder_is_put_in(folder: Path, alice: User, commit: Commit) -> None:
    told = imported(folder, alice.email, commit)

    documents = Document.objects.filter(owner=alice)
    assert {document.filename for document in documents} == {"notice.md", "sums.csv"}
    assert {document.status for document in documents} == {Status.READY}
    assert "2 put in, 0 there already, 1 not read." in told
    assert "sound.mp3: " in told


def test_a_second_time_puts_in_nothing(folder: Path, alice: User, commit: Commit) -> None:
    imported(folder, alice.email, commit)

    told = imported(folder, alice.email, commit)

    assert "0 put in, 2 there already, 1 not read." in told
    assert Document.objects.count() == 2


def test_what_was_begun_is_gone_on_with(folder: Path, alice: User, commit: Commit) -> None:
    imported(folder / "deep", alice.email, commit)

    assert "1 put in, 1 there already" in imported(folder, alice.email, commit)


def test_what_failed_before_is_told_with_its_reason(folder: Path, alice: User, commit: Commit) -> None:
    (folder / "lease.docx").write_bytes(docx_bytes(docx.Document())[:-200])
    first = imported(folder, alice.email, commit)
    reason = Document.objects.get(filename="lease.docx").error

    told = imported(folder, alice.email, commit)

    assert "3 put in, 0 there already, 1 not read." in first
    assert "0 put in, 2 there already, 1 failed before, 1 not read." in told
    assert f"lease.docx: failed before. {reason}" in told


def test_the_owner_must_be_somebody(folder: Path, alice: User, commit: Commit) -> None:
    with pytest.raises(CommandError, match="Nobody logs in with"):
        imported(folder, "nobody@example.org", commit)


def test_the_folder_must_be_there(tmp_path: Path, alice: User, commit: Commit) -> None:
    with pytest.raises(CommandError, match="is no folder"):
        imported(tmp_path / "nothing", alice.email, commit)
