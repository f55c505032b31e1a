"""Markdown, read as the page it makes: rendered first, so that its words come without its marks."""

import re
from pathlib import Path

from markdown_it import MarkdownIt

from documents.reading.decoding import decode
from documents.reading.draft import Draft, clean
from documents.reading.limits import Limits
from documents.reading.parsers import html
from documents.reading.progress import Progress, unheard
from documents.values import ReadDocument

_FRONT_MATTER = re.compile(r"\A(?:---|\+\+\+)[^\S\n]*\n.*?\n(?:---|\+\+\+|\.\.\.)[^\S\n]*(?:\n|\Z)", re.DOTALL)


def parse(path: Path, limits: Limits, progress: Progress = unheard) -> ReadDocument:
    source = _FRONT_MATTER.sub("", clean(decode(path.read_bytes())))
    draft = Draft(limits)
    html.write(MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(source), draft)
    progress(1, 1)
    return draft.document(title=draft.first_heading())
