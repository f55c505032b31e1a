"""What the answer to a sweep says itself, in the language of the question: numbers, and that nothing was found."""

from dataclasses import dataclass

from documents.sweeps.coverage import Coverage

Forms = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Wording:
    """Each in the singular and the plural. `found` and `lacking` begin the sentence, the rest goes on."""

    found: Forms
    lacking: Forms
    others: Forms
    having: Forms
    unverified: Forms
    unreadable: Forms
    failed: Forms
    stopped: Forms
    nothing: Forms
    absent: str
    unquoted: str
    local: str


WORDINGS = {
    "en": Wording(
        found=("{n} of {all} documents says so", "{n} of {all} documents say so"),
        lacking=("In {n} of {all} documents nothing was found", "In {n} of {all} documents nothing was found"),
        others=("{n} does not", "{n} do not"),
        having=("{n} has a statement of it", "{n} have a statement of it"),
        unverified=("{n} only in words that do not stand in it", "{n} only in words that do not stand in them"),
        unreadable=("{n} could not be read", "{n} could not be read"),
        failed=("{n} could not be asked", "{n} could not be asked"),
        stopped=("{n} was not asked", "{n} were not asked"),
        nothing=("no statement found in {n} passage", "no statement found in {n} passages"),
        absent="absence cannot be cited",
        unquoted="the words quoted do not stand in the document",
        local="Chosen on this machine: each document counts by the one sentence in it that fits best.",
    ),
    "de": Wording(
        found=("{n} von {all} Dokumenten sagt es", "{n} von {all} Dokumenten sagen es"),
        lacking=(
            "In {n} von {all} Dokumenten wurde nichts gefunden",
            "In {n} von {all} Dokumenten wurde nichts gefunden",
        ),
        others=("{n} nicht", "{n} nicht"),
        having=("{n} hat eine Aussage dazu", "{n} haben eine Aussage dazu"),
        unverified=("{n} nur in Worten, die nicht darin stehen", "{n} nur in Worten, die nicht darin stehen"),
        unreadable=("{n} konnte nicht gelesen werden", "{n} konnten nicht gelesen werden"),
        failed=("{n} konnte nicht befragt werden", "{n} konnten nicht befragt werden"),
        stopped=("{n} wurde nicht befragt", "{n} wurden nicht befragt"),
        nothing=("keine Aussage gefunden in {n} Passage", "keine Aussage gefunden in {n} Passagen"),
        absent="Fehlendes lässt sich nicht zitieren",
        unquoted="die zitierten Worte stehen nicht im Dokument",
        local="Auf diesem Rechner ausgewählt: Jedes Dokument zählt nach dem einen Satz darin, der am besten passt.",
    ),
    "fr": Wording(
        found=("{n} document sur {all} le dit", "{n} documents sur {all} le disent"),
        lacking=("Rien n’a été trouvé dans {n} document sur {all}", "Rien n’a été trouvé dans {n} documents sur {all}"),
        others=("{n} ne le dit pas", "{n} ne le disent pas"),
        having=("{n} en parle", "{n} en parlent"),
        unverified=(
            "{n} seulement par des mots qui n’y figurent pas",
            "{n} seulement par des mots qui n’y figurent pas",
        ),
        unreadable=("{n} n’a pas pu être lu", "{n} n’ont pas pu être lus"),
        failed=("{n} n’a pas pu être interrogé", "{n} n’ont pas pu être interrogés"),
        stopped=("{n} n’a pas été interrogé", "{n} n’ont pas été interrogés"),
        nothing=("aucune mention trouvée dans {n} passage", "aucune mention trouvée dans {n} passages"),
        absent="une absence ne se cite pas",
        unquoted="les mots cités ne figurent pas dans le document",
        local="Choisi sur cette machine : chaque document compte par la phrase qui convient le mieux.",
    ),
    "es": Wording(
        found=("{n} de {all} documentos lo dice", "{n} de {all} documentos lo dicen"),
        lacking=("En {n} de {all} documentos no se encontró nada", "En {n} de {all} documentos no se encontró nada"),
        others=("{n} no", "{n} no"),
        having=("{n} tiene una mención", "{n} tienen una mención"),
        unverified=("{n} solo con palabras que no figuran en él", "{n} solo con palabras que no figuran en ellos"),
        unreadable=("{n} no se pudo leer", "{n} no se pudieron leer"),
        failed=("{n} no se pudo consultar", "{n} no se pudieron consultar"),
        stopped=("{n} no se consultó", "{n} no se consultaron"),
        nothing=("ninguna mención encontrada en {n} pasaje", "ninguna mención encontrada en {n} pasajes"),
        absent="una ausencia no se puede citar",
        unquoted="las palabras citadas no figuran en el documento",
        local="Elegido en esta máquina: cada documento cuenta por la frase que mejor encaja.",
    ),
}


def sentence(words: Wording, coverage: Coverage, *, lacks: bool, local: bool) -> str:
    """How many of the documents, and what became of the others: the numbers add up."""
    begins = (words.lacking, coverage.not_found) if lacks else (words.found, coverage.found)
    goes_on = (words.having, coverage.found) if lacks else (words.others, coverage.not_found)
    rest = (
        goes_on,
        (words.unverified, coverage.unverified),
        (words.unreadable, coverage.unreadable),
        (words.failed, coverage.failed),
        (words.stopped, coverage.stopped + coverage.waiting),
    )
    parts = [counted(*begins, coverage.documents), *(counted(*one, coverage.documents) for one in rest if one[1])]
    return "; ".join(parts) + "." + (f" {words.local}" if local else "")


def counted(forms: Forms, count: int, documents: int = 0) -> str:
    return forms[count != 1].format(n=f"{count:,}", all=f"{documents:,}")
