"""What a person takes along, table by table, and what stays behind for which reason.

Rows are read a page at a time, each page whole: between two pages, while the line is slow, no transaction and no cursor
is open. What belongs to a row (citations to an analysis) comes with its page in one query more, not one a row.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.db import close_old_connections, connection
from django.db.models import Model

from accounts.models import ApiToken, User
from documents.models import (
    AICall,
    Analysis,
    Batch,
    Budget,
    Citation,
    Collection,
    Conversation,
    Document,
    Examination,
    Job,
    LibraryMap,
    Message,
    Note,
    Page,
    Part,
    Portion,
    Recipe,
    Run,
    Tag,
)


@dataclass(frozen=True, slots=True)
class Links:
    """Many to many: under `name` each row gets what its links lead to."""

    name: str
    through: type[Model]
    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Table:
    """`by` leads from a row to its person, or to the row it belongs to. All columns but `without` are taken along."""

    name: str
    model: type[Model]
    by: str
    without: tuple[str, ...] = ()
    within: tuple["Table", ...] = ()
    links: tuple[Links, ...] = ()
    at_once: int = 500

    @property
    def columns(self) -> list[str]:
        return [field.name for field in self.model._meta.concrete_fields if field.name not in self.without]

    @property
    def key(self) -> str:
        assert self.model._meta.pk is not None
        return self.model._meta.pk.name


def _over(model: Any) -> tuple[Links, ...]:
    name = model._meta.model_name
    return (Links("documents", model.documents.through, name, "document"),)


_CITED_BY_ANALYSES = Table("citations", Citation, "analysis")
_MESSAGES = Table(
    "messages",
    Message,
    "conversation",
    within=(Table("citations", Citation, "message"), Table("examinations", Examination, "message")),
)
PROFILE = Table(
    "profile",
    User,
    "pk",
    without=("password", "leaving_at"),
    within=(Table("addresses", EmailAddress, "user"), Table("budget", Budget, "owner")),
    links=(Links("groups", User.groups.through, "user", "group__name"),),
)
DOCUMENTS = Table(
    "documents",
    Document,
    "owner",
    # The vector is made from the text; where the file lies is the server's business.
    without=("embedding", "file"),
    within=(Table("pages", Page, "document", without=("words",)), Table("parts", Part, "container")),
    links=(
        Links("tags", Tag.documents.through, "document", "tag__name"),
        Links("collections", Collection.documents.through, "document", "collection__name"),
    ),
)
TABLES = (
    Table(
        "analyses", Analysis, "owner", within=(_CITED_BY_ANALYSES, Table("portions", Portion, "analysis")), at_once=100
    ),
    Table("conversations", Conversation, "owner", within=(_MESSAGES,), links=_over(Conversation), at_once=20),
    Table("notes", Note, "owner"),
    Table("tags", Tag, "owner", links=_over(Tag), at_once=50),
    Table("collections", Collection, "owner", links=_over(Collection), at_once=50),
    Table("recipes", Recipe, "owner"),
    Table("runs", Run, "owner", within=(Table("batches", Batch, "run"),)),
    Table("map", LibraryMap, "owner"),
    Table("jobs", Job, "owner"),
    Table("usage", AICall, "owner"),
    Table("tokens", ApiToken, "user", without=("digest",)),
    Table("sessions", UserSession, "user", without=("session_key",)),
)

# Every table that leads to a person is above or here, which a test looks after.
LEFT_OUT = {
    "documents.Passage": "cut from the text of a document, for search; made again from it at any time",
    "documents.NextVector": "vectors of passages, for search",
    "documents.Term": "in how many passages each word stands, for search",
    "documents.ApiReply": "copies of answers to programs, kept for a day; what they tell of is here",
    "account.EmailConfirmation": "secrets in letters that confirm an address",
    "accounts.User_user_permissions": "what this installation lets you do",
    "admin.LogEntry": "what staff changed in the administration; it tells of others",
}


def use_a_live_connection() -> None:
    """Each page may be read by another thread, whose connection was not used for long."""
    if not connection.in_atomic_block:  # only tests read in one
        close_old_connections()


def rows(table: Table, person: int) -> Iterator[dict[str, Any]]:
    """The rows of a table that are this person's, with all that belongs to them."""
    last: dict[str, Any] = {}
    while True:
        use_a_live_connection()
        found = table.model._default_manager.filter(**{table.by: person}, **last).order_by("pk")
        page = list(found.values(*table.columns)[: table.at_once])
        yield from filled(table, page)
        if len(page) < table.at_once:
            return
        last = {"pk__gt": page[-1][table.key]}


def filled(table: Table, page: Sequence[dict[str, Any]]) -> Sequence[dict[str, Any]]:
    """The same rows, each with what belongs to it."""
    keys = [row[table.key] for row in page]
    for child in table.within:
        found = child.model._default_manager.filter(**{f"{child.by}__in": keys}).order_by("pk").values(*child.columns)
        _hang_on(table, page, child.name, [(row[child.by], row) for row in filled(child, list(found))] if keys else [])
    for links in table.links:
        pairs = links.through._default_manager.filter(**{f"{links.source}__in": keys}).order_by("pk")
        _hang_on(table, page, links.name, list(pairs.values_list(links.source, links.target)) if keys else [])
    return page


def _hang_on(table: Table, page: Sequence[dict[str, Any]], name: str, pairs: Sequence[tuple[Any, Any]]) -> None:
    by_key: dict[Any, list[Any]] = defaultdict(list)
    for key, value in pairs:
        by_key[key].append(value)
    for row in page:
        row[name] = by_key[row[table.key]]
