"""The members of a workbook (XLSX) and how they lead to each other, read beside the library that gives its values."""

import posixpath
from collections.abc import Iterator
from zipfile import ZipFile

from lxml import etree

from documents.reading import archives

_RELATION_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION_ID = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
_WORKBOOK = "xl/workbook.xml"
# What a member that is not there, is torn or is no XML may raise.
BROKEN = (*archives.BROKEN, etree.XMLSyntaxError)


class WorkbookParts:
    """An open workbook; `sheets` are the members that hold its sheets, by the names of the sheets."""

    def __init__(self, archive: ZipFile) -> None:
        self.archive = archive
        self.sheets = self._sheet_members()

    def related(self, member: str, kind: str) -> list[str]:
        """The members this one is tied to as its "comments", say; none when it says nothing about it."""
        try:
            return [name for name, type_ in self._relations(member).values() if type_.endswith(f"/{kind}")]
        except BROKEN:
            return []

    def people(self) -> list[str]:
        """The members that name those who wrote in threads."""
        return self.related(_WORKBOOK, "person")

    def elements(self, member: str, *names: str) -> Iterator[etree._Element]:
        """The elements of these names, one after the other and each gone when the next is asked for."""
        with self.archive.open(member) as file:
            tags = [f"{{*}}{name}" for name in names]
            for _, element in etree.iterparse(file, tag=tags, resolve_entities=False, no_network=True, recover=True):
                yield element
                _forget(element)

    def _sheet_members(self) -> dict[str, str]:
        try:
            relations = self._relations(_WORKBOOK)
            workbook = self._parsed(_WORKBOOK)
        except BROKEN:
            return {}
        return {
            sheet.get("name", ""): relations.get(_relation(sheet), ("", ""))[0] for sheet in workbook.iter("{*}sheet")
        }

    def _relations(self, member: str) -> dict[str, tuple[str, str]]:
        """Where each relation of the member leads, and what kind it is."""
        folder, name = posixpath.split(member)
        return {
            relation.get("Id", ""): (_member(folder, relation.get("Target", "")), relation.get("Type", ""))
            for relation in self._parsed(f"{folder}/_rels/{name}.rels").iter("{*}Relationship")
        }

    def _parsed(self, member: str) -> etree._Element:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
        root = etree.fromstring(self.archive.read(member), parser)
        if root is None:
            raise ValueError(member)
        return root


def _relation(sheet: etree._Element) -> str:
    return sheet.get(_RELATION_ID) or sheet.get(_STRICT_RELATION_ID) or ""


def _member(folder: str, target: str) -> str:
    return posixpath.normpath(posixpath.join(f"/{folder}", target))[1:]


def _forget(element: etree._Element) -> None:
    """Frees the element and those before it: a sheet is far larger as a tree than as a file."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]
