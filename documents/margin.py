"""Notes keep to their words when a document is read again."""

from uuid import UUID

from documents.models import Note
from documents.search import within


def follow(document: UUID, text: str, sha256: str) -> None:
    """Puts each note where its words stand in the new text, the nearest place if there are several. Those whose words
    are no longer there stay as they were, with the mark of the old text."""
    moved = []
    for note in Note.objects.filter(document=document).exclude(content_sha256=sha256):
        span = within.nearest(text, note.quote, note.start)
        if span is not None:
            note.start, note.end, note.content_sha256 = span.start, span.end, sha256
            note.quote = text[span.start : span.end]
            moved.append(note)
    Note.objects.bulk_update(moved, ["start", "end", "quote", "content_sha256"])
