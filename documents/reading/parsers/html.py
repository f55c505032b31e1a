"""Web pages: what a reader of the page sees, in the order of the page; what is hidden there is kept apart."""

import re
from collections.abc import Iterator
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser, LexborNode

from documents.reading.decoding import decode
from documents.reading.draft import Draft
from documents.reading.items import Item, Title
from documents.reading.limits import Limits
from documents.reading.parsers import html_hidden, html_tables, html_tree
from documents.values import BlockKind

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_XHTML = re.compile(r"<\?xml|//DTD XHTML|http://www\.w3\.org/1999/xhtml")
_SELF_CLOSED = re.compile(r"<([A-Za-z][\w:-]{0,40}+)([^<>]*?)/>")
_VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"]
)
_SPACES = re.compile(r"[ \t\n\r\f]+")


def parse(path: Path, limits: Limits) -> Iterator[Item]:
    draft = Draft(limits)
    title = write(decode(path.read_bytes()), draft)
    yield draft.leaf()
    yield Title(title)


def write(source: str, draft: Draft) -> str:
    """Writes the page's blocks into the draft and gives its title."""
    tree = LexborHTMLParser(_unclosed(source.replace("\x00", "")))
    title = tree.css_first("head > title")
    if tree.body is not None:
        _Page(draft, html_hidden.hidden(tree)).read(tree.body)
    return title.text() if title else ""


def _unclosed(source: str) -> str:
    """XHTML closes empty elements in their own tag; to HTML they are open, and `<title/>` swallows the page."""
    if not _XHTML.search(source[:1_000]):
        return source
    return _SELF_CLOSED.sub(lambda tag: tag[0] if tag[1].lower() in _VOID else f"<{tag[1]}{tag[2]}></{tag[1]}>", source)


class _Page:
    """Walks a page; text is collected until a block begins or ends, and then becomes one."""

    def __init__(self, draft: Draft, unseen: frozenset[int]) -> None:
        self._draft = draft
        self._unseen = unseen
        self._text: list[str] = []
        self._hidden: list[str] = []
        self._inside: list[str] = []

    def read(self, root: LexborNode) -> None:
        for node, entering in html_tree.walk(root, self._is_closed):
            if self._is_hidden(node):
                self._hide(node, entering)
            elif node.is_text_node:
                self._text.append(self._spaced(node.text_content or ""))
            elif node.tag == "br":
                self._text.append("\n" if entering else "")
            elif node.tag == "table" and html_tables.is_data(node):
                self._read_table(node, entering)
            elif node.tag in html_tree.BLOCKS:
                self._cross(node.tag, entering)
        self._flush()

    def _is_hidden(self, node: LexborNode | None) -> bool:
        """Whether its words are there, and nobody who looks at the page sees them."""
        return node is not None and node.mem_id in self._unseen

    def _is_closed(self, node: LexborNode) -> bool:
        return html_tree.is_dropped(node) or self._is_hidden(node) or html_tables.is_data(node)

    def _hide(self, node: LexborNode, entering: bool) -> None:
        """Its words are written after the block they stand in, which they must not tear."""
        if entering:
            self._hidden.append(html_tree.text(node, html_tree.is_dropped))

    def _read_table(self, table: LexborNode, entering: bool) -> None:
        self._flush()
        if entering:
            self._hidden += html_tables.Table(self._draft, self._is_hidden).read(table)

    def _spaced(self, text: str) -> str:
        return text if "pre" in self._inside else _SPACES.sub(" ", text)

    def _cross(self, tag: str, entering: bool) -> None:
        """The edge of a block: what was collected belongs to what is outside of it."""
        self._flush()
        if tag != "li" and tag != "pre" and tag not in _HEADINGS:
            return
        if entering:
            self._inside.append(tag)
        else:
            self._inside.pop()

    def _flush(self) -> None:
        text = "".join(self._text)
        self._text.clear()
        tag = self._inside[-1] if self._inside else ""
        if tag == "pre":
            self._draft.add(text.strip("\n"), BlockKind.CODE)
        elif tag in _HEADINGS:
            self._draft.add(" ".join(text.split()), BlockKind.HEADING, _HEADINGS[tag])
        else:
            self._draft.add(_tidy(text), BlockKind.LIST_ITEM if tag == "li" else BlockKind.PARAGRAPH)
        for words in self._hidden:
            self._draft.add(words, BlockKind.HIDDEN)
        self._hidden.clear()


def _tidy(text: str) -> str:
    return "\n".join(line.strip() for line in text.split("\n"))
