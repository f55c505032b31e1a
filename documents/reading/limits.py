"""How much one document may use, and the few choices there are in reading it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds for reading one file. Beyond any of them a page, or the file, is refused with words.

    `wall_seconds` and `cpu_seconds` bind the time until the next page is done, `total_seconds` the whole file.
    `pages_wanted` are numbers of pages to read; none means all. `force_ocr` recognises them even where there is text.
    `picture_width` is how many pixels wide a page is drawn.
    """

    pages: int = 2_000
    text_chars: int = 20_000_000
    wall_seconds: float = 120.0
    cpu_seconds: int = 100
    total_seconds: int = 5_400
    memory_mb: int = 1_500
    pixels: int = 100_000_000
    unpacked_bytes: int = 400_000_000
    unpacking_ratio: int = 200
    archive_members: int = 10_000
    parts: int = 2_000
    output_bytes: int = 1_000_000_000
    restarts: int = 5
    ocr_language: str = "eng"
    ocr_page_seconds: float = 40.0
    pages_wanted: tuple[int, ...] = ()
    force_ocr: bool = False
    picture_width: int = 1_200
    weak_walls: bool = False


DEFAULT = Limits()
