"""Words found in the document that lies open: how many there are, and which of them one is at."""

from dataclasses import dataclass

from documents.models import Document
from documents.search import within
from documents.values import Span
from documents.web import desk
from documents.web.address import Address
from documents.web.reader import FOUND, Cited, Tie


@dataclass(frozen=True, slots=True)
class Find:
    """What was looked for, and the hits; `at` counts from 1, 0 when there are none."""

    words: str
    hits: tuple[Span, ...]
    at: int
    address: Address

    @property
    def is_cut(self) -> bool:
        """There are more than are counted."""
        return len(self.hits) >= within.MOST_HITS

    @property
    def previous(self) -> str:
        return self._to(self.at - 1 or len(self.hits))

    @property
    def following(self) -> str:
        return self._to(self.at % max(len(self.hits), 1) + 1)

    def _to(self, hit: int) -> str:
        return f"{self.address.to(hit=str(hit), part='')}#found"

    @property
    def cited(self) -> list[Cited]:
        """The hits; one arrives at the one that is current."""
        if not self.hits:
            return []
        here = self.hits[self.at - 1]
        others = (Cited(1, hit.start, hit.end, Tie.HIT) for hit in self.hits)
        return [*others, Cited(FOUND, here.start, here.end)]


def look(document: Document, address: Address) -> Find | None:
    """What the address looks for in the document."""
    if not address.find:
        return None
    hits = within.occurrences(document.content, address.find)
    return Find(address.find, hits, min(desk.number(address.hit) or 1, len(hits)), address)
