"""What a run found out, as a table: a row a document, and a column for each value that was asked for."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Count, IntegerField, Q, Sum
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce
from django.urls import reverse

from documents.models import Analysis, AnalysisStatus, Citation, Run
from documents.models.results import OPEN
from documents.values import Task
from documents.web import results
from documents.web.statements import Statement, by_field

PAGE_SIZE = 50
# Of what is neither values nor classes, so many statements stand in the table.
FIRST = 3
ONLY = {
    "done": (AnalysisStatus.DONE,),
    "failed": (AnalysisStatus.FAILED,),
    "stopped": (AnalysisStatus.CANCELLED,),
    "open": tuple(OPEN),
}
DOCUMENT_COLUMNS = ("document__title", "document__content_sha256")
CITATION_COLUMNS = ("analysis_id", "ordinal", "quote", "verified", "start", "end", "page")


@dataclass(frozen=True, slots=True)
class Standing:
    """How many analyses of a run there are, and what became of them."""

    total: int
    done: int
    failed: int
    stopped: int
    verified: int = 0
    statements: int = 0

    @property
    def open(self) -> int:
        return self.total - self.ended

    @property
    def ended(self) -> int:
        return self.done + self.failed + self.stopped

    @property
    def percent(self) -> int:
        return round(100 * self.ended / self.total) if self.total else 100

    @property
    def tenths(self) -> int:
        """In steps of ten, which are read out."""
        return self.percent // 10 * 10


@dataclass(frozen=True, slots=True)
class Cell:
    """What was found for a column."""

    column: str
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A document of the run; what is no table of values has one cell."""

    analysis: Analysis
    address: str
    cells: tuple[Cell, ...] = ()
    stale: bool = False

    @property
    def percent(self) -> int:
        return round(100 * self.analysis.progress)

    @property
    def verified(self) -> int:
        return int((self.analysis.result or {}).get("verified", 0))

    @property
    def total(self) -> int:
        return int((self.analysis.result or {}).get("total", 0))

    @property
    def more(self) -> int:
        """How many statements stand only in the reader."""
        return max(self.total - sum(len(cell.statements) for cell in self.cells), 0)


@dataclass(frozen=True, slots=True)
class Table:
    """One page of the rows; `only` narrows them to what became of them."""

    shape: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    page: int
    pages: int
    only: str = ""

    @property
    def previous(self) -> str:
        return self._address(self.page - 1) if self.page > 1 else ""

    @property
    def following(self) -> str:
        return self._address(self.page + 1) if self.page < self.pages else ""

    @property
    def span(self) -> int:
        """How many columns there are beside that of the document."""
        return len(self.columns)

    def _address(self, page: int) -> str:
        return "?" + urlencode({**({"only": self.only} if self.only else {}), "page": page})


def standing(run: Run) -> Standing:
    analyses = run.analyses.out_of_bin()
    counted: Counter[str] = Counter(dict(analyses.order_by().values_list("status").annotate(Count("pk"))))
    failed, stopped = counted[AnalysisStatus.FAILED], counted[AnalysisStatus.CANCELLED]
    said = analyses.filter(status=AnalysisStatus.DONE).order_by()
    verified, statements = said.aggregate(verified=_summed("verified"), total=_summed("total")).values()
    return Standing(counted.total(), counted[AnalysisStatus.DONE], failed, stopped, verified, statements)


def _summed(key: str) -> Coalesce:
    """A number of the results, over all of them."""
    return Coalesce(Sum(Cast(KeyTextTransform(key, "result"), IntegerField())), 0)


def table(run: Run, *, page: str = "", only: str = "") -> Table:
    """The page asked for, or the nearest one."""
    here = run.analyses.out_of_bin()
    rows = here.filter(status__in=ONLY[only]) if only in ONLY else here
    pages = max(-(-rows.count() // PAGE_SIZE), 1)
    number = min(max(int(page), 1), pages) if page.isdecimal() and len(page) < 7 else 1
    ordered = rows.order_by("title", "pk").select_related("document").only(*_columns())
    shown = list(ordered[(number - 1) * PAGE_SIZE : number * PAGE_SIZE])
    shape, columns = _shape(shown[0]) if shown else ("list", ())
    return Table(shape, columns, tuple(_rows(shown)), number, pages, only if only in ONLY else "")


def kind(run: Run) -> Analysis | None:
    """One of its analyses, which says what all of them were asked."""
    return run.analyses.out_of_bin().select_related("recipe").defer("result", "inline_text").first()


def _columns() -> tuple[str, ...]:
    own = ("title", "run_id", "task", "schema", "status", "progress", "error", "result", "text_sha256")
    return (*own, *DOCUMENT_COLUMNS)


def _shape(analysis: Analysis) -> tuple[str, tuple[str, ...]]:
    if analysis.task == Task.EXTRACT:
        return "fields", tuple(field.name for field in results.fields_of(analysis))
    if analysis.task == Task.CLASSIFY:
        return "classes", ("Class", "Sure", "Rests on")
    return "list", ("Found", "Verified")


def _rows(analyses: Sequence[Analysis]) -> Iterator[Row]:
    cited = _citations(analyses)
    return (_row(analysis, cited.get(analysis.pk, [])) for analysis in analyses)


def _row(analysis: Analysis, citations: Sequence[Citation]) -> Row:
    address = f"{reverse('documents:document', args=[analysis.document_id])}?analysis={analysis.pk}"
    sha256 = analysis.document.content_sha256 if analysis.document else ""
    found = results.view(analysis, citations, sha256, most=_most(analysis))
    if found is None:
        return Row(analysis, address)
    found = results.lead(found, address)
    if found.shape == "fields":
        cells = tuple(Cell(one.field.name, one.statements) for one in by_field(found.fields, found.statements))
        return Row(analysis, address, cells, found.stale)
    return Row(analysis, address, (Cell("", found.statements),), found.stale)


def _most(analysis: Analysis) -> int | None:
    return None if analysis.task in (Task.EXTRACT, Task.CLASSIFY) else FIRST


def _citations(analyses: Sequence[Analysis]) -> dict[UUID | None, list[Citation]]:
    """Of each analysis those that its statements in the table need: they come first."""
    wanted = Q(pk=None)
    for analysis in analyses:
        claims = results.claims_of(analysis)[: _most(analysis)]
        last = max((ordinal for claim in claims for ordinal in claim["citations"]), default=-1)
        wanted |= Q(analysis_id=analysis.pk, ordinal__lte=last)
    found: dict[UUID | None, list[Citation]] = {}
    for citation in Citation.objects.filter(wanted).only(*CITATION_COLUMNS):
        found.setdefault(citation.analysis_id, []).append(citation)
    return found
