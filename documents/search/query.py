"""What a person writes into the search box. What is not understood is searched as it stands; nothing is an error.

words "exact phrases" -excluded title:words type:pdf before:2026-01-31 after:2025-06-01 in:"Collection" tag:word
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date

MOST_CHARACTERS = 1_000
_QUOTES = str.maketrans("“”„‟«»", '""""""')
_PIECE = re.compile(
    r"""(?P<minus>(?<!\S)-)?"(?P<phrase>[^"]*)"
    | (?<!\S)(?P<field>title|type|before|after|in|tag):(?:"(?P<quoted>[^"]+)"|(?P<value>[^\s"]+))
    | (?<!\S)-(?P<excluded>\w[^\s"]*)
    | (?P<word>[^\s"]+|")""",
    re.IGNORECASE | re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for. `words` are those that rank, with the words of phrases among them."""

    words: str = ""
    phrases: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    before: date | None = None
    after: date | None = None
    collections: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    # Whether the last word may be unfinished, as it is while somebody types.
    is_open: bool = field(default=False, compare=False)

    @property
    def is_empty(self) -> bool:
        return self == Query()


def parse(text: str) -> Query:
    """The query that this text stands for."""
    text = text.replace("\x00", " ").translate(_QUOTES)[:MOST_CHARACTERS]
    query, words = Query(), []
    for piece in _PIECE.finditer(text):
        taken = _taken(query, piece)
        if taken is None or piece["phrase"]:
            words.append(piece["phrase"] or piece.group()) if not piece["minus"] else None
        query = taken or query
    is_open = bool(text) and text[-1].isalnum()
    return replace(query, words=" ".join(word for word in words if word != '"'), is_open=is_open)


def _taken(query: Query, piece: re.Match[str]) -> Query | None:
    """The query with what is more than a word in this piece; None for a word."""
    if piece["phrase"] is not None:
        return _with_phrase(query, " ".join(piece["phrase"].split()), excluded=bool(piece["minus"]))
    if piece["excluded"]:
        return replace(query, excluded=(*query.excluded, piece["excluded"]))
    if piece["field"]:
        return _FIELDS[piece["field"].lower()](query, piece["quoted"] or piece["value"])
    return None


def _with_phrase(query: Query, phrase: str, *, excluded: bool) -> Query:
    if not phrase:
        return query
    if excluded:
        return replace(query, excluded=(*query.excluded, phrase))
    return replace(query, phrases=(*query.phrases, phrase))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _with_title(query: Query, value: str) -> Query:
    return replace(query, titles=(*query.titles, value))


def _with_type(query: Query, value: str) -> Query:
    return replace(query, types=(*query.types, value.lower().lstrip(".")))


def _before(query: Query, value: str) -> Query | None:
    day = _day(value)
    return replace(query, before=day) if day else None


def _after(query: Query, value: str) -> Query | None:
    day = _day(value)
    return replace(query, after=day) if day else None


def _inside(query: Query, value: str) -> Query:
    return replace(query, collections=(*query.collections, value))


def _tagged(query: Query, value: str) -> Query:
    return replace(query, tags=(*query.tags, value))


_FIELDS: dict[str, Callable[[Query, str], Query | None]] = {
    "title": _with_title,
    "type": _with_type,
    "before": _before,
    "after": _after,
    "in": _inside,
    "tag": _tagged,
}
