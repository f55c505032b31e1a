"""The pages on which questions are asked and answered."""

import uuid
from io import BytesIO
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.http import UserRequest
from documents import actions, coverage_exports, exports
from documents.models import Conversation, Document, Message
from documents.web import asking, beside, choosing, desk, opened, sweeping, thread
from documents.web.address import Address, Tab, shown_in
from documents.web.asking import AskForm, QuestionForm
from documents.web.forms import RenameForm


@login_required
@require_http_methods(["GET", "POST"])
def ask(request: UserRequest) -> HttpResponse:
    """A question over documents; a POST asks it and opens its conversation."""
    if request.method == "GET":
        return _begin(request)
    form = AskForm(request.POST, person=request.user)
    if "show" in request.POST:
        return _begin(request)
    if not form.is_valid():
        return _begin(request, trouble=asking.trouble(form))
    try:
        if forecast := form.forecast(over=form.over):
            return _begin(request, forecast=forecast)
        message = actions.ask(person=request.user, over=form.over, **form.asked)
    except actions.Refusal as refusal:
        return _begin(request, trouble=str(refusal))
    return redirect(_place_of(message))


def ask_about(request: UserRequest, given: QueryDict) -> HttpResponse:
    """The page for a question with this filled in."""
    return _begin(request, given)


def _begin(
    request: UserRequest,
    given: QueryDict | None = None,
    *,
    trouble: str = "",
    forecast: actions.AskEstimate | None = None,
) -> HttpResponse:
    given = given or (request.POST if request.method == "POST" else request.GET)
    context: dict[str, Any] = {
        "threads": asking.threads(request.user, words=given.get("q", ""), page=request.GET.get("page", ""))
    }
    if request.htmx:
        return render(request, "documents/ask.html#threads", context)
    context |= {
        "composer": asking.composer(given, trouble=trouble, forecast=forecast),
        "choice": asking.choice(request.user, given),
        "picking": choosing.picking(request.user, given),
    }
    return render(request, "documents/ask.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def conversation(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """The questions and answers; a POST asks on."""
    found = _conversation(request, pk)
    return _ask_on(request, found) if request.method == "POST" else _show(request, found)


def _show(request: UserRequest, found: Conversation, box: asking.Composer | None = None) -> HttpResponse:
    context = {
        "conversation": found,
        "about": asking.about(found),
        "turns": [thread.lead(turn) for turn in thread.turns(found)],
        "composer": box or asking.composer(request.GET),
    }
    return render(request, "documents/conversation.html", context)


def _ask_on(request: UserRequest, found: Conversation) -> HttpResponse:
    message, box = _put(request, found)
    if not request.htmx:
        return redirect(_place_of(message)) if message else _show(request, found, box)
    turn = next((one for one in thread.turns(found) if message and one.message.pk == message.pk), None)
    context = {"conversation": found, "turn": turn, "composer": box}
    return render(request, "documents/conversation.html#asked", context)


def _put(request: UserRequest, found: Conversation) -> tuple[Message | None, asking.Composer]:
    """The question, if it was asked, and the box as it is then."""
    form = QuestionForm(request.POST, person=request.user)
    try:
        if not form.is_valid():
            raise actions.Refusal(asking.trouble(form), code="invalid")
        if forecast := form.forecast(conversation=found):
            return None, asking.composer(request.POST, forecast=forecast)
        message = actions.ask(person=request.user, conversation=found, **form.asked)
    except actions.Refusal as refusal:
        return None, asking.composer(request.POST, trouble=str(refusal))
    return message, asking.Composer(model=request.POST.get("model", ""))


def _conversation(request: UserRequest, pk: uuid.UUID) -> Conversation:
    return get_object_or_404(Conversation.objects.visible_to(request.user).select_related("collection"), pk=pk)


def _place_of(message: Message) -> str:
    return f"{reverse('documents:conversation', args=[message.conversation_id])}#message-{message.pk}"


@login_required
@require_POST
def ask_document(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """A question from the reader's panel, over the document that lies there."""
    document = get_object_or_404(Document.objects.visible_to(request.user).only("pk"), pk=pk)
    form = QuestionForm(request.POST, person=request.user)
    begun = desk.identity(request.POST.get("conversation", ""))
    where: dict[str, Any] = {"conversation": _conversation(request, begun)} if begun else {}
    where = where or {"over": actions.Over(documents=(document.pk,))}
    try:
        if not form.is_valid():
            raise actions.Refusal(asking.trouble(form), code="invalid")
        message = actions.ask(person=request.user, **where, **form.asked)
    except actions.Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect(f"{reverse('documents:document', args=[pk])}?conversation={begun or 'new'}")
    return redirect(f"{reverse('documents:document', args=[pk])}?conversation={message.conversation_id}")


@login_required
@require_GET
def message(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """A question and its answer once it has ended, or once it is known why it waits; until then there is no news."""
    found = _message(request, pk)
    if not request.htmx:
        return redirect(_place_of(found))
    known = request.GET.get("waits") == "yes"
    if not found.settled and (known or not thread.waits_for(found)):
        return HttpResponse(status=204)
    turns = thread.turns(found.conversation)
    turn = next((one for one in turns if one.message.pk == found.pk), None)
    if turn is None:
        return HttpResponse(status=204)
    if reader := desk.identity(request.GET.get("reader", "")):
        return _in_reader(request, turn, reader)
    return render(request, "documents/_turn.html", {"turn": thread.lead(turn)})


def _in_reader(request: UserRequest, turn: thread.Turn, document: uuid.UUID) -> HttpResponse:
    """The answer in the reader's panel, and with it the text, which now has its marks."""
    owner = get_object_or_404(Document.objects.visible_to(request.user).defer("embedding"), pk=document)
    address = Address(
        tab=Tab.ASK,
        conversation=str(turn.message.conversation_id),
        part=request.GET.get("part", ""),
        shown=shown_in(request.session),
    )
    context = opened.lay_out(owner, request.user, address)
    shown = next(one for one in context["turns"] if one.message.pk == turn.message.pk)
    return render(request, "documents/document.html#answered", context | {"turn": shown})


def _message(request: UserRequest, pk: uuid.UUID) -> Message:
    return get_object_or_404(Message.objects.visible_to(request.user).select_related("conversation__owner"), pk=pk)


@login_required
@require_GET
def words_beside(request: UserRequest, pk: uuid.UUID, ordinal: int) -> HttpResponse:
    """The document that an answer cites, at the words, to be shown beside it."""
    found = _message(request, pk)
    first = request.GET.get("first", "")
    shown = beside.lay_out(
        found, ordinal, request.user, first=int(first) if first.isdecimal() and len(first) < 7 else 0
    )
    if shown is None:
        raise Http404("There are no such words.")
    if not request.htmx:
        return redirect(shown.address)
    return render(request, "documents/beside.html", {"beside": shown, "document": shown.document, "text": shown.text})


@login_required
@require_POST
def stop_answer(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    found = _message(request, pk)
    actions.stop(message=found)
    return _back(request, found)


@login_required
@require_POST
def answer_again(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    found = _message(request, pk)
    try:
        actions.ask_again(message=found)
    except actions.Refusal as refusal:
        messages.error(request, str(refusal))
    return _back(request, found)


def _back(request: UserRequest, found: Message) -> HttpResponse:
    """To the conversation, where it was looked at."""
    if document := desk.identity(request.POST.get("reader", "")):
        return redirect(f"{reverse('documents:document', args=[document])}?conversation={found.conversation_id}")
    return redirect(_place_of(found))


@login_required
@require_GET
def coverage(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """Every document that a question was to be asked of, and what became of it."""
    found = get_object_or_404(Message.objects.visible_to(request.user).filter(of_each=True), pk=pk)
    page = sweeping.ledger(found, page=request.GET.get("page", ""), state=request.GET.get("state", ""))
    return render(request, "documents/coverage.html", {"message": found, "ledger": page})


@login_required
@require_GET
def export_coverage(request: UserRequest, pk: uuid.UUID, form: str) -> FileResponse:
    found = get_object_or_404(Message.objects.visible_to(request.user).filter(of_each=True), pk=pk)
    if form not in exports.FORMS:
        raise Http404("No such form.")
    file = coverage_exports.export_coverage(found, form)
    return FileResponse(BytesIO(file.body), as_attachment=True, filename=file.filename, content_type=file.media_type)


@login_required
@require_http_methods(["GET", "POST"])
def rename_conversation(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    found = _conversation(request, pk)
    form = RenameForm(request.POST or None, initial={"title": found.title})
    if request.method == "POST" and form.is_valid():
        actions.rename_conversation(conversation=found, title=form.cleaned_data["title"])
        return redirect("documents:conversation", pk)
    return render(request, "documents/rename_conversation.html", {"conversation": found, "form": form})


@login_required
@require_http_methods(["GET", "POST"])
def delete_conversation(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    found = _conversation(request, pk)
    if request.method == "GET":
        return render(request, "documents/delete_conversation.html", {"conversation": found})
    actions.forget_conversation(conversation=found)
    messages.success(request, f"“{found.title}” is deleted.")
    return redirect("documents:ask")


@login_required
@require_GET
def export_conversation(request: UserRequest, pk: uuid.UUID, form: str) -> FileResponse:
    """All of it as a file, with the words the answers rest on."""
    found = _conversation(request, pk)
    if form not in exports.CONVERSATION_FORMS:
        raise Http404("No such form.")
    file = exports.export_conversation(found, form)
    return FileResponse(BytesIO(file.body), as_attachment=True, filename=file.filename, content_type=file.media_type)
