"""How much one document may use."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds for reading one file. Beyond any of them the file is refused with words, not read in part."""

    pages: int = 2_000
    text_chars: int = 20_000_000
    wall_seconds: float = 120.0
    cpu_seconds: int = 100
    memory_mb: int = 1_500
    unpacked_bytes: int = 400_000_000
    unpacking_ratio: int = 200
    archive_members: int = 10_000
    output_bytes: int = 300_000_000


DEFAULT = Limits()
