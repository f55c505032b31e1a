"""What is written in a web page and seen by nobody who looks at it."""

from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from documents.reading.parsers import html_tree
from documents.reading.parsers.html_look import Look, look
from documents.reading.parsers.html_selectors import Element
from documents.reading.parsers.html_styles import Styles

# These keep their place in a table when only their words are unseen.
_CELLS = ("td", "th")


def hidden(tree: LexborHTMLParser) -> frozenset[int]:
    """The identities of the outermost nodes of which nothing is seen."""
    search = _Search(tree)
    if tree.body is not None:
        search.run(tree.body)
    return frozenset(search.found)


@dataclass(slots=True)
class _Open:
    """An element whose inside is being looked at, and how many nodes were found before it."""

    look: Look
    before: int
    is_seen: bool = False


class _Search:
    def __init__(self, tree: LexborHTMLParser) -> None:
        self.found: list[int] = []
        self._styles = Styles.of_page(tree)
        self._has_sheets = any("stylesheet" in (link.attributes.get("rel") or "") for link in tree.css("link"))
        self._elements: list[Element] = []
        self._open = [_Open(Look(), 0)]

    def run(self, body: LexborNode) -> None:
        if body.parent is not None:
            self._enter(body.parent)
        self._enter(body)
        self._show_page()
        for node, entering in html_tree.walk(body, self._is_closed):
            if node.mem_id == body.mem_id:
                continue
            if node.is_text_node:
                self._read(node)
            elif node.is_element_node and not html_tree.is_dropped(node):
                self._cross(node, entering)

    def _show_page(self) -> None:
        """The page as a whole is never hidden for long: its scripts show it when it is ready."""
        seen = self._open[-1].look
        self._open[-1].look = Look(color=seen.color, ground=seen.ground)

    def _is_closed(self, node: LexborNode) -> bool:
        return html_tree.is_dropped(node) or self._open[-1].look.gone

    def _cross(self, node: LexborNode, entering: bool) -> None:
        if entering:
            self._enter(node)
        else:
            self._leave(node)

    def _enter(self, node: LexborNode) -> None:
        element = Element(node.tag or "", node.attributes)
        style = self._styles.of(element, self._elements)
        seen = look(element, style, self._open[-1].look, has_sheets=self._has_sheets)
        self._elements.append(element)
        self._open.append(_Open(seen, len(self.found)))

    def _read(self, node: LexborNode) -> None:
        if not (node.text_content or "").strip():
            return
        if self._open[-1].look.is_unseen:
            self.found.append(node.mem_id)
        else:
            self._open[-1].is_seen = True

    def _leave(self, node: LexborNode) -> None:
        """An element whose words are all unseen stands for them."""
        self._elements.pop()
        left = self._open.pop()
        is_whole = not left.is_seen and len(self.found) > left.before and node.tag not in _CELLS
        if left.look.gone or (left.look.is_unseen and is_whole):
            del self.found[left.before :]
            self.found.append(node.mem_id)
        self._open[-1].is_seen |= left.is_seen
