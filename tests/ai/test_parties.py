"""Who makes a contract is told by where a name stands, and what the contract calls it from then on."""

import pytest

from documents.ai import parties


def found(text: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(party.name, party.roles) for party in parties.find(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            'This Lease is made by and between Harbour Cranes, Inc. ("Landlord") and JONAH ADEYEMI (the "Tenant").',
            [("Harbour Cranes, Inc.", ("Landlord",)), ("JONAH ADEYEMI", ("Tenant",))],
        ),
        (
            "This Lease is made between Marguerite Vance, the landlord, and Jonah Adeyemi, the tenant.",
            [("Marguerite Vance", ("landlord",)), ("Jonah Adeyemi", ("tenant",))],
        ),
        (
            'Agreement by and among Tide Ltd, registered in England and Wales (the "Supplier"), Crane & Sons, L.P. '
            '("Buyer"), and Jean-Luc Moreau, an individual residing in Brest (the "Guarantor").',
            [("Tide Ltd", ("Supplier",)), ("Crane & Sons, L.P.", ("Buyer",)), ("Jean-Luc Moreau", ("Guarantor",))],
        ),
        (
            'CONTRACT\nBETWEEN:\nNORTH SEA PLC, of Port St\n("North" or the "Company")\nAND:\nTIDE B.V.\n("Tide")',
            [("NORTH SEA PLC", ("North", "Company")), ("TIDE B.V.", ("Tide",))],
        ),
        (
            "Vertrag zwischen der Hafen GmbH (nachfolgend „Vermieter“) und Frau Ayla Demir (nachfolgend „Mieterin“).",
            [("Hafen GmbH", ("Vermieter",)), ("Frau Ayla Demir", ("Mieterin",))],
        ),
        (
            "CONTRAT\nEntre la société Port SARL (ci-après « le Bailleur ») et Monsieur Karim Benali (ci-après « le "
            "Locataire »), il a été convenu ce qui suit.",
            [("Port SARL", ("Bailleur",)), ("Monsieur Karim Benali", ("Locataire",))],
        ),
        (
            'Contrato entre Puerto Azul S.A. (en adelante, "la Arrendadora") y don Tomás Quiroga ("el Arrendatario").',
            [("Puerto Azul S.A.", ("Arrendadora",)), ("Tomás Quiroga", ("Arrendatario",))],
        ),
        (
            "SERVICES\nClient: Blue Harbour Foods LLC\nContractor: Jane Doe",
            [("Blue Harbour Foods LLC", ("Client",)), ("Jane Doe", ("Contractor",))],
        ),
    ],
)
def test_parties_are_named_behind_between_with_their_roles(
    text: str, expected: list[tuple[str, tuple[str, ...]]]
) -> None:
    assert found(text) == expected


def test_the_place_with_roles_tells_more_than_the_title() -> None:
    text = (
        "AGREEMENT between NORTH SEA PLC and TIDE B.V.\nRecitals follow.\n"
        'This Agreement is made by and between North Sea PLC ("North") and Tide B.V. ("Tide").'
    )

    assert found(text) == [("North Sea PLC", ("North",)), ("Tide B.V.", ("Tide",))]


@pytest.mark.parametrize(
    ("name", "kind"),
    [("Aitana Zorrilla, an individual", "person"), ("Dr. Ada Quay", "person"), ("Fund of the North", "organisation")],
)
def test_a_party_is_a_person_or_an_organisation(name: str, kind: str) -> None:
    text = f'This contract is made between {name} (the "Consultant") and Acme Ltd ("Acme").'

    assert [party.kind for party in parties.find(text)][:1] == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "The talks between France and Germany ended well.",
        'The agreement between Paris and Berlin (the "Treaty") was signed in 1963.',
        "The relationship between the parties to this agreement is that of independent contractors.",
        'Agreement. The difference between Covered Services and Other Services ("the gap") is small.',
        "An agreement between the Landlord and the Tenant is made each year.",
    ],
)
def test_what_is_said_of_agreements_names_no_party(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    "scrap", ["agreement between ", 'contract between "Ab" and ("Cd") ; ', "Tenant: Abc ", "Abc, "]
)
def test_no_text_makes_it_stumble(scrap: str) -> None:
    parties.find(scrap * 5_000)
