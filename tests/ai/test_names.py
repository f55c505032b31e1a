"""People and organisations are recognised by what stands around them; capitals alone name nobody."""

import pytest

from documents.ai import names


def named(text: str) -> list[tuple[str, str]]:
    found = ((kind, text[start:end]) for start, end, kind in sorted(names.find(text)))
    return list(dict.fromkeys(found))


@pytest.mark.parametrize(
    ("text", "people"),
    [
        (
            "An agreement between Marguerite Vance, the landlord, and Jonah Adeyemi, the tenant.",
            ["Marguerite Vance", "Jonah Adeyemi"],
        ),
        ("It was patented in 1868 by Christopher Latham Sholes, who sold it.", ["Christopher Latham Sholes"]),
        ("Yesterday President John F. Kennedy came to the city.", ["John F. Kennedy"]),
        ("The letter was signed by Xiulan Oyelaran on behalf of the board.", ["Xiulan Oyelaran"]),
        ("We met Zsuzsa Ferenczi (born 1950) at the station.", ["Zsuzsa Ferenczi"]),
        ("He thanked Anna Smith's brother for the help.", ["Anna Smith"]),
        ("Der Vertrag ist zwischen Karl Weber, dem Vermieter, und der Stadt geschlossen.", ["Karl Weber"]),
    ],
)
def test_people_are_recognised(text: str, people: list[str]) -> None:
    assert named(text) == [("person", name) for name in people]


@pytest.mark.parametrize(
    "text",
    [
        "They moved from New York to Buenos Aires and liked Google Docs there.",
        "The flat is on the second floor of 8 Quay Street, near Victoria Park.",
        "Payment is due on Monday and the First Instalment is due in March.",
        "CHRISTOPHER LATHAM SHOLES AND MARGUERITE VANCE",
        "Christopher Columbus Discovers New Worlds And Comes Home",
        "Der Mieter sagt, dass Peter Geld hat und die Wohnung nicht verlässt.",
        "Die Miete ist am Ersten des Monats fällig und wird auf das Konto der Bank gezahlt.",
        "They read Optimizing Transformations (2013) and Upper Guinea (206 pages).",
        "Immersive Interfaces and Magnetic Tape changed the Selectric Typewriter.",
    ],
)
def test_capitals_alone_name_nobody(text: str) -> None:
    assert named(text) == []


@pytest.mark.parametrize(
    ("text", "names_"),
    [
        ("It was introduced by IBM in 1935. It combined IBM's typewriter with tape.", ["IBM"]),
        ("She studied at the University of Vienna and taught there.", ["University of Vienna"]),
        ("The machine came from Wang Laboratories in the end.", ["Wang Laboratories"]),
        ("That year Microsoft launched a program. Many say that Microsoft was late.", ["Microsoft"]),
    ],
)
def test_organisations_are_recognised(text: str, names_: list[str]) -> None:
    assert named(text) == [("organisation", name) for name in names_]


@pytest.mark.parametrize(
    "text",
    [
        "A graphical interface (GUI) is shown by the GUI itself. The GUI's colours are set.",
        "There is no liability for PRSI. The rate of PRSI is four.",
        "The Tenant announced that the Tenant leaves.",
        "Paul Worthington came. Later Worthington released a player, and Worthington left.",
        "Save it as PDF. It is read by PDF readers.",
    ],
)
def test_capitals_and_repetition_alone_are_no_organisation(text: str) -> None:
    assert [name for kind, name in named(text) if kind == "organisation"] == []
