"""OpenDocument texts (ODT): the body in its order, between what stands only in headers and in footers."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from documents.reading.draft import Draft
from documents.reading.items import Item, Title
from documents.reading.limits import Limits
from documents.reading.parsers import running_heads, tables
from documents.reading.parsers.open_document import Package, Writer
from documents.reading.parsers.open_styles import OFFICE, STYLE, TEXT

_PARAGRAPHS = (f"{TEXT}p", f"{TEXT}h")
_PAGES = ("", "-left", "-first")


def parse(path: Path, limits: Limits) -> Iterator[Item]:
    package = Package(path, limits)
    draft = Draft(limits)
    writer = Writer(package, draft)
    bodies = list(package.content.iterchildren(f"{OFFICE}body"))
    # What the body says need not be told by a header.
    told = {tables.one_line("".join(words.itertext())) for body in bodies for words in body.iter(*_PARAGRAPHS)}
    running_heads.add(draft, _margins("header", package.page_styles, writer), told)
    for body in bodies:
        writer.write(body)
    running_heads.add(draft, _margins("footer", package.page_styles, writer), told)
    yield draft.leaf()
    yield Title(package.title)


def _margins(kind: str, styles: Any, writer: Writer) -> Iterator[str]:
    for margin in styles.iter(*(f"{STYLE}{kind}{pages}" for pages in _PAGES)) if styles is not None else ():
        if margin.get(f"{STYLE}display") != "false":
            yield from (writer.line(paragraph).words for paragraph in margin.iter(*_PARAGRAPHS))
