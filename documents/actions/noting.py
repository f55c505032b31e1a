"""What a person writes in the margin of a document."""

from django.db import transaction

from accounts.models import User
from documents.actions.refusal import Refusal
from documents.models import Document, Note
from documents.models.notes import MOST_CHARACTERS

MOST_WORDS = 4_000  # characters of the words that a note is at


@transaction.atomic
def write_note(*, owner: User, document: Document, start: int, end: int, text: str) -> Note:
    """Keeps a person's words at a stretch of the document's text."""
    text = _said(text)
    # A reading that ends in this moment either sees the note or is seen by it.
    rows = Document.objects.visible_to(owner).select_for_update(of=("self",), no_key=True)
    found = rows.filter(pk=document.pk).only("content", "content_sha256").first()
    if found is None:
        raise Refusal("This document has just been deleted.", code="not_found", status=404)
    if not 0 <= start < end <= len(found.content):
        raise Refusal("These words are not in the document. Choose them again.", code="no_such_words")
    if end - start > MOST_WORDS:
        raise Refusal(f"A note is at up to {MOST_WORDS:,} characters. Choose fewer words.", code="too_many_words")
    return Note.objects.create(
        owner=owner,
        document=found,
        start=start,
        end=end,
        quote=found.content[start:end],
        text=text,
        content_sha256=found.content_sha256,
    )


def change_note(*, note: Note, text: str) -> None:
    """Writes a note anew; it stays at its words."""
    note.text = _said(text)
    note.save(update_fields=["text", "updated_at"])


def remove_note(*, note: Note) -> None:
    Note.objects.filter(pk=note.pk).delete()


def _said(text: str) -> str:
    text = text.replace("\x00", "").replace("\r\n", "\n").strip()
    if not text:
        raise Refusal("There is nothing in the note. Write some words.", code="empty_note")
    if len(text) > MOST_CHARACTERS:
        raise Refusal(f"A note has up to {MOST_CHARACTERS:,} characters. Make two of it.", code="note_too_long")
    return text
