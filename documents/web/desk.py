"""What lies on the reader's desk: what is said of a document itself, its pages, and what can be found out about it."""

import re
from collections import Counter
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from accounts.models import User
from documents import providers
from documents.models import Analysis, Document, Page, Recipe
from documents.reading.parsers import registry
from documents.values import PageKind, Span, Task
from documents.web import library, results
from documents.web.reader import PageText

MOST_PARTS = 2_000
_SPAN = re.compile(r"(\d{1,9})-(\d{1,9})", re.ASCII)
PART_COLUMNS = (
    *("name", "size", "reason", "container", "document__title", "document__status", "document__error"),
    "document__deleted_at",
)


@dataclass(frozen=True, slots=True)
class AnalysisView:
    """An analysis under the name a person gave or chose."""

    row: Analysis
    name: str
    made_by: str
    result: results.ResultView | None = None

    @property
    def percent(self) -> int:
        """How much of it is done, where it is done in portions."""
        return round(100 * self.row.progress)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the form for the next analysis begins with; no recipe stands for the person's own words."""

    recipe: int | None
    labels: str = ""
    instruction: str = ""
    language: str = ""


def about(document: Document, person: User) -> dict[str, Any]:
    """What the reader says of the document itself."""
    return {
        "document": document,
        "title": library.title(document),
        "kind": library.kind(document),
        "percent": round(100 * document.progress),
        "stage": library.stage(document),
        "parts": list(document.parts.select_related("document").only(*PART_COLUMNS)[:MOST_PARTS]),
        "containers": list(Document.objects.visible_to(person).filter(parts__document=document).only("title")[:5]),
        "paged": is_paged(document),
    }


def is_paged(document: Document) -> bool:
    """Whether its pages can be read one by one."""
    format_ = registry.by_media_type(document.media_type)
    return format_ is not None and format_.is_paged


def page_kinds(document: Document) -> list[tuple[str, int]]:
    """How many pages there are of each kind."""
    return Counter(document.pages.values_list("kind", flat=True)).most_common()


def outline(analysis: Analysis, result: results.ResultView | None = None) -> AnalysisView:
    return AnalysisView(analysis, results.name(analysis), results.made_by(analysis), result)


def choosable(person: User) -> list[Recipe]:
    """The recipes that whoever answers here can carry out."""
    found = Recipe.objects.visible_to(person)
    return list(found if providers.provider().capabilities.writes else found.exclude(task=Task.TRANSLATION))


def wanted(pk: str, recipes: list[Recipe]) -> Asked | None:
    return next((Asked(one.pk) for one in recipes if str(one.pk) == pk), None)


def asked_like(analysis: Analysis | None, recipes: list[Recipe]) -> Asked:
    """The same as the analysis shown, so that it can be varied; else the first recipe."""
    if analysis and not analysis.recipe and analysis.task == Task.INSTRUCTION:
        return Asked(None, instruction=analysis.instruction)
    if analysis is None:
        return Asked(recipes[0].pk if recipes else None)
    same = (recipe for recipe in recipes if recipe.pk == analysis.recipe_id)
    alike = (recipe for recipe in recipes if recipe.task == analysis.task)
    recipe = next(same, None) or next(alike, recipes[0] if recipes else None)
    own_labels = analysis.labels if recipe and analysis.labels != recipe.labels else []
    return Asked(recipe.pk if recipe else None, labels=", ".join(own_labels), language=analysis.language)


def chosen(newest: list[Analysis], all_: QuerySet[Analysis], key: str) -> Analysis | None:
    """The one asked for, however old; else the newest."""
    found = next((one for one in newest if str(one.pk) == key), None)
    if found is None and (named := identity(key)):
        found = all_.filter(pk=named).first()
    return found or (newest[0] if newest else None)


def identity(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def span(words: str) -> Span | None:
    """The offsets that an address names; nothing when they are none."""
    found = _SPAN.fullmatch(words)
    return Span(int(found[1]), int(found[2])) if found and int(found[1]) < int(found[2]) else None


def pages(document: Document) -> list[PageText]:
    """As they were read."""
    rows = Page.objects.filter(document=document).defer("words", "width", "height")
    return [
        PageText(
            row.number, row.start, row.end, PageKind(row.kind), row.as_blocks, row.label, row.reason, row.confidence
        )
        for row in rows
    ]


def number(part: str) -> int:
    """What an address says; 0 for what is no number."""
    return int(part) if part.isdecimal() and len(part) < 7 else 0
