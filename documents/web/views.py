"""The pages about documents: request in, one action or query, page out."""

import uuid
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.http import UserRequest
from documents import actions, exports
from documents.models import Analysis, AnalysisStatus, Document
from documents.reading.parsers import registry
from documents.search.query import MOST_CHARACTERS
from documents.web import arranging, desk, opened, searching, shelving, usage
from documents.web.address import Address, Tab, shown_in
from documents.web.facets import census, facets
from documents.web.forms import AnalyseForm, ReadAgainForm, RenameForm, UploadForm
from documents.web.library import some
from documents.web.pasting import PasteForm
from documents.web.sieve import Sieve


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect("documents:library")
    return render(request, "documents/home.html", {"supported": registry.supported_list()})


@login_required
@require_http_methods(["GET", "POST"])
def library(request: UserRequest) -> HttpResponse:
    if request.method == "POST":
        return _take(request)
    if request.htmx:
        return render(request, "documents/library.html#part", arranging.lay_out(request))
    about_files = {
        "supported": registry.supported_list(),
        "formats": registry.FORMATS,
        "limit_mb": settings.MAX_UPLOAD_MB,
        "paste_form": PasteForm(),
    }
    return render(request, "documents/library.html", arranging.lay_out(request) | about_files)


def _take(request: UserRequest) -> HttpResponse:
    """Keeps the files sent; a script gets one sentence a file, a browser the library with those sentences on top."""
    form = UploadForm(request.POST, request.FILES)
    if form.is_valid():
        outcomes = [_keep(request, file) for file in form.files_chosen]
    else:
        outcomes = [Outcome(messages.ERROR, "Choose at least one file first.")]
    if request.htmx:
        return render(request, "documents/library.html#outcomes", {"outcomes": outcomes})
    for outcome in outcomes:
        messages.add_message(request, outcome.level, outcome.sentence)
    return redirect("documents:library")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a file that was sent; `document` is there when it was kept, now or before."""

    level: int
    sentence: str
    document: Document | None = None


def _keep(request: UserRequest, file: "UploadedFile[Any]") -> Outcome:
    try:
        upload = actions.upload(owner=request.user, file=file)
    except actions.Refusal as refusal:
        return Outcome(messages.ERROR, f"“{file.name}” was not kept. {refusal}")
    title = upload.document.title
    if upload.created:
        return Outcome(messages.SUCCESS, f"“{title}” is kept and will be read now.", upload.document)
    if upload.put_back:
        return Outcome(messages.INFO, f"“{title}” was in the bin and is back in your library.", upload.document)
    return Outcome(messages.INFO, f"You already have this document: “{title}”.", upload.document)


@login_required
@require_GET
def stages(request: UserRequest) -> HttpResponse:
    """A line for each of these documents: what is done with it now, or what became of it."""
    rows = some(request.user, _identities(request.GET.getlist("id")))
    return render(request, "documents/library.html#stages", {"rows": rows})


@login_required
@require_POST
def samples(request: UserRequest) -> HttpResponse:
    actions.add_samples(owner=request.user)
    return redirect("documents:library")


@login_required
@require_GET
def watch(request: UserRequest) -> HttpResponse:
    """The rows that had not settled when the page last looked."""
    ids, asked = _identities(request.GET.getlist("id")), Sieve.read(request.GET)
    view = arranging.view_of(request)
    rows = some(request.user, ids, view)
    news = [row for row in rows if row.document.settled]
    found = census(request.user) if news else None
    context = {
        "rows": rows,
        "asked": asked,
        "view": view,
        "unsettled": [row for row in rows if not row.document.settled],
        "news": news,
        "census": found,
        "facets": facets(asked, found) if found else (),
        "gone": set(ids) - {row.document.pk for row in rows},
        "swapped": True,
    }
    return render(request, "documents/library.html#watched", context)


def _identities(values: list[str]) -> list[uuid.UUID]:
    try:
        return [uuid.UUID(value) for value in values[:100]]
    except ValueError:
        return []


@login_required
@require_GET
def search(request: UserRequest) -> HttpResponse:
    names = ("q", "sort", "type", "added", "collection", "page")
    given = {name: request.GET.get(name, "").replace("\x00", "") for name in names}
    asked = searching.Asked(given.pop("q").strip()[:MOST_CHARACTERS], **given)
    found = searching.page(request.user, asked)
    context = {
        "page": found,
        "asked": asked,
        "filters": () if request.htmx else searching.filters(request.user, asked),
        "has_documents": found is None or Document.objects.visible_to(request.user).exists(),
    }
    return render(request, "documents/search.html#results" if request.htmx else "documents/search.html", context)


@login_required
@require_GET
def usage_page(request: UserRequest) -> HttpResponse:
    month = usage.month(request.GET.get("month", ""))
    return render(request, "documents/usage.html", {"usage": usage.of(request.user, month)})


@login_required
@require_GET
def usage_csv(request: UserRequest) -> HttpResponse:
    month = usage.month(request.GET.get("month", ""))
    headers = {"Content-Disposition": f'attachment; filename="glossa-usage-{month:%Y-%m}.csv"'}
    return HttpResponse(usage.as_csv(request.user, month), content_type="text/csv; charset=utf-8", headers=headers)


@login_required
@require_GET
def similar(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """The documents most like this one."""
    found = _document(request, pk)
    return render(request, "documents/document.html#similar", {"alike": searching.alike(request.user, found.pk)})


@login_required
@require_GET
def document(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    found = Document.objects.visible_to(request.user).defer("embedding").filter(pk=pk).first()
    if found is None:
        return shelving.lies_in_bin(request, pk)
    address = Address.of(request.GET.dict(), shown_in(request.session, request.GET.get("view", "")))
    if page := desk.number(request.GET.get("page", "")):
        page = min(page, max(found.page_count, 1))
        return redirect(f"{request.path}{address.to(near=str(page), part='')}#page-{page}")
    if request.htmx:
        address = address.beside(_lay_open(request))
    context = opened.lay_out(found, request.user, address)
    return render(request, "documents/document.html#reader" if request.htmx else "documents/document.html", context)


def _lay_open(request: UserRequest) -> Address:
    """What the reader showed of this document when this was asked for."""
    before = urlsplit(request.htmx.current_url_abs_path or "")
    return Address.of(QueryDict(before.query).dict()) if before.path == request.path else Address()


def _document(request: UserRequest, pk: uuid.UUID) -> Document:
    return get_object_or_404(Document.objects.visible_to(request.user).defer("embedding"), pk=pk)


@login_required
@require_POST
def analyse(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    found = _document(request, pk)
    form = AnalyseForm(request.POST, person=request.user)
    if not form.is_valid():
        messages.error(request, str(next(iter(form.errors.values()))[0]))
        return redirect(_tab_of(pk, Tab.ANALYSES))
    try:
        started = actions.analyse(person=request.user, document=found, options=form.options)
    except actions.Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect(_tab_of(pk, Tab.ANALYSES))
    return redirect(_place_of(started))


def _tab_of(pk: uuid.UUID, tab: Tab) -> str:
    return f"{reverse('documents:document', args=[pk])}?tab={tab}"


def _place_of(analysis: Analysis) -> str:
    return f"{reverse('documents:document', args=[analysis.document_id])}?analysis={analysis.pk}"


@login_required
@require_POST
def read_again(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    found = _document(request, pk)
    form = ReadAgainForm(request.POST)
    if not form.is_valid():
        raise Http404("No such pages.")
    try:
        actions.read_again(document=found, pages=form.cleaned_data["page"], ocr=form.cleaned_data["ocr"])
    except actions.Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("documents:document", pk)


@login_required
@require_http_methods(["GET", "POST"])
def rename(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    found = _document(request, pk)
    form = RenameForm(request.POST or None, initial={"title": found.title})
    if request.method == "POST" and form.is_valid():
        actions.rename(document=found, title=form.cleaned_data["title"])
        return redirect("documents:document", pk)
    return render(request, "documents/rename.html", {"document": found, "form": form})


@login_required
@require_http_methods(["GET", "POST"])
def delete(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    found = _document(request, pk)
    if request.method == "GET":
        context = {"document": found, "inside": _read_from(found), "days": settings.BIN_DAYS}
        return render(request, "documents/delete.html", context)
    shelving.offer_undo(request, actions.put_in_bin(person=request.user, documents=[found.pk]))
    return redirect("documents:library")


def _read_from(container: Document) -> int:
    """How many documents were made of files inside of it."""
    return container.parts.filter(document__isnull=False, document__deleted_at=None).count()


@login_required
@require_GET
def original(request: UserRequest, pk: uuid.UUID) -> FileResponse:
    """The file as it was put in, to keep and never to show: it may hold anything."""
    found = _document(request, pk)
    try:
        handle = found.file.open("rb")
    except FileNotFoundError as error:
        raise Http404("The original is missing here.") from error
    response = FileResponse(
        handle, as_attachment=True, filename=found.filename, content_type="application/octet-stream"
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response


@login_required
@require_GET
def export(request: UserRequest, pk: uuid.UUID, form: str) -> FileResponse:
    """A finished analysis as a file."""
    done = Analysis.objects.visible_to(request.user).filter(status=AnalysisStatus.DONE).select_related("recipe")
    if form not in exports.FORMS:
        raise Http404("No such form.")
    file = exports.export(get_object_or_404(done, pk=pk), form)
    return FileResponse(BytesIO(file.body), as_attachment=True, filename=file.filename, content_type=file.media_type)


@login_required
@require_GET
def analysis(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """How an analysis stands; when it has ended, its result and the text with its marks."""
    mine = Analysis.objects.visible_to(request.user).filter(document__isnull=False)
    found = get_object_or_404(mine.select_related("recipe"), pk=pk)
    if not request.htmx:
        return redirect(_place_of(found))
    if not found.settled:
        return render(request, "documents/document.html#result", {"analysis": desk.outline(found)})
    assert found.document_id is not None
    owner = _document(request, found.document_id)
    address = Address(
        tab=Tab.ANALYSES, analysis=str(pk), part=request.GET.get("part", ""), shown=shown_in(request.session)
    )
    context = opened.lay_out(owner, request.user, address)
    return render(request, "documents/document.html#finished", context)


@login_required
@require_POST
def cancel(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    mine = Analysis.objects.visible_to(request.user).filter(document__isnull=False)
    found = get_object_or_404(mine, pk=pk)
    actions.cancel(analysis=found)
    return redirect(_place_of(found))
