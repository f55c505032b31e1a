"""The coverage ledger of a question to take along: every document that was to be asked, and the words it rests on."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import orjson

from documents import tables
from documents.exports import EXPORTS, Exported
from documents.models import Citation, Message
from documents.sweeps import Coverage, Row, coverage_of, rows_of
from documents.tables import plain

COLUMNS = (
    *("document", "state", "reason", "statement", "verified", "quote", "page", "place", "start", "end"),
    *("provider", "model"),
)


def export_coverage(message: Message, form: str) -> Exported:
    """What every document said, in one of the forms of `exports`."""
    chosen = EXPORTS[form]
    body = _MADE[form](message, coverage_of(message.pk), rows_of(message.pk))
    return Exported(body, chosen.media_type, f"{message.question[:80]}.{chosen.extension}")


def _as_json(message: Message, coverage: Coverage, rows: Sequence[Row]) -> bytes:
    told = {
        "message": str(message.pk),
        "question": message.question,
        "status": message.status,
        "coverage": coverage.counts,
        "documents": [_told(row) for row in rows],
    }
    return orjson.dumps(told, option=orjson.OPT_INDENT_2)


def _told(row: Row) -> dict[str, Any]:
    cited = {one.ordinal: one for one in row.citations}
    columns = ("quote", "verified", "page", "anchor", "start", "end", "boxes", "text_sha256")
    statements = [
        {
            "text": claim["text"].strip(),
            "citations": [
                {name: getattr(cited[at], name) for name in columns} for at in claim["citations"] if at in cited
            ],
        }
        for claim in row.claims
    ]
    return {
        "document": str(row.document) if row.document else None,
        "title": row.title,
        "state": row.state.value,
        "reason": row.reason,
        "provider": row.provider,
        "model": row.model,
        "statements": statements,
    }


def _as_markdown(message: Message, coverage: Coverage, rows: Sequence[Row]) -> bytes:
    counts = ", ".join(f"{name.replace('_', ' ')} {count:,}" for name, count in coverage.counts.items() if count)
    lines = [f"# {plain(message.question)}", "", counts[:1].upper() + counts[1:], ""]
    for row in rows:
        lines += [f"## {plain(row.title)}: {row.state.label.lower()}", "", *_evidence(row), ""]
    return "\n".join(lines).encode()


def _evidence(row: Row) -> Iterator[str]:
    if row.reason:
        yield plain(row.reason)
    cited = {one.ordinal: one for one in row.citations}
    for claim in row.claims:
        yield f"- {plain(claim['text'])}"
        yield from (f"  - {_quoted(cited[at])}" for at in claim["citations"] if at in cited)


def _quoted(citation: Citation) -> str:
    where = citation.anchor or (f"page {citation.page}" if citation.page else "")
    told = [f"“{plain(citation.quote)}”", *([plain(where)] if where else [])]
    return ", ".join(told) + ("" if citation.verified else " (not found in the text)")


def _as_csv(message: Message, coverage: Coverage, rows: Sequence[Row]) -> bytes:
    return tables.as_csv(_table(rows))


def _as_workbook(message: Message, coverage: Coverage, rows: Sequence[Row]) -> bytes:
    counts: list[Sequence[Any]] = [("documents", "how many"), *coverage.counts.items()]
    return tables.as_workbook({"Documents": _table(rows), "Counts": counts})


def _table(rows: Sequence[Row]) -> list[Sequence[Any]]:
    return [COLUMNS, *(line for row in rows for line in _lines(row))]


def _lines(row: Row) -> Iterator[list[Any]]:
    """One for each statement and citation; one for a document that states nothing, or was not asked."""
    cited = {one.ordinal: one for one in row.citations}
    said = [(claim["text"].strip(), cited[at]) for claim in row.claims for at in claim["citations"] if at in cited]
    head, tail = [row.title, row.state.value, row.reason], [row.provider, row.model]
    for words, one in said:
        yield [*head, words, one.verified, one.quote, one.page, one.anchor, one.start, one.end, *tail]
    if not said:
        yield [*head, "", "", "", None, "", None, None, *tail]


_MADE: dict[str, Callable[[Message, Coverage, Sequence[Row]], bytes]] = {
    "json": _as_json,
    "md": _as_markdown,
    "csv": _as_csv,
    "xlsx": _as_workbook,
}
