"""Documents put in and read at once, for search to find."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from accounts.models import User
from documents import actions
from documents.models import Document
from documents.search.passages import Found

Commit = Callable[[], AbstractContextManager[Any]]
Shelve = Callable[..., Document]


def shelver(commit: Commit) -> Shelve:
    def shelve(owner: User, title: str, content: str) -> Document:
        with commit():
            document = actions.upload_text(owner=owner, title=title, content=content).document
        return Document.objects.get(pk=document.pk)

    return shelve


def titles(found: Found) -> list[str]:
    """The documents of the passages found, the best first, each once."""
    return list(dict.fromkeys(hit.title for hit in found.hits))
