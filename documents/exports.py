"""Analyses and conversations to take along, as JSON, Markdown, CSV or a workbook, with the words they rest on."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson
from django.db.models import Prefetch, prefetch_related_objects

from documents import tables
from documents.ai import fields
from documents.models import Analysis, AnalysisStatus, Citation, Conversation, Message, MessageStatus, Run
from documents.tables import plain
from documents.values import FieldType, Task

COLUMNS = ("statement", "label", "verified", "doubt", "quote", "page", "place", "start", "end")


@dataclass(frozen=True, slots=True)
class Form:
    """A form an analysis is given in."""

    media_type: str
    extension: str
    make: Callable[[Analysis, Sequence[Citation]], bytes]


def as_json(analysis: Analysis, citations: Sequence[Citation]) -> bytes:
    told = _head(analysis) | {"statements": list(_rows(analysis, citations))}
    return orjson.dumps(told, option=orjson.OPT_INDENT_2)


def as_markdown(analysis: Analysis, citations: Sequence[Citation], prefix: str = "") -> bytes:
    """Statements as a list, the words they rest on as footnotes, whose names begin with the prefix."""
    lines = [f"# {plain(_name(analysis))}: {plain(analysis.title)}", "", _made(analysis), ""]
    notes: dict[tuple[Any, ...], int] = {}
    for claim in _claims(analysis):
        marks = [
            notes.setdefault(_note(citations[at]), len(notes) + 1) for at in claim["citations"] if at < len(citations)
        ]
        label = f"**{plain(claim['label'])}:** " if claim.get("label") else ""
        doubt = "" if _is_verified(claim, citations) else f" *({claim.get('doubt') or 'not verified'})*"
        noted = "".join(f"[^{prefix}{mark}]" for mark in dict.fromkeys(marks))
        lines.append(f"- {label}{plain(claim['text'])}{noted}{doubt}")
    lines += ["", *(f"[^{prefix}{number}]: {_footnote(*note)}" for note, number in notes.items()), ""]
    return "\n".join(lines).encode()


def as_csv(analysis: Analysis, citations: Sequence[Citation]) -> bytes:
    return tables.as_csv([COLUMNS, *(_cells(row) for row in _rows(analysis, citations))])


def as_workbook(analysis: Analysis, citations: Sequence[Citation]) -> bytes:
    return tables.as_workbook({"Statements": [list(COLUMNS), *(_cells(row) for row in _rows(analysis, citations))]})


def _cells(row: Mapping[str, Any]) -> list[Any]:
    return [row[column] for column in COLUMNS]


EXPORTS = {
    "json": Form("application/json", "json", as_json),
    "md": Form("text/markdown; charset=utf-8", "md", as_markdown),
    "csv": Form("text/csv; charset=utf-8", "csv", as_csv),
    "xlsx": Form("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx", as_workbook),
}


FORMS = tuple(EXPORTS)


@dataclass(frozen=True, slots=True)
class Exported:
    """A file of an analysis."""

    body: bytes
    media_type: str
    filename: str


RUN_COLUMNS = ("document", *COLUMNS)


def export_run(run: Run, form: str) -> Exported:
    """What a run found in all of its documents, in one of the FORMS; of typed values a table with a row a document."""
    done = run.analyses.out_of_bin().filter(status=AnalysisStatus.DONE)
    analyses = list(done.select_related("recipe").order_by("title", "pk"))
    prefetch_related_objects(analyses, "citations")
    chosen = EXPORTS[form]
    body = _OF_A_RUN[form](run, analyses)
    return Exported(body, chosen.media_type, f"{run.name[:80] or 'run'}.{chosen.extension}")


def _run_as_json(run: Run, analyses: Sequence[Analysis]) -> bytes:
    documents = [_head(one) | {"statements": list(_rows(one, _cited(one)))} for one in analyses]
    return orjson.dumps({"run": str(run.pk), "name": run.name, "documents": documents}, option=orjson.OPT_INDENT_2)


def _run_as_markdown(run: Run, analyses: Sequence[Analysis]) -> bytes:
    numbered = enumerate(analyses, start=1)
    return b"\n\n".join(as_markdown(one, _cited(one), f"{number}-") for number, one in numbered)


def _run_as_csv(run: Run, analyses: Sequence[Analysis]) -> bytes:
    return tables.as_csv(_values(analyses) or _statements(analyses))


def _run_as_workbook(run: Run, analyses: Sequence[Analysis]) -> bytes:
    values = _values(analyses)
    sheets = {"Values": values} if values else {}
    return tables.as_workbook(sheets | {"Statements": _statements(analyses)})


def _statements(analyses: Sequence[Analysis]) -> list[list[Any]]:
    rows = [[one.title, *_cells(row)] for one in analyses for row in _rows(one, _cited(one))]
    return [list(RUN_COLUMNS), *rows]


def _values(analyses: Sequence[Analysis]) -> list[list[Any]]:
    """For each document the value of each field and, beside it, whether it was verified; empty for other results."""
    names = list(dict.fromkeys(name for one in analyses for name in fields.in_order(one.schema or {})))
    if not names:
        return []
    head = ["document", *(heading for name in names for heading in (name, f"{name}: verified"))]
    return [head, *([one.title, *_values_of(one, names)] for one in analyses)]


def _values_of(analysis: Analysis, names: Sequence[str]) -> Iterator[Any]:
    citations = _cited(analysis)
    found = {claim.get("label", ""): claim for claim in _claims(analysis)}
    dated = {field.name for field in fields.from_schema(analysis.schema) if field.type is FieldType.DATE}
    for name in names:
        claim = found.get(name)
        value = _value(claim) if claim else ""
        yield date.fromisoformat(value) if value and name in dated else value
        yield _is_verified(claim, citations) if claim else ""


def _value(claim: Mapping[str, Any]) -> Any:
    """A typed value as what it is, else the words."""
    return claim.get("value", claim["text"].strip())


_OF_A_RUN: dict[str, Callable[[Run, Sequence[Analysis]], bytes]] = {
    "json": _run_as_json,
    "md": _run_as_markdown,
    "csv": _run_as_csv,
    "xlsx": _run_as_workbook,
}


def export(analysis: Analysis, form: str) -> Exported:
    """The analysis in one of the FORMS."""
    chosen = EXPORTS[form]
    body = chosen.make(analysis, _cited(analysis))
    return Exported(body, chosen.media_type, f"{analysis.title[:80] or 'analysis'}.{chosen.extension}")


def export_conversation(conversation: Conversation, form: str) -> Exported:
    """Its questions and answers with the words they rest on, as Markdown or JSON."""
    here = Prefetch("citations", queryset=Citation.objects.out_of_bin())
    messages = list(conversation.messages.prefetch_related(here))
    body = CONVERSATION_FORMS[form](conversation, messages)
    chosen = EXPORTS[form]
    return Exported(body, chosen.media_type, f"{conversation.title[:80] or 'conversation'}.{chosen.extension}")


def _conversation_as_json(conversation: Conversation, messages: Sequence[Message]) -> bytes:
    told = {
        "conversation": str(conversation.pk),
        "title": conversation.title,
        "over": conversation.kind,
        "created_at": conversation.created_at,
        "messages": [_message_row(one) for one in messages],
    }
    return orjson.dumps(told, option=orjson.OPT_INDENT_2)


def _message_row(message: Message) -> dict[str, Any]:
    columns = ("question", "status", "text", "searched", "provider", "model", "usage", "error", "created_at")
    citations = {one.ordinal: one for one in message.citations.all()}
    claims = [
        {
            "text": claim["text"],
            "doubt": claim.get("doubt", ""),
            "citations": [_citation_row(citations[at]) for at in claim["citations"] if at in citations],
        }
        for claim in (message.result or {}).get("claims", [])
    ]
    sums = {name: (message.result or {}).get(name) for name in ("answered", "verified", "total", "coverage")}
    return {name: getattr(message, name) for name in columns} | sums | {"claims": claims}


def _citation_row(citation: Citation) -> dict[str, Any]:
    columns = ("title", "quote", "verified", "page", "anchor", "start", "end", "boxes", "text_sha256")
    document = str(citation.document_id) if citation.document_id else None
    return {"document": document} | {name: getattr(citation, name) for name in columns}


def _conversation_as_markdown(conversation: Conversation, messages: Sequence[Message]) -> bytes:
    answers = (line for number, one in enumerate(messages, start=1) for line in _answer_lines(one, f"{number}-"))
    return "\n".join([f"# {plain(conversation.title)}", "", *answers]).encode()


def _answer_lines(message: Message, prefix: str) -> Iterator[str]:
    """The question, the answer, and as footnotes the words it rests on, whose names begin with the prefix."""
    yield from (f"## {plain(message.question)}", "")
    citations = {one.ordinal: one for one in message.citations.all()}
    result = message.result or {}
    words = [_claim_words(claim, citations, prefix) for claim in result.get("claims", [])]
    if "coverage" in result:
        yield from (plain(result["coverage"]["sentence"]), "", *(f"- {one.strip()}" for one in words))
    else:
        yield "".join(words).strip() or _without_claims(message)
    yield ""
    for at, one in citations.items():
        titled = f"{plain(one.title)}: " if one.title else ""
        yield f"[^{prefix}{at + 1}]: {titled}{_footnote(*_note(one))}"
    yield ""


def _claim_words(claim: Mapping[str, Any], citations: Mapping[int, Citation], prefix: str) -> str:
    cited = [citations[at] for at in claim["citations"] if at in citations]
    if not claim["text"].strip():
        return "\n\n" if "\n" in claim["text"] else ""
    verified = any(one.verified for one in cited) and not claim.get("doubt")
    doubt = "" if verified else f" *({plain(claim.get('doubt') or 'not verified')})*"
    return plain(claim["text"]) + "".join(f"[^{prefix}{one.ordinal + 1}]" for one in cited) + f"{doubt} "


def _without_claims(message: Message) -> str:
    if message.status == MessageStatus.DONE:
        return f"*Not in the documents ({message.searched.get('documents', 0)} searched).*"
    return plain(message.text) or f"*{plain(message.error or message.get_status_display())}*"


CONVERSATION_FORMS: dict[str, Callable[[Conversation, Sequence[Message]], bytes]] = {
    "md": _conversation_as_markdown,
    "json": _conversation_as_json,
}


def _cited(analysis: Analysis) -> list[Citation]:
    return list(analysis.citations.all())


def _head(analysis: Analysis) -> dict[str, Any]:
    return {
        "analysis": str(analysis.pk),
        "document": str(analysis.document_id) if analysis.document_id else None,
        "title": analysis.title,
        "what": _name(analysis),
        "provider": analysis.provider,
        "model": analysis.model,
        "finished_at": analysis.finished_at,
        "text_sha256": analysis.text_sha256,
    }


def _rows(analysis: Analysis, citations: Sequence[Citation]) -> Iterator[dict[str, Any]]:
    """A row for each statement and citation; one without for a statement that cites nothing."""
    for claim in _claims(analysis):
        told = {"statement": _value(claim), "label": claim.get("label", ""), "doubt": claim.get("doubt", "")}
        cited = [citations[at] for at in claim["citations"] if at < len(citations)]
        for one in cited:
            yield told | {
                "verified": one.verified,
                "quote": one.quote,
                "page": one.page,
                "place": one.anchor,
                "start": one.start,
                "end": one.end,
            }
        if not cited:
            yield told | {"verified": False, "quote": "", "page": None, "place": "", "start": None, "end": None}


def _claims(analysis: Analysis) -> list[dict[str, Any]]:
    claims: list[dict[str, Any]] = (analysis.result or {}).get("claims", [])
    return claims


def _is_verified(claim: dict[str, Any], citations: Sequence[Citation]) -> bool:
    cited = (citations[at] for at in claim["citations"] if at < len(citations))
    return not claim.get("doubt") and any(one.verified for one in cited)


def _name(analysis: Analysis) -> str:
    kind = "Values" if analysis.task == Task.EXTRACT else analysis.get_task_display()
    return analysis.recipe.name if analysis.recipe else analysis.instruction or kind


def _made(analysis: Analysis) -> str:
    finished = f"{analysis.finished_at:%Y-%m-%d %H:%M} UTC" if analysis.finished_at else ""
    return f"{analysis.provider}, {analysis.model}, {finished}"


def _note(citation: Citation) -> tuple[Any, ...]:
    return citation.quote, citation.page, citation.anchor, citation.verified


def _footnote(quote: str, page: int | None, anchor: str, verified: bool) -> str:
    where = anchor or (f"page {page}" if page else "")
    return (
        f"“{plain(quote)}”" + (f", {plain(where)}" if where else "") + ("" if verified else " (not found in the text)")
    )
