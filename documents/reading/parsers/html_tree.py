"""The tree of a web page: which elements there are, how to walk them, and the words under one."""

from collections.abc import Callable, Iterator

from selectolax.lexbor import LexborNode

DROPPED = frozenset(
    {"head", "script", "style", "template", "noscript", "iframe", "object", "svg", "canvas", "datalist"}
)
BLOCKS = frozenset(
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


def walk(root: LexborNode, is_closed: Callable[[LexborNode], bool]) -> Iterator[tuple[LexborNode, bool]]:
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


def text(root: LexborNode, is_closed: Callable[[LexborNode], bool]) -> str:
    """The words under a node in one line."""
    parts = []
    for node, _ in walk(root, is_closed):
        if node.is_text_node:
            parts.append("" if is_closed(node) else node.text_content or "")
        elif node.tag == "br" or node.tag in BLOCKS:
            parts.append(" ")
    return " ".join("".join(parts).split())


def is_dropped(node: LexborNode) -> bool:
    """Whether what is inside is no text of the page at all."""
    return bool(node.is_element_node) and node.tag in DROPPED
