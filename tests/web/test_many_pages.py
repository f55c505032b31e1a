"""A document of very many pages lies open a part at a time, and one stays where one is."""

import re

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from accounts.models import User
from documents import actions
from documents.models import Document
from documents.values import Task
from documents.web.sheets import PAGES_AT_ONCE
from tests.library import Commit
from tests.reading.files import Sheet, Text, pdf
from tests.web.analysed import done

LAST = PAGES_AT_ONCE + 1
LATE = f"House {LAST} has no water."


@pytest.fixture
def register(alice: User, commit: Commit) -> Document:
    """One page more than is shown at once."""
    made = pdf(*(Sheet([Text(f"House {number} has no water.")]) for number in range(1, LAST + 1)))
    with commit():
        document = actions.upload(owner=alice, file=ContentFile(made, name="register.pdf")).document
    return Document.objects.get(pk=document.pk)


def test_each_part_says_which_pages_it_holds_and_leads_to_the_other(as_alice: Client, register: Document) -> None:
    first, second = opened(as_alice, register), opened(as_alice, register, part="2")

    assert pages_in(first) == list(range(1, LAST))
    assert pages_in(second) == [LAST]
    assert f"Pages 1 to {PAGES_AT_ONCE} of {LAST}" in first
    assert 'href="?part=2&amp;tab=overview' in first
    assert 'href="?part=1&amp;tab=overview' in second
    assert pages_in(opened(as_alice, register, part="99")) == [LAST]


def test_a_page_words_found_and_offsets_open_the_part_they_are_in(as_alice: Client, register: Document) -> None:
    start = register.content.index(LATE)
    to_page = as_alice.get(f"/documents/{register.pk}/", {"page": str(LAST), "part": "1"})

    assert to_page.headers["Location"] == f"/documents/{register.pk}/?tab=overview&near={LAST}#page-{LAST}"
    assert pages_in(opened(as_alice, register, near=str(LAST))) == [LAST]
    assert pages_in(opened(as_alice, register, find=f"House {LAST}")) == [LAST]
    assert pages_in(opened(as_alice, register, at=f"{start}-{start + 5}")) == [LAST]


def test_a_mark_leads_into_its_part(as_alice: Client, register: Document) -> None:
    analysis = done(register, Task.SUMMARY, {"text": "One has none.", "quotes": [LATE]})

    page = opened(as_alice, register, analysis=str(analysis.pk))

    assert f'href="?analysis={analysis.pk}&amp;part=2#cite-1"' in page
    assert 'id="cite-1"' in opened(as_alice, register, analysis=str(analysis.pk), part="2")


def test_another_tab_opens_beside_the_same_part(as_alice: Client, register: Document) -> None:
    tab = re.search(r'href="(\?tab=notes[^"#]*)', opened(as_alice, register, near=str(LAST)))
    assert tab

    assert pages_in(as_alice.get(f"/documents/{register.pk}/{tab[1].replace('&amp;', '&')}").content.decode()) == [LAST]


def test_what_is_sent_from_a_part_comes_back_to_it(as_alice: Client, register: Document) -> None:
    from_part = {"HX-Request": "true", "HX-Current-URL": f"http://testserver/documents/{register.pk}/?part=2"}
    from_elsewhere = {"HX-Request": "true", "HX-Current-URL": "http://testserver/documents/?part=2"}

    tagged = as_alice.post(f"/documents/{register.pk}/tags/", {"name": "Water"}, headers=from_part, follow=True)
    other = as_alice.get(f"/documents/{register.pk}/", headers=from_elsewhere)

    assert pages_in(tagged.content.decode()) == [LAST]
    assert pages_in(other.content.decode()) == list(range(1, LAST))


def opened(client: Client, document: Document, **query: str) -> str:
    return client.get(f"/documents/{document.pk}/", query).content.decode()


def pages_in(page: str) -> list[int]:
    return [int(number) for number in re.findall(r'class="sheet" id="page-(\d+)"', page)]
