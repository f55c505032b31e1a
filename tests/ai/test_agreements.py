"""Fields that ask for a contract's own parties and dates get them, whatever else the text names."""

import pytest

from documents.ai.local import Local
from documents.ai.protocol import Request, Task
from documents.values import Field, FieldType
from tests.ai.builders import source

LEASE = (
    "LEASE AGREEMENT\n\nThis Lease is made this 5th day of May, 2026, by and between Harbour Homes, Inc., a Delaware "
    'corporation (the "Landlord"), and Jonah Adeyemi (the "Tenant").\n\nThe house was built by Old Masons Ltd on '
    "3 March 1901. The agreement with the bank dated as of 7 July 2020 stays in force. The term begins on 1 June 2026 "
    "and ends on 31 May 2028. The rent is 900 EUR a month."
)


def value(name: str, kind: FieldType, text: str = LEASE, description: str = "") -> str:
    field = Field(name, kind, description)
    claims = Local().complete(Request(Task.EXTRACT, (source(text),), "", 500, fields=(field,))).claims
    return claims[0].text.strip() if claims else ""


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("parties", "Harbour Homes, Inc.; Jonah Adeyemi"),
        ("party", "Harbour Homes, Inc."),
        ("party_a", "Harbour Homes, Inc."),
        ("second party", "Jonah Adeyemi"),
        ("tenant_name", "Jonah Adeyemi"),
        ("landlord", "Harbour Homes, Inc."),
    ],
)
def test_a_party_is_found_by_its_place_or_its_role(name: str, expected: str) -> None:
    assert value(name, FieldType.TEXT) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("agreement_date", "2026-05-05"),
        ("date_of_signature", "2026-05-05"),
        ("effective_date", "2026-06-01"),
        ("start date", "2026-06-01"),
        ("expiration_date", "2028-05-31"),
        ("end_date", "2028-05-31"),
    ],
)
def test_each_of_its_dates_is_found_by_what_is_said_of_it(name: str, expected: str) -> None:
    assert value(name, FieldType.DATE) == expected


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "vertragsdatum",
            "MIETVERTRAG. Zwischen der Hafen GmbH („Vermieter“) und Ayla Demir („Mieterin“) wird am 5. Mai 2026 dieser "
            "Vertrag geschlossen. Er gilt ab dem 1. Juni 2026.",
        ),
        ("date du contrat", "CONTRAT DE BAIL. Il prend effet le 1er juin 2026. Fait à Nantes, le 5 mai 2026."),
        (
            "fecha del contrato",
            "CONTRATO. En Vigo, a 5 de mayo de 2026, entre Mar S.A. («la Dueña») y Ana («la Otra»).",
        ),
    ],
)
def test_it_is_found_in_other_languages_too(name: str, text: str) -> None:
    assert value(name, FieldType.DATE, text) == "2026-05-05"


def test_what_a_field_asks_for_may_stand_in_its_description() -> None:
    assert value("datum", FieldType.DATE, description="Date of the contract") == "2026-05-05"


def test_a_date_that_a_contract_does_not_tell_is_not_made_up() -> None:
    text = "SERVICE AGREEMENT between Acme Ltd and Beta GmbH. The machine was bought on 3 March 2001 in Brest."

    assert value("agreement_date", FieldType.DATE, text) == ""


def test_of_a_contract_of_the_undersigned_the_first_firm_is_the_party() -> None:
    text = "JOINT FILING AGREEMENT. The undersigned agree to file together.\n\nDated: April 8, 2026\n\nTIDE CAPITAL LP"

    assert value("party", FieldType.TEXT, text) == "TIDE CAPITAL LP"
    assert value("agreement_date", FieldType.DATE, text) == "2026-04-08"


def test_all_parties_cite_the_words_that_name_them() -> None:
    field = Field("parties")
    claims = Local().complete(Request(Task.EXTRACT, (source(LEASE),), "", 500, fields=(field,))).claims

    assert all("Harbour Homes" in reference.quote for reference in claims[0].references)
