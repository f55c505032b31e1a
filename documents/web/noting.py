"""What a person does to an open document from the panel beside it: notes, tags, an overview."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.http import UserRequest
from documents import actions
from documents.models import Document, Note, Tag
from documents.web.address import Tab


class NoteForm(forms.Form):
    """A note at words of the text. That there is something in it is the action's to see to."""

    start = forms.IntegerField(min_value=0)
    end = forms.IntegerField(min_value=1)
    text = forms.CharField(required=False, strip=False)


@login_required
@require_POST
def write_note(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    found = _document(request, pk)
    form = NoteForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Choose the words of the document that the note is at.")
        return redirect(_tab_of(pk, Tab.NOTES))
    try:
        note = actions.write_note(owner=request.user, document=found, **form.cleaned_data)
    except actions.Refusal as refusal:
        messages.error(request, str(refusal))
        words = f"{form.cleaned_data['start']}-{form.cleaned_data['end']}"
        return redirect(f"{_tab_of(pk, Tab.NOTES)}&words={words}")
    return redirect(f"{_tab_of(pk, Tab.NOTES)}#note-{note.pk}")


@login_required
@require_POST
def change_note(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    note = _note(request, pk)
    try:
        actions.change_note(note=note, text=request.POST.get("text", ""))
    except actions.Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect(f"{_tab_of(note.document_id, Tab.NOTES)}&edit={pk}")
    return redirect(f"{_tab_of(note.document_id, Tab.NOTES)}#note-{pk}")


@login_required
@require_POST
def remove_note(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    note = _note(request, pk)
    actions.remove_note(note=note)
    return redirect(_tab_of(note.document_id, Tab.NOTES))


@login_required
@require_POST
def tag(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """Puts a tag on the document; one that is not there yet is made."""
    found = _document(request, pk)
    try:
        put = actions.make_tag(owner=request.user, name=request.POST.get("name", "").replace("\x00", ""))
        actions.put_tag(person=request.user, tag=put, documents=[found.pk])
    except actions.Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect(_tab_of(pk, Tab.DETAILS))


@login_required
@require_POST
def untag(request: UserRequest, pk: uuid.UUID, key: int) -> HttpResponse:
    found = _document(request, pk)
    actions.take_tag(tag=get_object_or_404(Tag.objects.visible_to(request.user), pk=key), documents=[found.pk])
    return redirect(_tab_of(pk, Tab.DETAILS))


@login_required
@require_POST
def make_overview(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    found = _document(request, pk)
    try:
        actions.make_overview(person=request.user, document=found)
    except actions.Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect(_tab_of(pk, Tab.OVERVIEW))


def _document(request: UserRequest, pk: uuid.UUID) -> Document:
    return get_object_or_404(Document.objects.visible_to(request.user).light(), pk=pk)


def _note(request: UserRequest, pk: uuid.UUID) -> Note:
    return get_object_or_404(Note.objects.visible_to(request.user), pk=pk)


def _tab_of(document: Any, tab: Tab) -> str:
    return f"{reverse('documents:document', args=[document])}?tab={tab}"
