"""What an analysis says, in the shape of what was asked: days, duties, values, names."""

import re

import pytest
from django.test import Client

from accounts.models import User
from documents import actions
from documents.models import Analysis, AnalysisStatus, Document, Recipe
from documents.values import Field, FieldType, Task
from documents.web import typed
from tests.claude import MessagesAPI
from tests.library import Commit
from tests.web.analysed import done, words_of

LEASE = {
    "type": "object",
    "properties": {
        "Price": {"type": "number"},
        "Water off": {"type": "string", "format": "date"},
        "Landlord pays": {"type": "boolean"},
        "Deposit": {"type": "number"},
    },
    "propertyOrdering": ["Water off", "Price", "Landlord pays", "Deposit"],
}


def page_of(client: Client, document: Document, **query: str) -> str:
    return client.get(f"/documents/{document.pk}/", {"tab": "analyses"} | query).content.decode()


def test_days_stand_in_the_order_of_time_and_deadlines_are_named(as_alice: Client, notice: Document) -> None:
    done(
        notice,
        Task.DATES,
        {"text": "Store water.", "label": "deadline 2026-05-11", "quotes": ["Please store enough water"]},
        {"text": "The pipe is inspected.", "label": "date 2027"},
        {"text": "The water is off.", "label": "date 2026-05-12", "quotes": ["12 May 2026"]},
        {"text": "The year is planned.", "label": "date 2026-05"},
        {"text": "Ring first.", "label": "deadline"},
    )

    page = page_of(as_alice, notice)
    words = words_of(page)

    order = [
        "The year is planned",
        "Store water",
        "The water is off",
        "The pipe is inspected",
        "No fixed day",
        "Ring f",
    ]
    places = [words.index(one) for one in order]
    assert places == sorted(places)
    assert '<time datetime="2026-05-12"><b>12</b> May 2026</time>' in page
    assert '<time datetime="2026-05"><b>May</b> 2026</time>' in page
    assert '<time datetime="2027"><b>2027</b></time>' in page
    assert "Deadline Store water." in words
    assert "Deadline Ring first." in words
    assert words.count("Deadline") == 2


def test_a_day_that_no_calendar_has_is_no_fixed_day(as_alice: Client, notice: Document) -> None:
    done(notice, Task.DATES, {"text": "Never.", "label": "date 2026-02-31"})

    assert "No fixed day Never." in words_of(page_of(as_alice, notice))


def test_duties_are_grouped_by_who_has_them(as_alice: Client, notice: Document) -> None:
    done(
        notice,
        Task.OBLIGATIONS,
        {"text": "Stores water.", "label": "Tenants", "quotes": ["Please store enough water"]},
        {"text": "Pays for the work.", "label": "Landlord", "quotes": ["which the landlord pays in full"]},
        {"text": "Keep calm.", "label": "Tenants"},
        {"text": "Somebody answers.", "label": ""},
    )

    page = page_of(as_alice, notice)

    assert re.findall(r'<th scope="rowgroup" rowspan="(\d)">([^<]+)</th>', page) == [
        ("2", "Tenants"),
        ("1", "Landlord"),
        ("1", "Nobody named"),
    ]
    assert "Who What Tenants Stores water. 1" in words_of(page)


def test_values_are_set_as_people_write_them_in_the_order_asked(as_alice: Client, notice: Document) -> None:
    done(
        notice,
        Task.EXTRACT,
        {"text": "4800", "label": "Price", "quotes": ["€4,800"]},
        {"text": "2026-05-12", "label": "Water off", "quotes": ["12 May 2026"]},
        {"text": "yes", "label": "Landlord pays", "quotes": ["on page nine"]},
        schema=LEASE,
    )

    page = page_of(as_alice, notice)
    words = words_of(page)

    assert "Water off 12 May 2026 1 12 May 2026 Price 4,800 2" in words
    assert "Landlord pays Yes not verified" in words
    assert "Deposit not found" in words
    assert "2 of 3 values verified" in words


def test_a_value_in_doubt_says_why(as_alice: Client, notice: Document) -> None:
    claim = {
        "text": "5000",
        "label": "Price",
        "quotes": ["€4,800"],
        "doubt": "It does not stand there.",
    }
    done(notice, Task.EXTRACT, claim, schema=LEASE)

    page = page_of(as_alice, notice)

    assert '<span class="doubt">It does not stand there.</span>' in page
    assert 'class="said unverified"' in page


def places(document: Document, count: int) -> list[tuple[int, int]]:
    return [(at, at + 1) for at in range(count)]


@pytest.mark.parametrize(
    ("count", "told"), [(1, ""), (6, "6 places"), (17, "12 more places"), (60, "55 more places at least")]
)
def test_a_name_has_all_its_places_but_shows_few(as_alice: Client, notice: Document, count: int, told: str) -> None:
    done(notice, Task.ENTITIES, {"text": "Ruth Okoye", "label": "person", "quotes": places(notice, count)})

    page = page_of(as_alice, notice)

    assert told in words_of(page)
    assert page.count('class="tie"') == count
    assert ("<details><summary>" in page.partition("answer names")[2]) == (count > 6)


@pytest.mark.parametrize("task", [Task.DATES, Task.OBLIGATIONS, Task.ENTITIES, Task.TRANSLATION, Task.SUMMARY])
def test_what_a_model_says_is_only_words(as_alice: Client, notice: Document, task: Task) -> None:
    done(notice, task, {"text": "<script>x</script> [a](javascript:y)", "label": "<img src=x>", "doubt": "<b>no</b>"})

    page = page_of(as_alice, notice)

    assert "<script>x" not in page
    assert "<img src=x" not in page
    assert "<b>no" not in page
    assert 'href="javascript' not in page


def test_an_analysis_in_portions_shows_how_far_it_is(as_alice: Client, notice: Document) -> None:
    analysis = done(notice, Task.SUMMARY)
    Analysis.objects.filter(pk=analysis.pk).update(status=AnalysisStatus.RUNNING, progress=0.42)

    page = page_of(as_alice, notice)

    assert '<progress max="100" value="42"' in page
    assert "part by part" in page


def test_an_older_analysis_can_be_opened_though_there_are_many_newer_ones(as_alice: Client, notice: Document) -> None:
    old = done(notice, Task.KEY_POINTS, {"text": "The old point."})
    for _ in range(51):
        done(notice, Task.KEY_POINTS)

    assert "The old point." in page_of(as_alice, notice, analysis=str(old.pk))


def test_without_a_model_that_writes_there_is_no_translation(as_alice: Client, notice: Document) -> None:
    recipe = Recipe.objects.get(owner=None, slug="translation")

    page = page_of(as_alice, notice)
    refused = as_alice.post(f"/documents/{notice.pk}/analyse/", {"recipe": recipe.pk}, follow=True).content.decode()

    assert recipe.name not in page
    assert "The built-in provider cannot translate." in refused


def test_a_translation_is_asked_for_in_a_language(
    as_alice: Client, alice: User, notice: Document, claude: MessagesAPI
) -> None:
    recipe = Recipe.objects.get(owner=None, slug="translation")
    page = page_of(as_alice, notice)

    as_alice.post(f"/documents/{notice.pk}/analyse/", {"recipe": recipe.pk, "language": "Polish"})
    wrong = {"recipe": recipe.pk, "language": "Klingon"}
    refused = as_alice.post(f"/documents/{notice.pk}/analyse/", wrong, follow=True).content.decode()

    assert f'value="{recipe.pk}" data-task="translation"' in page
    assert "<option>Polish</option>" in page
    assert notice.analyses.get().language == "Polish"
    assert "There is no such language here." in refused
    assert "<option selected>Polish</option>" in page_of(as_alice, notice)


def test_a_language_left_over_counts_for_translations_only(
    as_alice: Client, notice: Document, claude: MessagesAPI
) -> None:
    recipe = Recipe.objects.get(owner=None, slug="summary")

    as_alice.post(f"/documents/{notice.pk}/analyse/", {"recipe": recipe.pk, "language": "Polish", "labels": "a, b"})

    assert (notice.analyses.get().language, notice.analyses.get().labels) == ("", [])


def test_one_s_own_recipe_is_offered_beside_the_others(
    as_alice: Client, alice: User, notice: Document, commit: Commit
) -> None:
    recipe = actions.write_recipe(owner=alice, name="Who pays", instruction="Who pays the work?", max_tokens=500)

    page = page_of(as_alice, notice, recipe=str(recipe.pk))

    assert f'value="{recipe.pk}" data-task="instruction" checked' in page
    assert f'href="/recipes/new/?document={notice.pk}"' in page


@pytest.mark.parametrize(
    ("field", "text", "shown"),
    [
        (Field("Start", FieldType.DATE), "2026-05-02", "2 May 2026"),
        (Field("Start", FieldType.DATE), "soon", "soon"),
        (Field("Price", FieldType.NUMBER), "1234567.50", "1,234,567.50"),
        (Field("Price", FieldType.NUMBER), "-4800", "−4,800"),
        (Field("Price", FieldType.NUMBER), "1E+999999", "1E+999999"),
        (Field("Price", FieldType.NUMBER), "NaN", "NaN"),
        (Field("year_built", FieldType.NUMBER), "1998", "1998"),
        (Field("Built", FieldType.NUMBER, "The year of building"), "1998", "1998"),
        (Field("Paid", FieldType.BOOLEAN), "no", "No"),
        (Field("State", FieldType.CHOICE), "no", "no"),
    ],
)
def test_values_as_people_write_them(field: Field, text: str, shown: str) -> None:
    assert typed.value(field, text) == shown


@pytest.mark.parametrize(
    ("label", "shown"),
    [
        ("deadline 2026-05-12", "Deadline 12 May 2026"),
        ("date 2026-05", "May 2026"),
        ("date 2026", "2026"),
        ("deadline", "Deadline"),
        ("organisation", "organisation"),
        ("date 2026-13", "date 2026-13"),
    ],
)
def test_labels_as_people_write_them(label: str, shown: str) -> None:
    assert typed.label(label) == shown
