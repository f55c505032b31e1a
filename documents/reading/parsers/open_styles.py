"""Styles of OpenDocument files: what they say about how words look."""

from collections.abc import Iterator
from typing import Any

TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
PRESENTATION = "{urn:oasis:names:tc:opendocument:xmlns:presentation:1.0}"
_FORMAT = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"
_CHAIN = 20
_POINTS = {"pt": 1.0, "pc": 12.0, "px": 0.75, "in": 72.0, "cm": 28.35, "mm": 2.835}
_LEGIBLE_POINTS = 2


def points(measure: str | None) -> float | None:
    """A measure such as "2.5cm" in points; None when it is none."""
    measure = (measure or "").strip()
    try:
        return float(measure[:-2]) * _POINTS[measure[-2:]]
    except (ValueError, KeyError):
        return None


class Styles:
    """The styles of a file, each with those it is made from. `white_is_seen`: pages have colours of their own."""

    def __init__(self, *sources: Any) -> None:
        self.white_is_seen = False
        self._styles: dict[tuple[str, str], Any] = {}
        for source in sources:
            for style in source.iter(f"{STYLE}style") if source is not None else ():
                key = (style.get(f"{STYLE}family", ""), style.get(f"{STYLE}name", ""))
                self._styles.setdefault(key, style)
        self._unseen: dict[tuple[str, str, bool], bool] = {}

    def is_unseen(self, family: str, name: str | None, *, on_paper: bool) -> bool:
        """Whether words in this style cannot be seen; white ones only when they stand `on_paper`, not on a colour."""
        key = (family, name or "", on_paper and not self.white_is_seen)
        if key not in self._unseen:
            self._unseen[key] = self._has_no_look(*key)
        return self._unseen[key]

    def names_columns(self, paragraph: str | None, spans: set[str | None]) -> bool:
        """Whether a paragraph in these styles is set as the name of a column: in bold."""
        if self._is_bold("paragraph", paragraph or ""):
            return True
        return bool(spans) and all(self._is_bold("text", span or "") for span in spans)

    def is_hidden_slide(self, name: str | None) -> bool:
        return self._of_slide(name, "visibility") == "hidden"

    def shows_footer(self, name: str | None) -> bool:
        return self._of_slide(name, "display-footer") != "false"

    def _of_slide(self, name: str | None, what: str) -> str | None:
        return self._said("drawing-page", name or "", "drawing-page-properties", f"{PRESENTATION}{what}")

    def _is_bold(self, family: str, name: str) -> bool:
        return self._said(family, name, "text-properties", f"{_FORMAT}font-weight") in ("bold", "700", "800", "900")

    def _has_no_look(self, family: str, name: str, on_paper: bool) -> bool:
        if self._said(family, name, "text-properties", f"{TEXT}display") == "none":
            return True
        size = points(self._said(family, name, "text-properties", f"{_FORMAT}font-size"))
        if size is not None and size < _LEGIBLE_POINTS:
            return True
        white = self._said(family, name, "text-properties", f"{_FORMAT}color") in ("#ffffff", "#FFFFFF")
        return on_paper and white and not self._is_shaded(family, name)

    def _is_shaded(self, family: str, name: str) -> bool:
        shades = (
            self._said(family, name, kind, f"{_FORMAT}background-color")
            for kind in ("text-properties", "paragraph-properties")
        )
        return any(shade and shade.lower() not in ("transparent", "#ffffff") for shade in shades)

    def _said(self, family: str, name: str, kind: str, attribute: str) -> str | None:
        """What the style, or the nearest it is made from, says."""
        for style in self._chain(family, name):
            for properties in style.iterchildren(f"{STYLE}{kind}"):
                value: str | None = properties.get(attribute)
                if value is not None:
                    return value
        return None

    def _chain(self, family: str, name: str) -> Iterator[Any]:
        for _ in range(_CHAIN):
            style = self._styles.get((family, name))
            if style is None:
                return
            yield style
            name = style.get(f"{STYLE}parent-style-name", "")
