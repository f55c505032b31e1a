"""Small OpenDocument and RTF files, made in code."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

_URN = "urn:oasis:names:tc:opendocument:xmlns"
_NAMES = {
    "office": f"{_URN}:office:1.0",
    "text": f"{_URN}:text:1.0",
    "table": f"{_URN}:table:1.0",
    "style": f"{_URN}:style:1.0",
    "draw": f"{_URN}:drawing:1.0",
    "presentation": f"{_URN}:presentation:1.0",
    "svg": f"{_URN}:svg-compatible:1.0",
    "fo": f"{_URN}:xsl-fo-compatible:1.0",
    "meta": f"{_URN}:meta:1.0",
    "xlink": "http://www.w3.org/1999/xlink",
    "dc": "http://purl.org/dc/elements/1.1/",
}
_DECLARED = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in _NAMES.items())


def odt(body: str, *, styles: str = "", margins: str = "", title: str = "", **members: str) -> bytes:
    """A text with this body; `margins` are headers and footers, `members` further files in it (`_` for a dot)."""
    return _packed(f"<office:text>{body}</office:text>", styles, margins, title, members)


def odp(*slides: str, styles: str = "", master: str = "", before: str = "") -> bytes:
    """A presentation; each slide is a `draw:page` of its own, `master` what stands behind all."""
    body = f"<office:presentation>{before}{''.join(slides)}</office:presentation>"
    return _packed(body, styles, master, "", {})


def frame(
    words: str, *, kind: str = "", x: int = 1, y: int = 1, width: int = 10, height: int = 2, more: str = ""
) -> str:
    """A text box on a slide, in centimetres; `kind` is "title", "subtitle", "outline", "notes" …"""
    of_kind = f'presentation:class="{kind}"' if kind else ""
    place = f'svg:x="{x}cm" svg:y="{y}cm" svg:width="{width}cm" svg:height="{height}cm"'
    return f"<draw:frame {of_kind} {place} {more}><draw:text-box><text:p>{words}</text:p></draw:text-box></draw:frame>"


def slide(*shapes: str, more: str = "") -> str:
    return f'<draw:page draw:master-page-name="Default" {more}>{"".join(shapes)}</draw:page>'


def xml(root: str, inside: str) -> str:
    """A whole XML file with the names OpenDocument uses."""
    return f"<{root} {_DECLARED}>{inside}</{root}>"


def rtf(body: str, *, head: str = r"\ansi\ansicpg1252") -> bytes:
    return f"{{\\rtf1{head} {body}}}".encode("latin-1")


def _packed(body: str, styles: str, master: str, title: str, members: dict[str, str]) -> bytes:
    automatic = f"<office:automatic-styles>{styles}</office:automatic-styles>"
    master = f'<style:master-page style:name="Default">{master}</style:master-page>'
    parts = {
        "content.xml": xml("office:document-content", f"{automatic}<office:body>{body}</office:body>"),
        "styles.xml": xml("office:document-styles", f"<office:master-styles>{master}</office:master-styles>"),
        "meta.xml": xml("office:document-meta", f"<office:meta><dc:title>{title}</dc:title></office:meta>"),
        **{name.replace("__", "/").replace("_", "."): data for name, data in members.items()},
    }
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as packed:
        for name, data in parts.items():
            packed.writestr(name, data)
    return file.getvalue()
