"""The pages about analyses, above all those of many documents at once."""

import uuid
from io import BytesIO

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.http import UserRequest
from documents import actions, exports, providers
from documents.models import Run
from documents.web import choosing, overview, results, tables
from documents.web.choosing import RunForm


@login_required
@require_GET
def analyses(request: UserRequest) -> HttpResponse:
    context = {"runs": overview.runs(request.user, request.GET.get("page", ""))}
    if request.htmx:
        return render(request, "documents/analyses.html#runs", context)
    return render(request, "documents/analyses.html", context | {"single": overview.single(request.user)})


@login_required
@require_http_methods(["GET", "POST"])
def new_run(request: UserRequest) -> HttpResponse:
    """Chooses an analysis and documents; a POST starts it."""
    if request.method == "GET":
        return _plan(request)
    form = RunForm(request.POST, person=request.user)
    if not form.is_valid():
        return _plan(request, trouble=str(next(iter(form.errors.values()))[0]))
    try:
        started = actions.analyse_many(person=request.user, name=form.cleaned_data["name"], **form.what)
    except actions.Refusal as refusal:
        return _plan(request, trouble=str(refusal))
    _tell_skipped(request, started.skipped)
    return redirect("documents:run", started.run.pk)


def plan_for(request: UserRequest, given: QueryDict) -> HttpResponse:
    """The page with this filled in."""
    return _plan(request, given)


def _plan(
    request: UserRequest,
    given: QueryDict | None = None,
    *,
    trouble: str = "",
    forecast: choosing.Forecast | None = None,
) -> HttpResponse:
    given = given or (request.POST if request.method == "POST" else request.GET)
    context = {
        "choice": choosing.choice(request.user, given),
        "picking": choosing.picking(request.user, given),
        "forecast": forecast,
        "trouble": trouble,
        "has_batches": providers.provider().batches is not None,
    }
    return render(request, "documents/new_run.html", context)


def _tell_skipped(request: UserRequest, skipped: int) -> None:
    if skipped == 1:
        messages.info(request, "1 document has no text yet and was left out.")
    elif skipped:
        messages.info(request, f"{skipped:,} documents have no text yet and were left out.")


@login_required
@require_POST
def pick(request: UserRequest) -> HttpResponse:
    """The documents to pick from, for the words given; without a script the whole page with them."""
    if not request.htmx:
        return _plan(request)
    context = {"picking": choosing.picking(request.user, request.POST)}
    return render(request, "documents/_picks.html", context)


@login_required
@require_POST
def estimate(request: UserRequest) -> HttpResponse:
    """What the run would cost; without a script the whole page with it."""
    forecast = choosing.forecast(request.user, RunForm(request.POST, person=request.user))
    if not request.htmx:
        return _plan(request, forecast=forecast)
    return render(request, "documents/new_run.html#forecast", {"forecast": forecast})


@login_required
@require_GET
def run(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """How a run stands, and what was found out so far."""
    found = _run(request, pk)
    kind = tables.kind(found)
    context = {
        "run": found,
        "standing": tables.standing(found),
        "table": tables.table(found, page=request.GET.get("page", ""), only=request.GET.get("only", "")),
        "what": results.name(kind) if kind else "",
        "kind": kind,
        "here": request.get_full_path(),
    }
    return render(request, "documents/run.html#run" if request.htmx else "documents/run.html", context)


def _run(request: UserRequest, pk: uuid.UUID) -> Run:
    return get_object_or_404(Run.objects.visible_to(request.user), pk=pk)


@login_required
@require_POST
def cancel_run(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    actions.cancel_run(run=_run(request, pk))
    return redirect("documents:run", pk)


@login_required
@require_POST
def retry_run(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    actions.retry_run(run=_run(request, pk))
    return redirect("documents:run", pk)


@login_required
@require_GET
def export_run(request: UserRequest, pk: uuid.UUID, form: str) -> FileResponse:
    """All that a run found out, as a file."""
    if form not in exports.FORMS:
        raise Http404("No such form.")
    file = exports.export_run(_run(request, pk), form)
    return FileResponse(BytesIO(file.body), as_attachment=True, filename=file.filename, content_type=file.media_type)
