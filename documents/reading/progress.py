"""How a parser tells how far it is."""

from collections.abc import Callable

# Called with the pages done and the pages there are.
Progress = Callable[[int, int], None]


def unheard(done: int, total: int) -> None:
    """For callers who do not ask how far reading is."""
