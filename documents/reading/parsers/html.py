"""Web pages: what a reader of the page sees, in the order of the page; what is hidden there is kept apart."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser, LexborNode

from documents.reading.decoding import decode
from documents.reading.draft import Draft, table_row
from documents.reading.items import Item, Title
from documents.reading.limits import Limits
from documents.values import BlockKind

_DROPPED = frozenset(
    {"head", "script", "style", "template", "noscript", "iframe", "object", "svg", "canvas", "datalist"}
)
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "dialog",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hgroup",
        "hr",
        "li",
        "legend",
        "main",
        "nav",
        "ol",
        "option",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
# A table that holds any of these lays out a page; its cells are read one after another.
_LAYOUT = "table, h1, h2, h3, h4, h5, h6, ul, ol, pre, blockquote"
_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?:\.0+)?(?:px|pt|r?em|%)?\s*(?:;|!|$)", re.IGNORECASE
)
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
        _Page(draft).read(tree.body)
    return title.text() if title else ""


def _unclosed(source: str) -> str:
    """XHTML closes empty elements in their own tag; to HTML they are open, and `<title/>` swallows the page."""
    if not _XHTML.search(source[:1_000]):
        return source
    return _SELF_CLOSED.sub(lambda tag: tag[0] if tag[1].lower() in _VOID else f"<{tag[1]}{tag[2]}></{tag[1]}>", source)


class _Page:
    """Walks a page; text is collected until a block begins or ends, and then becomes one."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._text: list[str] = []
        self._hidden: list[str] = []
        self._inside: list[str] = []

    def read(self, root: LexborNode) -> None:
        # The page as a whole is never hidden for long: its scripts show it when it is ready.
        for node, entering in _walk(root, lambda node: node is not root and (_is_unseen(node) or _is_data(node))):
            if _is_hidden(node):
                self._hide(node, entering and node is not root)
            elif node.is_text_node:
                self._text.append(self._spaced(node.text_content or ""))
            elif node.tag == "br":
                self._text.append("\n" if entering else "")
            elif node.tag == "table" and entering and _is_data(node):
                self._flush()
                self._read_table(node)
            elif node.tag in _BLOCKS:
                self._cross(node.tag, entering)
        self._flush()

    def _hide(self, node: LexborNode, entering: bool) -> None:
        """Its words are written after the block they stand in, which they must not tear."""
        if entering:
            self._hidden.append(_text(node, _is_dropped))

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

    def _read_table(self, table: LexborNode) -> None:
        header: list[str] = []
        for row in table.css("caption, tr"):
            hidden = _hidden_in(row)
            self._hidden += hidden.texts
            cells = [
                _text(cell, _is_unseen) for cell in row.iter() if cell.tag in ("td", "th") and not _is_hidden(cell)
            ]
            if hidden.whole:
                continue
            if row.tag == "caption":
                self._draft.add(_text(row, _is_unseen))
            elif not header and _is_header(row):
                header = cells
                self._draft.add(table_row((), cells), BlockKind.TABLE_ROW)
            else:
                # Without names of columns, empty cells only keep others apart.
                kept = cells if header else [cell for cell in cells if cell]
                self._draft.add(table_row(header, kept), BlockKind.TABLE_ROW)


@dataclass(frozen=True, slots=True)
class _Hidden:
    """The hidden texts of a row, and whether the whole row is one."""

    texts: tuple[str, ...]
    whole: bool


def _hidden_in(row: LexborNode) -> _Hidden:
    if _is_hidden(row) or _is_hidden(row.parent):
        return _Hidden((_text(row, _is_dropped),), whole=True)
    found = (node for node, entering in _walk(row, _is_unseen) if entering and _is_hidden(node))
    return _Hidden(tuple(_text(node, _is_dropped) for node in found), whole=False)


def _walk(root: LexborNode, is_closed: Callable[[LexborNode], bool]) -> Iterator[tuple[LexborNode, bool]]:
    """Every node from the root on that is in no closed one, when entered and when left.

    A loop: pages nest deeper than the stack.
    """
    node = root
    while True:
        yield node, True
        below = None if is_closed(node) else node.first_child
        while below is None:
            if not node.is_text_node:
                yield node, False
            if node.mem_id == root.mem_id or node.parent is None:
                return
            below = node.next
            node = node if below else node.parent
        node = below


def _text(root: LexborNode, is_closed: Callable[[LexborNode], bool]) -> str:
    """The words under a node in one line."""
    parts = []
    for node, _ in _walk(root, is_closed):
        if node.is_text_node:
            parts.append(node.text_content or "")
        elif node.tag == "br" or node.tag in _BLOCKS:
            parts.append(" ")
    return " ".join("".join(parts).split())


def _is_dropped(node: LexborNode) -> bool:
    """Whether what is inside is no text of the page at all."""
    return bool(node.is_element_node) and node.tag in _DROPPED


def _is_hidden(node: LexborNode | None) -> bool:
    """Whether its words are there, and nobody who looks at the page sees them."""
    if node is None or not node.is_element_node or node.tag in _DROPPED:
        return False
    attributes = node.attributes
    return "hidden" in attributes or bool(_HIDING.search(attributes.get("style") or ""))


def _is_unseen(node: LexborNode) -> bool:
    return _is_dropped(node) or _is_hidden(node)


def _is_data(node: LexborNode) -> bool:
    if node.tag != "table" or any(inner.mem_id != node.mem_id for inner in node.css(_LAYOUT)):
        return False
    return any(_is_row_of_cells(row) for row in node.css("tr"))


def _is_row_of_cells(row: LexborNode) -> bool:
    """Whether there are cells side by side: one alone holds running text."""
    filled = (cell for cell in row.iter() if cell.tag in ("td", "th") and (cell.text() or "").strip())
    return len(list(islice(filled, 2))) == 2


def _is_header(row: LexborNode) -> bool:
    cells = [cell.tag for cell in row.iter()]
    parent = row.parent
    return bool(cells) and (all(tag == "th" for tag in cells) or (parent is not None and parent.tag == "thead"))


def _tidy(text: str) -> str:
    return "\n".join(line.strip() for line in text.split("\n"))
