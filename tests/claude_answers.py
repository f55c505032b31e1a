"""What the local Messages API answers: well and with citations, or as a model that was led astray."""

import hashlib
import itertools
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tests.claude_rules import cites, documents, output_schema, question, shown, texts
from tests.claude_scripts import DERIVED, Script

numbers = itertools.count(1)

# The shortest prompt that is kept ready, in tokens, by the beginning of the model's name.
CACHED_FROM = {"claude-haiku-4-5": 4_096, "": 512}
FABRICATED = "Fabricated words {} that no document holds."
_COMMAND = re.compile(r"answer with:?\s*(.+)", re.IGNORECASE | re.DOTALL)
_OFFERED = re.compile(r"best: (\[.*?\])\?", re.DOTALL)

Block = dict[str, Any]
Cited = tuple[str, Mapping[str, Any] | None]


def tokens(words: str) -> int:
    """A stand-in for the real tokenizer: as monotonous, not as exact."""
    return len(re.findall(r"\w+|[^\w\s]", words)) * 4 // 3


def input_tokens(body: Mapping[str, Any]) -> int:
    system = body.get("system") or ""
    contents = [system, *(turn["content"] for turn in body["messages"])]
    return 8 + sum(tokens(part) for content in contents for part in texts(content))


class Cache:
    """Prompts that are kept ready, up to the block that was marked. A part of it that differs makes another prompt."""

    def __init__(self) -> None:
        self._kept: set[str] = set()

    def usage(self, body: Mapping[str, Any]) -> dict[str, int]:
        counted, marked = input_tokens(body), self._marked(body)
        shortest = next(least for name, least in CACHED_FROM.items() if body["model"].startswith(name))
        if marked < shortest:
            return _used(counted, 0, 0)
        key = self._key(body)
        if key in self._kept:
            return _used(counted - marked, 0, marked)
        self._kept.add(key)
        return _used(counted - marked, marked, 0)

    def _marked(self, body: Mapping[str, Any]) -> int:
        """The tokens up to the last mark, or none."""
        prefix = _prefix(body)
        return sum(tokens(part) for part in [body.get("system", ""), *texts(prefix)]) if prefix else 0

    def _key(self, body: Mapping[str, Any]) -> str:
        whole = [body["model"], body.get("system"), body.get("thinking"), body.get("output_config"), _prefix(body)]
        return hashlib.sha256(json.dumps(whole).encode()).hexdigest()


def _prefix(body: Mapping[str, Any]) -> list[Block]:
    content = body["messages"][0]["content"]
    marks = [at for at, block in enumerate(content) if isinstance(block, dict) and "cache_control" in block]
    return list(content[: marks[-1] + 1]) if marks else []


def _used(new: int, written: int, read: int) -> dict[str, int]:
    return {"input_tokens": new, "cache_creation_input_tokens": written, "cache_read_input_tokens": read}


def message(body: Mapping[str, Any], script: Script, cache: Cache) -> Block:
    blocks = list(script.blocks) if script.blocks is not None else _blocks(body, script)
    output = sum(tokens(block.get("text", "")) for block in blocks)
    derived = "max_tokens" if output > body["max_tokens"] else "end_turn"
    return {
        "id": f"msg_{next(numbers):024d}",
        "type": "message",
        "role": "assistant",
        "model": body["model"],
        "content": blocks,
        "stop_reason": derived if script.stop_reason == DERIVED else script.stop_reason,
        "stop_sequence": None,
        "usage": {**cache.usage(body), "output_tokens": output, **(script.usage or {})},
    }


def _blocks(body: Mapping[str, Any], script: Script) -> list[Block]:
    """Cited text where citations are wanted, else JSON where a form is, be it said in words."""
    said = list(_obeyed(body)) if script.obey else list(_well_said(body))
    said += [(f"Fabricated statement {number}.", fabricated(number)) for number in range(script.fabricated)]
    schema = output_schema(body)
    if schema:
        return [text(json.dumps(example(schema, said)))]
    if any(cites(document) for document in documents(body)):
        lead = [] if script.obey else [text("According to the document, ")]
        pairs = [block for words, place in said for block in (text(words, place), text("\n" if script.obey else " "))]
        return [*lead, *pairs[:-1]]
    return [text(_in_words(question(body), said))]


def text(words: str, *places: Mapping[str, Any] | None) -> Block:
    """A block of an answer, and what it cites."""
    citations = [place for place in places if place]
    return {"type": "text", "text": words} | ({"citations": citations} if citations else {})


def cited(words: str, first: int, last: int, document: int = 0, title: str | None = None) -> Block:
    """A citation of blocks [first:last) of a document, with whatever words."""
    return {
        "type": "content_block_location",
        "cited_text": words,
        "document_index": document,
        "document_title": title,
        "start_block_index": first,
        "end_block_index": last,
        "file_id": None,
    }


def _well_said(body: Mapping[str, Any]) -> Iterator[Cited]:
    """The first words of each document."""
    for index, lines in enumerate(shown(body)):
        yield lines[0].strip(), citation(body, index, 0, 1)


def _obeyed(body: Mapping[str, Any]) -> Iterator[Cited]:
    """What documents order to be answered; where none does, all they say, as it stands there."""
    lines = [(index, at, line) for index, lines in enumerate(shown(body)) for at, line in enumerate(lines)]
    orders = [(index, at, found[1].strip()) for index, at, line in lines if (found := _COMMAND.search(line))]
    for index, at, words in orders or lines:
        yield words, citation(body, index, at, at + 1)


def citation(body: Mapping[str, Any], index: int, first: int, last: int) -> Block:
    """A citation of blocks [first:last), quoting them joined, as the real API does."""
    title = documents(body)[index].get("title") if documents(body) else None
    return cited("".join(shown(body)[index][first:last]), first, last, index, title)


def fabricated(number: int) -> Block:
    """A citation of words that stand nowhere: by turns of a block that is there, of one that is not, of a document that
    is not, and of a stretch that ends before it begins."""
    document, first, last = [(0, 0, 1), (0, 100_000, 100_001), (1_000, 0, 1), (0, 1, 0)][number % 4]
    return cited(FABRICATED.format(number), first, last, document)


def example(schema: Mapping[str, Any], said: Sequence[Cited] = (), name: str = "") -> Any:
    """The plainest value a schema allows: of texts what is to be said, of quotes what is cited for it."""
    if "enum" in schema:
        return schema["enum"][0]
    if "anyOf" in schema:
        return example(schema["anyOf"][0], said, name)
    if schema.get("type") == "object":
        return {key: example(inner, said, key) for key, inner in schema.get("properties", {}).items()}
    if schema.get("type") == "array":
        return [example(schema["items"], [one]) for one in said]
    if schema.get("format") == "date":
        return "2026-05-12"
    if schema.get("type") == "string" and said and name in ("text", "reason", "value", "quote"):
        return _quoted(said[-1]) if name == "quote" else "\n".join(words for words, _ in said)
    return {"string": "", "integer": 1, "number": 0.5, "boolean": True}.get(schema.get("type", ""))


def _quoted(said: Cited) -> str:
    words, place = said
    return place["cited_text"] if place else words


def _in_words(asked: str, said: Sequence[Cited]) -> str:
    """JSON as a model without schemas gives it, which is not quite what was asked for."""
    if '"statements"' in asked:
        listed = [{"label": "", "text": words, "quote": _quoted((words, place))} for words, place in said]
        answer: Any = {"statements": listed}
    elif '"reason"' in asked:
        offered = _OFFERED.search(asked)
        label = json.loads(offered[1])[0] if offered else ""
        answer = {"quote": _quoted(said[-1]), "reason": said[-1][0], "label": label}
    elif '"value"' in asked:
        answer = {}
    else:
        return "There is no document to speak of."
    return f"Here you are:\n```json\n{json.dumps(answer, indent=2)}\n```\nIs there anything else?"


def events(answer: Mapping[str, Any]) -> Iterator[Block]:
    """The answer as the events of a stream."""
    yield {"type": "message_start", "message": {**answer, "content": [], "stop_reason": None}}
    yield {"type": "ping"}
    for index, block in enumerate(answer["content"]):
        start = {**block, "text": ""} | ({"citations": []} if "citations" in block else {})
        yield {"type": "content_block_start", "index": index, "content_block": start}
        for delta in _deltas(block):
            yield {"type": "content_block_delta", "index": index, "delta": delta}
        yield {"type": "content_block_stop", "index": index}
    ended = {"stop_reason": answer["stop_reason"], "stop_sequence": None}
    yield {"type": "message_delta", "delta": ended, "usage": answer["usage"]}
    yield {"type": "message_stop"}


def _deltas(block: Mapping[str, Any]) -> Iterator[Block]:
    for piece in re.findall(r"\S+\s*|\s+", block.get("text", "")):
        yield {"type": "text_delta", "text": piece}
    for cited in block.get("citations") or []:
        yield {"type": "citations_delta", "citation": cited}
