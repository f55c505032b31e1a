"""What e-mails of both kinds share: the header and the attachments listed, texts as pages, attachments as parts."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from documents.reading.draft import Draft
from documents.reading.errors import Code, UnreadableFile
from documents.reading.items import Expected, Item, Title
from documents.reading.limits import Limits
from documents.reading.parsers import html, inside, plain
from documents.values import BlockKind, Leaf

INLINE = "It is a picture inside the text of the message."
_TOO_MANY = "There are more attachments than are read of one message. Save it and upload it by itself."
_WORD = re.compile(r"\w+")
# A web page beside a plain text is shown when this share of its words is not in the text.
_SAYS_MORE = 0.05

Header = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came with a message; with a reason it is only listed. `shown`: readers see it beside the text."""

    name: str
    data: bytes
    reason: str = ""
    shown: bool = True


@dataclass(frozen=True, slots=True)
class Body:
    """A text of the message: plain, or a web page. `header` begins a message inside of the message."""

    text: str
    is_page: bool = False
    header: Header = ()


def items(header: Header, bodies: Sequence[Body], attachments: Sequence[Attachment], limits: Limits) -> Iterator[Item]:
    """The pages of a message, its title, and its attachments with their contents."""
    _check_numbers(1 + len(bodies), len(attachments), limits)
    yield Expected(1 + len(bodies))
    yield _first_leaf(header, attachments, limits)
    for number, body in enumerate(bodies, start=2):
        yield _written(body, limits).leaf(number, label=_label(body, number))
    yield Title(dict(header).get("Subject", ""))
    yield from _parts(attachments, limits)


def _check_numbers(pages: int, attachments: int, limits: Limits) -> None:
    if pages > limits.pages:
        raise UnreadableFile(
            Code.TOO_MANY_PAGES,
            f"There are {pages:,} texts in this file; a document may have {limits.pages:,}. Save the e-mails in it one "
            "by one and upload those.",
        )
    if attachments > limits.archive_members:
        raise UnreadableFile(
            Code.TOO_LARGE,
            f"There are {attachments:,} attachments in this file, far more than an e-mail may have. Save those you "
            "need and upload them by themselves.",
        )


def says_more(page: Body, text: Body, limits: Limits) -> bool:
    """Whether a reader of the plain text would miss words of the page."""
    words = _words_seen(page, limits)
    missing = words - _words_seen(text, limits)
    return missing.total() > _SAYS_MORE * words.total()


def _label(body: Body, number: int) -> str:
    if body.header:
        return "Message inside"
    return "Message" if number == 2 else f"Part {number}"


def _first_leaf(header: Header, attachments: Sequence[Attachment], limits: Limits) -> Leaf:
    draft = Draft(limits)
    _write_header(header, draft)
    shown = [attachment for attachment in attachments if attachment.shown]
    if shown:
        draft.add("Attachments")
    for attachment in shown:
        words = f"{inside.short_name(attachment.name)} — {inside.size_in_words(len(attachment.data))}"
        draft.add(words, BlockKind.LIST_ITEM)
    return draft.leaf(1, label="Header")


def _write_header(header: Header, draft: Draft) -> None:
    for name, value in header:
        if words := " ".join(value.split()):
            draft.add(f"{name}: {words}", BlockKind.TABLE_ROW)


def _written(body: Body, limits: Limits) -> Draft:
    draft = Draft(limits)
    _write_header(body.header, draft)
    if body.is_page:
        html.write(body.text, draft)
    else:
        plain.write(body.text, draft)
    return draft


def _words_seen(body: Body, limits: Limits) -> Counter[str]:
    leaf = _written(replace(body, header=()), limits).leaf()
    seen = (leaf.text[block.start : block.end] for block in leaf.blocks if block.kind is not BlockKind.HIDDEN)
    return Counter(word for words in seen for word in _WORD.findall(words.lower()))


def _parts(attachments: Sequence[Attachment], limits: Limits) -> Iterator[Item]:
    readable = 0
    for attachment in attachments:
        part = inside.part(attachment.name, attachment.data, archives=True)
        reason = attachment.reason or part.reason or (_TOO_MANY if readable >= limits.parts else "")
        yield replace(part, reason=reason)
        if not reason:
            readable += 1
            yield from inside.pieces(attachment.data)
