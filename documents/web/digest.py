"""The overview of a document: what the built-in recipes found out about it, in short, each statement with its marks."""

from dataclasses import dataclass, replace
from itertools import chain

from accounts.models import User
from documents.actions import OVERVIEW
from documents.models import Analysis, AnalysisStatus, Document, Recipe
from documents.web import desk, results
from documents.web.desk import AnalysisView
from documents.web.reader import Cited
from documents.web.results import Numbers, Parted, ResultView

# So many statements of each are shown, and so many marks of one statement.
MOST = {"summary": 12, "key-points": 8, "entities": 18, "dates": 10}
MOST_MARKS = 3


@dataclass(frozen=True, slots=True)
class Section:
    """What one recipe found out; without an `analysis` it was not carried out on the text as it is now."""

    recipe: Recipe
    analysis: AnalysisView | None = None
    total: int = 0

    @property
    def more(self) -> int:
        """Statements that are only shown with the whole analysis."""
        shown = self.analysis.result.statements if self.analysis and self.analysis.result else ()
        return self.total - len(shown)

    @property
    def is_working(self) -> bool:
        return self.analysis is not None and not self.analysis.row.settled

    @property
    def is_missing(self) -> bool:
        return self.analysis is None or self.analysis.row.status in (AnalysisStatus.FAILED, AnalysisStatus.CANCELLED)


@dataclass(frozen=True, slots=True)
class Digest:
    """All sections, in their order."""

    sections: tuple[Section, ...]

    @property
    def missing(self) -> tuple[Section, ...]:
        return tuple(one for one in self.sections if one.is_missing)

    @property
    def is_empty(self) -> bool:
        """Nothing was found out yet, and nothing is on its way."""
        return all(one.is_missing for one in self.sections)

    @property
    def is_working(self) -> bool:
        return any(one.is_working for one in self.sections)

    @property
    def cited(self) -> list[Cited]:
        """The words all of it rests on."""
        shown = (one.analysis.result for one in self.sections if one.analysis and one.analysis.result)
        return list(dict.fromkeys(chain.from_iterable(result.cited for result in shown)))

    def linked(self, text: Parted, query: str) -> "Digest":
        """With every mark leading to its words."""
        seen: set[int | None] = set()
        return Digest(tuple(_linked(one, text, query, seen) for one in self.sections))


def of(document: Document, person: User) -> Digest:
    """What is known of the document as it reads now; the marks are numbered through."""
    recipes = {one.slug: one for one in Recipe.objects.filter(owner=None, slug__in=OVERVIEW)}
    newest = _newest(document, person)
    known: Numbers = {}
    sections = (_section(recipes[slug], newest.get(slug), document, known) for slug in OVERVIEW if slug in recipes)
    return Digest(tuple(sections))


def _newest(document: Document, person: User) -> dict[str, Analysis]:
    """Of each recipe the newest that counts: a finished analysis of this text, else one on its way or failed."""
    mine = document.analyses.visible_to(person).for_themselves().filter(recipe__owner=None, recipe__slug__in=OVERVIEW)
    found: dict[str, Analysis] = {}
    for one in mine.select_related("recipe").defer("inline_text")[:50]:
        assert one.recipe is not None
        is_old = one.status == AnalysisStatus.DONE and one.text_sha256 != document.content_sha256
        known = found.get(one.recipe.slug)
        if not is_old and (known is None or (_is_failed(known) and one.status == AnalysisStatus.DONE)):
            found[one.recipe.slug] = one
    return found


def _is_failed(analysis: Analysis) -> bool:
    return analysis.status in (AnalysisStatus.FAILED, AnalysisStatus.CANCELLED)


def _section(recipe: Recipe, analysis: Analysis | None, document: Document, known: Numbers) -> Section:
    if analysis is None:
        return Section(recipe)
    citations = list(analysis.citations.defer("boxes"))
    most = MOST.get(recipe.slug)
    result = results.view(analysis, citations, document.content_sha256, most=most, known=known)
    total = len(results.claims_of(analysis))
    return Section(recipe, desk.outline(analysis, _few_marks(result) if result else None), total)


def _few_marks(result: ResultView) -> ResultView:
    statements = tuple(replace(one, quotes=one.quotes[:MOST_MARKS]) for one in result.statements)
    kept = {quote.number for one in statements for quote in one.marks}
    return replace(result, statements=statements, cited=tuple(one for one in result.cited if one.number in kept))


def _linked(section: Section, text: Parted, query: str, seen: set[int | None]) -> Section:
    if section.analysis is None or section.analysis.result is None:
        return section
    return replace(
        section, analysis=replace(section.analysis, result=results.link(section.analysis.result, text, query, seen))
    )
