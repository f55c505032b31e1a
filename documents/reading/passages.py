"""Cuts a document into passages: whole sentences under one heading, each remembering where it stands."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from documents.reading.runs import runs
from documents.reading.sentences import in_run
from documents.values import Block, BlockKind, CutPassage, ReadDocument, Span

# From a text to its number of tokens.
Count = Callable[[str], float]
# In tokens of a language model. Embedding models read about 256; beyond that a passage has no say in its own vector.
_MOST_TOKENS = 220
_GOOD_TOKENS = 200
_TOKENS_PER_WORD = 1.3
_CHARS_PER_TOKEN = 8
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")


def sentences(document: ReadDocument) -> tuple[Span, ...]:
    """Every sentence of the document in order; together they hold all of the words a reader sees."""
    seen = (run for run in runs(document) if run.first.kind is not BlockKind.HIDDEN)
    return tuple(span for run in seen for span in in_run(document.text, run))


def cut(document: ReadDocument, count: Count | None = None) -> list[CutPassage]:
    """The document as passages of some 200 tokens, in order. `count` says how many tokens a text is; else they are
    estimated."""
    return [
        CutPassage(
            ordinal=ordinal,
            start=group.spans[0].start,
            end=group.spans[-1].end,
            pages=_pages(document, group.spans[0].start, group.spans[-1].end),
            heading_path=group.heading_path,
            sentences=tuple(group.spans),
        )
        for ordinal, group in enumerate(_groups(document, count or estimated_tokens))
    ]


def estimated_tokens(text: str) -> float:
    """About how many tokens a model sees: words, signs of scripts without spaces, and long strings by their length."""
    unspaced = len(_UNSPACED.findall(text))
    return max(unspaced + len(_UNSPACED.sub(" ", text).split()) * _TOKENS_PER_WORD, len(text) / _CHARS_PER_TOKEN)


@dataclass(slots=True)
class _Group:
    """Sentences that become one passage."""

    heading_path: tuple[str, ...]
    spans: list[Span]
    tokens: float = 0.0
    has_body: bool = False

    def is_full_for(self, tokens: float) -> bool:
        return self.tokens >= _GOOD_TOKENS or self.tokens + tokens > _MOST_TOKENS

    def add(self, span: Span, tokens: float, *, is_body: bool) -> None:
        self.spans.append(span)
        self.tokens += tokens
        self.has_body = self.has_body or is_body


def _groups(document: ReadDocument, count: Count) -> Iterator[_Group]:
    """A heading begins a group, and headings on end share one with what follows them. Hidden words end one: a passage
    is sent to models whole."""
    outline: list[tuple[int, str]] = []
    group = _Group((), [])
    for run in runs(document):
        block = run.first
        if block.kind is BlockKind.HIDDEN:
            if group.spans:
                yield group
            group = _Group((), [])
            continue
        is_heading = block.kind is BlockKind.HEADING
        if is_heading:
            outline = _descended(outline, block, document.text)
            if group.has_body:
                yield group
                group = _Group((), [])
        path = tuple(words for _, words in outline)
        for span in in_run(document.text, run):
            tokens = count(document.text[span.start : span.end])
            if group.spans and group.is_full_for(tokens) and (group.has_body or is_heading):
                yield group
                group = _Group((), [])
            group.heading_path = path
            group.add(span, tokens, is_body=not is_heading)
    if group.spans:
        yield group


def _descended(outline: Sequence[tuple[int, str]], block: Block, text: str) -> list[tuple[int, str]]:
    """The headings above what follows this one."""
    above = [(level, words) for level, words in outline if level < block.level]
    return [*above, (block.level, " ".join(text[block.start : block.end].split()))]


def _pages(document: ReadDocument, start: int, end: int) -> tuple[int, ...]:
    """The numbers of the pages that hold any of the characters."""
    pages = document.pages
    first = bisect_right(pages, start, key=lambda page: page.end)
    last = bisect_left(pages, end, key=lambda page: page.start)
    return tuple(page.number for page in pages[first:last] if page.end > page.start)
