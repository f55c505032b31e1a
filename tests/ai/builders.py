"""Sources and requests for the tests, as the passages of a document would give them."""

import re
from collections.abc import Sequence

from documents.ai import citations
from documents.ai.protocol import Provider, Request, Result, Sentence, Source, Task
from documents.values import CheckedResult

CONTRACT = (
    "Acme Ltd rents an office from Beta GmbH. The rent is 900 EUR a month. Payment is due on 1 May 2026. "
    "The contract ends on 30 April 2028 unless both parties extend it in writing. "
    "The deposit of 1,800 EUR is returned within four weeks. Questions go to office@beta.example."
)


_SENTENCE = re.compile(r"\S(?:.|\n(?!\n))*?(?:(?<=\w\w)[.!?](?=\s|$)|[。]|(?=\n\n)|$)")


def source(text: str, title: str = "Contract") -> Source:
    """The text as one source, cut at blank lines and where a word ends in a full stop."""
    sentences = tuple(Sentence(found.start(), found.end(), found.group()) for found in _SENTENCE.finditer(text))
    return Source("document-1", title, sentences)


def request(task: Task, *texts: str, instruction: str = "", labels: tuple[str, ...] = (), model: str = "") -> Request:
    sources = tuple(source(text) for text in texts)
    return Request(task, sources, model or "claude-haiku-4-5-20251001", 1_024, instruction, labels)


def analyse(provider: Provider, request: Request, texts: Sequence[str]) -> tuple[Result, CheckedResult]:
    """The answer, and the answer held against the texts."""
    result = provider.complete(request)
    return result, citations.check(result, request.sources, texts)
