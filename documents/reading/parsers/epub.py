"""E-books (EPUB): the chapters in the order of the spine, each read as the web page it is."""

import posixpath
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote
from zipfile import ZipFile

from lxml import etree

from documents.reading import archives
from documents.reading.decoding import decode
from documents.reading.draft import Draft
from documents.reading.errors import Code, UnreadableFile
from documents.reading.items import Expected, Item, Title
from documents.reading.limits import Limits
from documents.reading.parsers import html
from documents.values import BlockKind, Leaf, PageKind

_PAGES = (".xhtml", ".html", ".htm", ".xml")
_PAGE_TYPES = frozenset({"application/xhtml+xml", "text/html", "text/x-oeb1-document"})
# Fonts are often scrambled by these, the text is not.
_FONT_SCRAMBLING = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
_LONGEST_LABEL = 120
_TORN = "This chapter is damaged and could not be unpacked. Fetch the e-book again and upload that."


def parse(path: Path, limits: Limits) -> Iterator[Item]:
    archives.check(path, limits)
    with ZipFile(path) as book:
        names = book.namelist()
        _refuse_locked(book, names)
        package = _package(book, names)
        chapters = [name for name in _spine(package) if name in names] if package else []
        chapters = chapters or _loose_pages(names)
        _check_number(chapters, limits)
        yield Expected(len(chapters))
        for number, name in enumerate(chapters, start=1):
            yield _chapter(book, name, number, limits)
        yield Title(package.title if package else "")


class _Package:
    """The file that lists what is in the book."""

    def __init__(self, place: str, root: "etree._Element") -> None:
        self.folder = posixpath.dirname(place)
        self.root = root

    @property
    def title(self) -> str:
        return next((node.text or "" for node in self.root.iter("{*}title")), "")


def _xml(data: bytes) -> "etree._Element | None":
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, huge_tree=False)
    return etree.fromstring(data, parser) if data.strip() else None


def _package(book: ZipFile, names: list[str]) -> _Package | None:
    """By the container's word, else the first file that looks like it; None when there is none."""
    container = _read_xml(book, "META-INF/container.xml") if "META-INF/container.xml" in names else None
    said = [node.get("full-path", "") for node in container.iter("{*}rootfile")] if container is not None else []
    for place in [*said, *(name for name in names if name.endswith(".opf"))]:
        root = _read_xml(book, place) if place in names else None
        if root is not None:
            return _Package(place, root)
    return None


def _read_xml(book: ZipFile, name: str) -> "etree._Element | None":
    try:
        return _xml(book.read(name))
    except (etree.XMLSyntaxError, *archives.BROKEN):
        return None


def _spine(package: _Package) -> list[str]:
    """The names of the chapters in their order."""
    items = {
        item.get("id", ""): _absolute(package.folder, item.get("href", ""))
        for item in package.root.iter("{*}item")
        if item.get("media-type", "") in _PAGE_TYPES
    }
    order = [reference.get("idref", "") for reference in package.root.iter("{*}itemref")]
    return list(dict.fromkeys(items[identity] for identity in order if identity in items))


def _absolute(folder: str, href: str) -> str:
    return posixpath.normpath(posixpath.join(folder, unquote(href.partition("#")[0])))


def _loose_pages(names: list[str]) -> list[str]:
    return sorted(name for name in names if name.lower().endswith(_PAGES) and not name.startswith("META-INF/"))


def _refuse_locked(book: ZipFile, names: list[str]) -> None:
    if "META-INF/encryption.xml" not in names:
        return
    root = _read_xml(book, "META-INF/encryption.xml")
    methods = [node.get("Algorithm", "") for node in root.iter("{*}EncryptionMethod")] if root is not None else []
    if any(method not in _FONT_SCRAMBLING for method in methods):
        raise UnreadableFile(
            Code.ENCRYPTED,
            "This e-book is copy-protected, so its text cannot be read. Upload a copy without protection.",
        )


def _check_number(chapters: list[str], limits: Limits) -> None:
    if not chapters:
        raise UnreadableFile(Code.NO_TEXT, "There are no chapters in this e-book. Check that it is the right file.")
    if len(chapters) > limits.pages:
        raise UnreadableFile(
            Code.TOO_MANY_PAGES,
            f"This e-book has {len(chapters):,} chapters; a document may have {limits.pages:,}. Split it and upload "
            "the parts.",
        )


def _chapter(book: ZipFile, name: str, number: int, limits: Limits) -> Leaf:
    """The chapter, named by its first heading."""
    draft = Draft(limits)
    try:
        source = book.read(name)
    except archives.BROKEN:
        return Leaf(number, PageKind.UNREADABLE, label=f"Chapter {number}", reason=_TORN)
    title = html.write(decode(source), draft)
    text = draft.leaf().text
    headings = (block for block in draft.blocks if block.kind is BlockKind.HEADING)
    label = next((text[block.start : block.end] for block in headings), "") or title
    return draft.leaf(number, label=label[:_LONGEST_LABEL] or f"Chapter {number}")
