"""What becomes of notes when a document is read again."""

import pytest

from accounts.models import User
from documents import actions, margin
from documents.models import Document, Note
from documents.search import within
from tests.library import Commit

TEXT = "The rent is due. The deposit is due. The rent is low."


@pytest.fixture
def document(alice: User) -> Document:
    made = actions.upload_text(owner=alice, title="Lease", content=TEXT).document
    Document.objects.filter(pk=made.pk).update(content=TEXT, content_sha256="old")
    return Document.objects.get(pk=made.pk)


def note_at(document: Document, start: int, end: int) -> Note:
    return actions.write_note(owner=document.owner, document=document, start=start, end=end, text="Look here.")


def test_a_note_goes_with_its_words(document: Document) -> None:
    note = note_at(document, 17, 36)

    margin.follow(document.pk, f"A new first line. {TEXT}", "new")

    note.refresh_from_db()
    assert (note.start, note.end, note.quote, note.content_sha256) == (35, 54, "The deposit is due.", "new")


def test_of_several_places_it_takes_the_nearest(document: Document) -> None:
    second = note_at(document, 37, 45)

    margin.follow(document.pk, f"{TEXT} The rent again.", "new")

    second.refresh_from_db()
    assert second.start == 37


def test_words_that_break_otherwise_are_the_same_words(document: Document) -> None:
    note = note_at(document, 17, 36)

    margin.follow(document.pk, "The rent is due. The de-\nposit\nis due.", "new")

    note.refresh_from_db()
    assert note.quote == "The de-\nposit\nis due."


def test_a_note_whose_words_are_gone_is_kept_and_found_again_later(document: Document) -> None:
    note = note_at(document, 17, 36)

    margin.follow(document.pk, "Nothing of it.", "new")
    note.refresh_from_db()
    lost = note.content_sha256
    margin.follow(document.pk, TEXT, "newer")

    note.refresh_from_db()
    assert (lost, note.content_sha256, note.start) == ("old", "newer", 17)


def test_reading_again_carries_the_notes_along(notice: Document, commit: Commit) -> None:
    note = note_at(notice, 2, 8)
    Note.objects.filter(pk=note.pk).update(content_sha256="another text", start=40, end=46)

    with commit():
        actions.read_again(document=notice)

    note.refresh_from_db()
    assert (note.start, note.content_sha256) == (notice.content.index(note.quote), notice.content_sha256)


@pytest.mark.parametrize(
    ("wanted", "text", "found"),
    [
        ("strasse", "Die Straße.", "Straße"),
        ("CAFE", "Le café\u0301 noir", "café"),
        ("café", "cafe", "cafe"),
        ("the contract", "the\n con-\n tract", "the\n con-\n tract"),
        ("contract", "con\u00adtract", "con\u00adtract"),
        ("it's", "it’s", "it’s"),
        ("a.b*", "aXb a.b*", "a.b*"),
        ("file", "ﬁle", "ﬁle"),
    ],
)
def test_words_are_found_as_a_reader_means_them(wanted: str, text: str, found: str) -> None:
    (span,) = within.occurrences(text, wanted)

    assert text[span.start : span.end] == found


@pytest.mark.parametrize("wanted", ["", "  ", "absent", "\u0301"])
def test_no_words_are_found_nowhere(wanted: str) -> None:
    assert within.occurrences("Some text", wanted) == ()
