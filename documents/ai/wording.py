"""The few sentences the built-in provider says itself, in the languages it can say them in."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

_WORD = re.compile(r"[^\W\d_]+")
_COMMON = {
    "en": "the of and to in is that for it with as was on be are this by from or which not",
    "de": "der die das und ist nicht mit dem den von zu ein eine auf für wird sich des im auch werden",
    "fr": "le les et des est une dans que qui pour du pas sur au par plus avec sont aux ce cette",
    "es": "el los las y es una que para del por con se no su lo como más al este esta",
}


@dataclass(frozen=True, slots=True)
class Wording:
    """Questions take the words they are about; `nothing_found` is a whole answer."""

    nothing_found: str
    on_date: str
    on_amount: str
    on_percentage: str
    on_party: str
    on_condition: str
    on_statement: str
    conditions: re.Pattern[str]


WORDINGS = {
    "en": Wording(
        nothing_found="Nothing in the text answers this directly. The built-in analysis can only quote sentences; "
        "try other words, or ask for a summary.",
        on_date="What happens on or by {}?",
        on_amount="What is the amount of {} for, and does it hold?",
        on_percentage="What does the figure of {} rest on?",
        on_party="What part does {} play?",
        on_condition="When does this apply, and when not: “{}”?",
        on_statement="What supports the statement “{}”?",
        conditions=re.compile(r"\b(?:unless|except|provided that|subject to|if|only when|may be)\b", re.IGNORECASE),
    ),
    "de": Wording(
        nothing_found="Nichts im Text beantwortet das unmittelbar. Die eingebaute Analyse kann nur Sätze zitieren; "
        "versuchen Sie andere Wörter oder eine Zusammenfassung.",
        on_date="Was geschieht zum Datum {}?",
        on_amount="Wofür steht der Betrag {}, und gilt er noch?",
        on_percentage="Worauf beruht die Angabe {}?",
        on_party="Welche Rolle spielt {}?",
        on_condition="Wann gilt das, und wann nicht: „{}“?",
        on_statement="Was stützt die Aussage „{}“?",
        conditions=re.compile(r"\b(?:sofern|soweit|es sei denn|vorbehaltlich|falls|wenn|außer|kann)\b", re.IGNORECASE),
    ),
    "fr": Wording(
        nothing_found="Rien dans le texte n’y répond directement. L’analyse intégrée ne peut que citer des phrases ; "
        "essayez d’autres mots, ou demandez un résumé.",
        on_date="Que se passe-t-il à la date du {} ?",
        on_amount="À quoi correspond le montant de {}, et est-il ferme ?",
        on_percentage="Sur quoi repose le chiffre de {} ?",
        on_party="Quel est le rôle de {} ?",
        on_condition="Quand cela s’applique-t-il, et quand non : « {} » ?",
        on_statement="Qu’est-ce qui appuie l’affirmation « {} » ?",
        conditions=re.compile(r"\b(?:sauf|à moins que|sous réserve|si|à condition|peut)\b", re.IGNORECASE),
    ),
    "es": Wording(
        nothing_found="Nada en el texto lo responde directamente. El análisis incorporado solo puede citar frases; "
        "pruebe con otras palabras o pida un resumen.",
        on_date="¿Qué ocurre en la fecha {}?",
        on_amount="¿A qué corresponde el importe de {}, y es firme?",
        on_percentage="¿En qué se basa la cifra de {}?",
        on_party="¿Qué papel tiene {}?",
        on_condition="¿Cuándo se aplica esto, y cuándo no: «{}»?",
        on_statement="¿Qué respalda la afirmación «{}»?",
        conditions=re.compile(r"\b(?:salvo|a menos que|siempre que|si|excepto|podrá)\b", re.IGNORECASE),
    ),
}


def wording(texts: Iterable[str]) -> Wording:
    """In the language of the texts as far as their commonest words tell; else in English."""
    counts = Counter(word for text in texts for word in _WORD.findall(text.lower()))
    return WORDINGS[max(_COMMON, key=lambda code: sum(counts[word] for word in _COMMON[code].split()))]
