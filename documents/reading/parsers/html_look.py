"""How the text in an element looks, as far as it decides whether anybody sees it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from PIL import ImageColor

from documents.reading.parsers.html_selectors import Element

Color = tuple[float, float, float, float]

_WHITE: Color = (1, 1, 1, 1)
_PIXELS = {"px": 1.0, "pt": 96 / 72, "pc": 16.0, "in": 96.0, "cm": 96 / 2.54, "mm": 96 / 25.4, "rem": 16.0, "": 1.0}
_LENGTH = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+))\s*([a-z]*|%)")
_NUMBERS = re.compile(r"([\d.]+)(%?)")
# Two points; smaller type is a dot.
_SMALLEST = 96 / 72 * 2
_FAR_OFF = -999.0
# Paler than this on its ground, a letter is not made out.
_LEAST_CONTRAST = 1.1
_FAINT = 0.05
_CLIPPED = re.compile(
    r"rect\(\s*([01])(?:px)?[\s,]+\1(?:px)?[\s,]+\1(?:px)?[\s,]+\1(?:px)?\s*\)"
    r"|inset\(\s*(?:[5-9]\d|100)(?:\.\d+)?%\s*\)|circle\(\s*0|polygon\(\s*0(?:px|%)?\s+0(?:px|%)?\s*(?:,\s*0\S*\s+0\S*\s*)*\)"
)
_SHRUNK = re.compile(r"scale(?:[xy]|3d)?\(\s*0(?:\.0+)?\s*[,)]")
_PLACED = ("left", "top", "right", "bottom")
_KEPT = frozenset({"inherit", "unset", "currentcolor", "revert"})
_NO_GROUND = _KEPT | {"none", "transparent", "initial"}
# These are painted by the browser in colours of their own.
_OWN_COLORS = frozenset({"button", "input", "select", "option", "textarea", "mark"})


@dataclass(frozen=True, slots=True)
class Look:
    """`color` and `ground` are None when they cannot be known; `gone` holds for everything inside, come what may."""

    color: Color | None = None
    ground: Color | None = _WHITE
    font_pixels: float = 16.0
    is_visible: bool = True
    is_outdented: bool = False
    gone: bool = False

    @property
    def is_unseen(self) -> bool:
        """Whether words that stand here are seen by nobody."""
        return (
            self.gone
            or not self.is_visible
            or self.is_outdented
            or self.font_pixels < _SMALLEST
            or _blends(self.color, self.ground)
        )


def look(element: Element, style: Mapping[str, str], around: Look, *, has_sheets: bool) -> Look:
    """The look of an element inside of one that looks like `around`. Linked sheets may paint all that has a name."""
    is_named = has_sheets and bool(element.classes or element.attributes.get("id"))
    font_pixels = _font(style.get("font-size"), around.font_pixels)
    return replace(
        around,
        color=_ink(element, style, None if is_named else around.color),
        ground=_ground(element, style, None if is_named else around.ground),
        font_pixels=font_pixels,
        is_visible=_is_visible(style.get("visibility"), around.is_visible),
        is_outdented=_is_outdented(style.get("text-indent"), font_pixels, around.is_outdented),
        gone=around.gone or is_gone(element, style),
    )


def is_gone(element: Element, style: Mapping[str, str]) -> bool:
    return (
        "hidden" in element.attributes
        or style.get("display") == "none"
        or style.get("mso-hide") in ("all", "screen")
        or _is_see_through(style.get("opacity", ""))
        or _is_far_off(style)
        or _is_shut(style)
        or any(_CLIPPED.match(style.get(name, "")) for name in ("clip", "clip-path"))
        or bool(_SHRUNK.search(style.get("transform", "")))
    )


def _is_see_through(opacity: str) -> bool:
    found = _LENGTH.match(opacity)
    return found is not None and float(found[1]) / (100 if found[2] == "%" else 1) < _FAINT


def _is_far_off(style: Mapping[str, str]) -> bool:
    moved: tuple[str, ...] = ("margin-left", "margin-top")
    if style.get("position") in ("absolute", "fixed"):
        moved += _PLACED
    return any(_is(style.get(name), lambda pixels: pixels <= _FAR_OFF) for name in moved)


def _is_shut(style: Mapping[str, str]) -> bool:
    """Whether it has no room and shows nothing beyond it."""
    if style.get("overflow", "").split(" ")[0] not in ("hidden", "clip"):
        return False
    # A height of padding keeps the shape of a picture or film.
    is_shaped = any(style.get(name, "").endswith("%") for name in ("padding-top", "padding-bottom"))
    sides = ("max-height", "width", "max-width") if is_shaped else ("height", "max-height", "width", "max-width")
    return any(_is(style.get(side), lambda pixels: 0 <= pixels <= 1) for side in sides)


def _is(length: str | None, judge: Callable[[float], bool]) -> bool:
    pixels = _pixels(length, 16.0)
    return pixels is not None and judge(pixels)


def _pixels(length: str | None, em: float) -> float | None:
    """A length in pixels; None for what depends on the room there is."""
    found = _LENGTH.fullmatch(length or "")
    if found is None:
        return None
    number, unit = float(found[1]), found[2]
    if number == 0 or unit in _PIXELS:
        return number * _PIXELS.get(unit, 1.0)
    return number * em * {"em": 1.0, "ex": 0.5, "ch": 0.5}[unit] if unit in ("em", "ex", "ch") else None


def _font(size: str | None, around: float) -> float:
    if size is None or size in _KEPT:
        return around
    if size.endswith("%"):
        size = f"{size[:-1]}em"
        around /= 100
    pixels = _pixels(size, around)
    return 16.0 if pixels is None else pixels


def _is_visible(visibility: str | None, around: bool) -> bool:
    if visibility is None or visibility in _KEPT:
        return around
    return visibility not in ("hidden", "collapse")


def _is_outdented(indent: str | None, em: float, around: bool) -> bool:
    if indent is None or indent in _KEPT:
        return around
    pixels = _pixels(indent.split(" ")[0], em)
    return pixels is not None and pixels <= _FAR_OFF


def _ink(element: Element, style: Mapping[str, str], around: Color | None) -> Color | None:
    said = style.get("color") or _hint(element, "color" if element.tag == "font" else "text", ("font", "body"))
    if "text" in style.get("background-clip", ""):
        return None
    if said is None:
        # Links do not take the colour of what they stand in.
        return None if element.tag in _OWN_COLORS or (element.tag == "a" and "href" in element.attributes) else around
    return around if said in _KEPT else _color(said)


def _ground(element: Element, style: Mapping[str, str], around: Color | None) -> Color | None:
    if element.attributes.get("background") or style.get("background-image", "none") not in _NO_GROUND:
        return None
    said = style.get("background") or _hint(element, "bgcolor", ())
    if said is None:
        return None if element.tag in _OWN_COLORS else around
    if said in _NO_GROUND:
        return around
    painted = _color(said) or _color_among(said)
    if painted is None or _FAINT <= painted[3] < 1 - _FAINT:
        return None
    return around if painted[3] < _FAINT else painted


def _hint(element: Element, name: str, tags: tuple[str, ...]) -> str | None:
    """A colour said by an attribute, as was done before there were styles."""
    said = (element.attributes.get(name) or "").strip().lower() if not tags or element.tag in tags else ""
    return f"#{said}" if re.fullmatch(r"[0-9a-f]{6}", said) else said or None


def _color_among(background: str) -> Color | None:
    """The colour in a background that has nothing to do with pictures."""
    if "url" in background or "gradient" in background or "image" in background or "var" in background:
        return None
    return next((color for word in background.split(" ")[:8] if (color := _color(word))), None)


def _color(said: str) -> Color | None:
    if said == "transparent":
        return (0, 0, 0, 0)
    if said.startswith(("rgba", "rgb")):
        return _from_numbers(said)
    try:
        red, green, blue, *alpha = ImageColor.getrgb(said)
    except ValueError:
        return None
    return red / 255, green / 255, blue / 255, (alpha[0] / 255 if alpha else 1)


def _from_numbers(said: str) -> Color | None:
    parts = _NUMBERS.findall(said[:100])
    try:
        shares = [float(number) / (100 if percent else 1) for number, percent in parts]
    except ValueError:
        return None
    if len(shares) not in (3, 4) or "var" in said:
        return None
    red, green, blue = (
        min(share if percent else share / 255, 1) for share, (_, percent) in zip(shares[:3], parts, strict=False)
    )
    return red, green, blue, (min(shares[3], 1) if len(shares) == 4 else 1)


def _blends(color: Color | None, ground: Color | None) -> bool:
    if color is None or color[3] < _FAINT:
        return color is not None
    if ground is None:
        return False
    light, dark = sorted((_luminance(color), _luminance(ground)), reverse=True)
    return (light + 0.05) / (dark + 0.05) < _LEAST_CONTRAST


def _luminance(color: Color) -> float:
    """As the guidelines for readable web pages reckon it."""
    red, green, blue = (share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in color[:3])
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
