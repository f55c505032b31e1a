"""Markdown, read as the page it makes: rendered first, so that its words come without its marks."""

import re
from collections.abc import Iterator
from pathlib import Path

from markdown_it import MarkdownIt

from documents.reading.decoding import decode
from documents.reading.draft import Draft, clean
from documents.reading.items import Item
from documents.reading.limits import Limits
from documents.reading.parsers import html

_FRONT_MATTER = re.compile(r"\A(?:---|\+\+\+)[^\S\n]*\n.*?\n(?:---|\+\+\+|\.\.\.)[^\S\n]*(?:\n|\Z)", re.DOTALL)


def parse(path: Path, limits: Limits) -> Iterator[Item]:
    source = _FRONT_MATTER.sub("", clean(decode(path.read_bytes())))
    draft = Draft(limits)
    html.write(MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(source), draft)
    yield draft.leaf()
