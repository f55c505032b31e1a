"""What lies in the panel beside a document: one tab of it, and the words of the document that it rests on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from accounts.models import User
from documents.models import Collection, Conversation, Document, Tag
from documents.web import asking, desk, digest, marginalia, results, searching, thread
from documents.web.address import Address, Tab
from documents.web.forms import LANGUAGES
from documents.web.marginalia import NoteView
from documents.web.reader import Cited
from documents.web.results import Parted

MOST_ANALYSES = 50
MOST_QUOTED = 1_500
MOST_CHOICES = 200

Context = dict[str, Any]


def _nothing(_text: Parted | None) -> Context:
    return {}


@dataclass(frozen=True, slots=True)
class Panel:
    """What its template wants to know, and the words it cites; `linked` is what of it changes once it is known how the
    document is laid out."""

    context: Context
    cited: Sequence[Cited] = ()
    linked: Callable[[Parted | None], Context] = field(default=_nothing)


def lay_out(document: Document, person: User, address: Address, notes: Sequence[NoteView]) -> Panel:
    """The panel that the address asks for."""
    match Tab(address.side):
        case Tab.ASK:
            return _asking(document, person, address)
        case Tab.ANALYSES:
            return _analyses(document, person, address)
        case Tab.SIMILAR:
            return Panel({"alike": searching.alike(person, document.pk)})
        case Tab.NOTES:
            return Panel({"draft": marginalia.draft(document, address.words), "notes": notes})
        case Tab.DETAILS:
            return Panel(_details(document, person))
        case Tab.OVERVIEW:
            return _overview(document, person)


def _overview(document: Document, person: User) -> Panel:
    found = digest.of(document, person)

    def linked(text: Parted | None) -> Context:
        return {"digest": found.linked(text, f"tab={Tab.OVERVIEW}") if text else found}

    return Panel({"digest": found}, found.cited, linked)


def _analyses(document: Document, person: User, address: Address) -> Panel:
    mine = document.analyses.visible_to(person).for_themselves().select_related("recipe").defer("inline_text")
    newest = list(mine[:MOST_ANALYSES])
    analysis = desk.chosen(newest, mine, address.analysis)
    citations = list(analysis.citations.defer("boxes")) if analysis else []
    result = results.view(analysis, citations, document.content_sha256) if analysis else None
    recipes = desk.choosable(person)

    def linked(text: Parted | None) -> Context:
        if analysis is None:
            return {"analysis": None}
        led = results.link(result, text, f"analysis={analysis.pk}") if result and text else result
        return {"analysis": desk.outline(analysis, led)}

    context = {
        "recipes": recipes,
        "languages": LANGUAGES,
        "asked": desk.wanted(address.recipe, recipes) or desk.asked_like(analysis, recipes),
        "analyses": [desk.outline(one) for one in newest],
        "beside": f"&analysis={analysis.pk}" if analysis else "",
    }
    return Panel(context, result.cited if result else (), linked)


def _asking(document: Document, person: User, address: Address) -> Panel:
    """A conversation; with none that there is, it asks for a first question."""
    key = desk.identity(address.conversation)
    found = Conversation.objects.visible_to(person).filter(pk=key).first() if key else None
    turns = thread.turns(found) if found else ()

    def linked(text: Parted | None) -> Context:
        return {"turns": thread.link(turns, text, document.pk, found.pk) if text and found else turns}

    context = {
        "asks": True,
        "conversation": found,
        "wider": found is not None and {one.pk for one in found.documents.all()} != {document.pk},
        "composer": asking.Composer(question=_quoted(document, address.words)),
        "earlier": asking.about_document(person, document.pk),
        "beside": f"&conversation={found.pk if found else 'new'}",
    }
    return Panel(context, thread.cited_in(document.pk, turns), linked)


def _quoted(document: Document, words: str) -> str:
    """What a question about these words begins with."""
    span = desk.span(words)
    quote = " ".join(document.content[span.start : span.end].split()) if span else ""
    if not quote:
        return ""
    return f"About “{quote if len(quote) <= MOST_QUOTED else quote[:MOST_QUOTED].rstrip() + ' …'}”: "


def _details(document: Document, person: User) -> Context:
    collections = Collection.objects.visible_to(person)
    return {
        "tags": list(document.tags.filter(owner=person)),
        "known_tags": list(Tag.objects.visible_to(person).exclude(documents=document)[:MOST_CHOICES]),
        "collections": list(collections.filter(documents=document)),
        "page_kinds": desk.page_kinds(document),
    }
