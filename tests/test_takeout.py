"""All that is a person's in one ZIP: everything of hers, nothing of others', and sums that fit."""

import hashlib
import json
import subprocess
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from allauth.usersessions.models import UserSession
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.models import ApiToken, User
from documents import actions, files, takeout
from documents.models import Document, Tag
from documents.packing import MOST_BYTES, Names, safe
from tests import belongings, owning
from tests.library import LETTER, Commit

MARK = "Zanzibar-7305"


@pytest.fixture
def belonging(alice: User, notice: Document) -> User:
    belongings.give(alice, notice, MARK)
    return alice


def taken(person: User) -> ZipFile:
    return ZipFile(BytesIO(b"".join(takeout.pack(person))))


def read(pack: ZipFile, name: str) -> Any:
    return json.loads(pack.read(name))


def test_every_table_that_leads_to_a_person_is_taken_along_or_left_out_for_a_reason() -> None:
    def labels(table: takeout.Table) -> Iterator[str]:
        yield table.model._meta.label
        yield from (links.through._meta.label for links in table.links)
        for child in table.within:
            yield from labels(child)

    along = {label for table in (takeout.PROFILE, takeout.DOCUMENTS, *takeout.TABLES) for label in labels(table)}

    assert along | set(takeout.LEFT_OUT) == set(owning.leading_to_a_person())
    assert not along & set(takeout.LEFT_OUT)
    assert all(takeout.LEFT_OUT.values())


def test_the_originals_are_as_they_were_put_in(belonging: User) -> None:
    pack = taken(belonging)

    assert pack.read("originals/notice.md").decode() == LETTER
    assert pack.testzip() is None


def test_a_document_comes_with_all_that_is_known_of_it(belonging: User, notice: Document) -> None:
    document = read(taken(belonging), "documents/notice.md.json")

    assert (document["id"], document["original"]) == (str(notice.pk), "originals/notice.md")
    assert document["content"] == notice.content
    assert [page["number"] for page in document["pages"]] == [1]
    assert (document["tags"], document["collections"], document["parts"][0]["name"]) == ([MARK], [MARK], MARK)


def test_every_table_has_her_rows(belonging: User) -> None:
    pack = taken(belonging)

    for table in takeout.TABLES:
        assert read(pack, f"{table.name}.json"), table.name
    analysis, conversation = read(pack, "analyses.json")[0], read(pack, "conversations.json")[0]
    assert analysis["citations"][0]["quote"] == MARK
    assert conversation["messages"][0]["citations"][0]["quote"] == MARK
    assert conversation["messages"][0]["examinations"][0]["title"] == MARK
    profile = read(pack, "profile.json")
    assert (profile["email"], profile["addresses"][0]["email"]) == (belonging.email, belonging.email)
    assert (profile["budget"][0]["monthly_usd"], profile["groups"]) == ("5.00", ["Readers"])


def test_no_secret_is_in_it(belonging: User) -> None:
    pack = taken(belonging)
    whole = b"".join(pack.read(name) for name in pack.namelist()).decode()

    token = ApiToken.objects.get()
    assert token.prefix in whole
    for secret in (token.digest, belonging.password, *UserSession.objects.values_list("session_key", flat=True)):
        assert secret not in whole


def test_nothing_of_others_is_in_it(belonging: User, bob: User, commit: Commit) -> None:
    with commit():
        plan = actions.upload(owner=bob, file=SimpleUploadedFile("plan.md", b"# Bobs plan\n\nTo sail.")).document
    belongings.give(bob, plan, "Bobs plan")
    pack = taken(belonging)

    whole = b"".join(pack.read(name) for name in pack.namelist()).decode()

    assert MARK in whole
    for foreign in ("Bobs plan", "bob@example.org", str(plan.pk)):
        assert foreign not in whole


def test_sha256sum_finds_every_file_as_it_left(belonging: User, tmp_path: Path) -> None:
    pack = taken(belonging)
    pack.extractall(tmp_path)

    checked = subprocess.run(
        ["sha256sum", "-c", "SHA256SUMS"], cwd=tmp_path, capture_output=True, text=True, check=True
    )

    summed = {line.partition("  ")[2] for line in pack.read("SHA256SUMS").decode().splitlines()}
    assert checked.stdout.count(": OK") == len(summed)
    assert summed == set(pack.namelist()) - {"SHA256SUMS"}
    listed = {one["path"]: one["sha256"] for one in read(pack, "manifest.json")["files"]}
    assert set(listed) == summed - {"manifest.json"}
    assert listed["originals/notice.md"] == hashlib.sha256(LETTER.encode()).hexdigest()


def test_an_original_that_is_missing_is_listed_as_missing(belonging: User, notice: Document) -> None:
    files.forget(notice.file_name)

    pack = taken(belonging)

    assert read(pack, "documents/notice.md.json")["original"] is None
    assert read(pack, "manifest.json")["missing_originals"] == [{"document": str(notice.pk), "filename": "notice.md"}]
    assert not [name for name in pack.namelist() if name.startswith("originals/")]


def test_what_is_in_the_bin_is_taken_along(belonging: User, notice: Document) -> None:
    actions.put_in_bin(person=belonging, documents=[notice.pk])

    assert "originals/notice.md" in taken(belonging).namelist()


def test_who_has_nothing_takes_empty_tables_along(bob: User) -> None:
    pack = taken(bob)

    assert read(pack, "analyses.json") == []
    assert read(pack, "profile.json")["name"] == "Bob"


def test_more_rows_take_no_more_queries(alice: User, leases: list[Document]) -> None:
    Tag.objects.create(owner=alice, name="First").documents.add(leases[0])
    few = queries_for(alice)
    for document in leases:
        Tag.objects.create(owner=alice, name=document.title).documents.add(document)
    actions.upload_text(owner=alice, title="Fourth", content="One more. Another sentence.")

    assert queries_for(alice) == few


def queries_for(person: User) -> int:
    with CaptureQueriesContext(connection) as made:
        taken(person)
    return len(made)


def test_many_rows_come_page_by_page_and_none_twice(alice: User) -> None:
    for number in range(120):
        Tag.objects.create(owner=alice, name=f"Tag {number}")

    tags = read(taken(alice), "tags.json")

    assert len({tag["id"] for tag in tags}) == len(tags) == 120


class TestNames:
    @pytest.mark.parametrize(
        ("wanted", "name"),
        [
            ("../../etc/passwd", "etcpasswd"),
            ("C:\\temp\\a.txt", "Ctempa.txt"),
            ("a\nb\x00.pdf", "ab.pdf"),
            (" .hidden", "hidden"),
            ("con.txt", "file.txt"),
            ("Übersicht 2025?.pdf", "Übersicht 2025.pdf"),
            ("...", "file"),
            ("-rf", "rf"),
        ],
    )
    def test_a_name_is_safe_everywhere(self, wanted: str, name: str) -> None:
        assert safe(wanted) == name

    def test_none_is_given_twice_whatever_its_capitals(self) -> None:
        names = Names()

        assert [names.take(name) for name in ("a.pdf", "A.pdf", "a.pdf")] == ["a.pdf", "A (2).pdf", "a (3).pdf"]

    def test_a_long_one_keeps_its_ending(self) -> None:
        name = safe("ä" * 300 + ".pdf")

        assert name.endswith("ä.pdf")
        assert len(name.encode()) <= MOST_BYTES


class TestInTheApi:
    def test_a_token_that_reads_takes_all_along(self, reading_api: APIClient, belonging: User) -> None:
        answer = reading_api.get("/api/account/export/", HTTP_ACCEPT="application/zip")

        assert answer["Content-Type"] == "application/zip"
        assert answer["Content-Disposition"].startswith('attachment; filename="glossa-')
        pack = ZipFile(BytesIO(answer.getvalue()))
        assert "originals/notice.md" in pack.namelist()

    def test_a_stranger_takes_nothing(self, client: Client, db: None) -> None:
        assert client.get("/api/account/export/").status_code == 401

    def test_it_is_in_the_schema(self, client: Client, db: None) -> None:
        schema = client.get("/api/schema/?format=json").json()

        assert "application/zip" in schema["paths"]["/api/account/export/"]["get"]["responses"]["200"]["content"]


def test_it_goes_out_in_pieces(belonging: User) -> None:
    actions.upload(owner=belonging, file=SimpleUploadedFile("big.txt", b"Sentences of no importance. " * 60_000))

    pieces = list(takeout.pack(belonging))

    assert len(pieces) > 4
    assert max(len(piece) for piece in pieces) < 2 * 256 * 1024 + 1024
