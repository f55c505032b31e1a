"""The few sentences the built-in provider says itself, in the languages it can say them in."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

_WORD = re.compile(r"[^\W\d_]+")
COMMON = {
    "en": "the of and to in is that for it with as was on be are this by from or which not",
    "de": "der die das und ist nicht mit dem den von zu ein eine auf für wird sich des im auch werden",
    "fr": "le les et des est une dans que qui pour du pas sur au par plus avec sont aux ce cette",
    "es": "el los las y es una que para del por con se no su lo como más al este esta",
}


def _clause(before: str, after: str = "") -> re.Pattern[str]:
    """What follows `before` up to the end of the clause; with `after`, from there on."""
    return re.compile(rf"(?:{before})({after}[^.,;:!?()“”„«»\"]+)(?=[.,;:!?])")


@dataclass(frozen=True, slots=True)
class Wording:
    """Questions take the words they are about, which the patterns find; `nothing_found` is a whole answer."""

    nothing_found: str
    on_date: str
    on_year: str
    on_amount: str
    on_percentage: str
    on_party: str
    on_duty: str
    on_right: str
    on_condition: str
    past: re.Pattern[str]
    duties: re.Pattern[str]
    rights: re.Pattern[str]
    conditions: re.Pattern[str]


WORDINGS = {
    "en": Wording(
        nothing_found="Nothing in the text answers this directly. The built-in analysis can only quote sentences; "
        "try other words, or ask for a summary.",
        on_date="What happens on or by {}?",
        on_year="What happened in {}?",
        on_amount="What is the amount of {} for, and who pays it?",
        on_percentage="What does the figure of {} apply to?",
        on_party="What is the role of {}?",
        on_duty="Who or what must {}?",
        on_right="Who or what may {}?",
        on_condition="What happens {}?",
        past=re.compile(r"\b(?:was|were|had|\w{3,}ed)\b"),
        duties=_clause(r"\b(?:shall|must) (?!not\b|be\b|have\b|it\b|we\b|also\b)"),
        rights=_clause(r"\bmay (?!not\b|be\b|have\b|it\b|also\b)"),
        conditions=_clause(
            r"(?:\A|[,;] |\b(?!(?:see|as|even|what|or|and|asks?|asked|know|check|only)\b)\w+ )",
            r"(?:[Ii]f|[Uu]nless) (?!it\b|they\b|this\b|that\b|he\b|she\b|so\b|not\b|any\b|you\b|we\b|I\b)",
        ),
    ),
    "de": Wording(
        nothing_found="Nichts im Text beantwortet das unmittelbar. Die eingebaute Analyse kann nur Sätze zitieren; "
        "versuchen Sie andere Wörter oder eine Zusammenfassung.",
        on_date="Was geschieht zum Datum {}?",
        on_year="Was geschah im Jahr {}?",
        on_amount="Wofür steht der Betrag {}, und wer bezahlt ihn?",
        on_percentage="Worauf bezieht sich die Angabe {}?",
        on_party="Welche Rolle spielt {}?",
        on_duty="Wer oder was muss {}?",
        on_right="Wer oder was darf {}?",
        on_condition="Was geschieht, {}?",
        past=re.compile(r"\b(?:war|waren|wurden?|hatten?)\b"),
        duties=_clause(r"\bmuss (?!nicht\b|er\b|sie\b|es\b|auch\b)"),
        rights=_clause(r"\bdarf (?!nicht\b|er\b|sie\b|es\b|auch\b|kein)"),
        conditions=_clause(
            r"(?:\A|, )", r"(?:[Ww]enn|[Ff]alls|[Ss]ofern|[Ss]oweit) (?!er\b|sie\b|es\b|dies|man\b|nicht\b)"
        ),
    ),
    "fr": Wording(
        nothing_found="Rien dans le texte n’y répond directement. L’analyse intégrée ne peut que citer des phrases ; "
        "essayez d’autres mots, ou demandez un résumé.",
        on_date="Que se passe-t-il à la date du {} ?",
        on_year="Que s’est-il passé en {} ?",
        on_amount="À quoi correspond le montant de {}, et qui le paie ?",
        on_percentage="À quoi s’applique le chiffre de {} ?",
        on_party="Quel est le rôle de {} ?",
        on_duty="Qui ou quoi doit {} ?",
        on_right="Qui ou quoi peut {} ?",
        on_condition="Que se passe-t-il {} ?",
        past=re.compile(r"\b(?:était|étaient|fut|furent|avait|a été|ont été)\b"),
        duties=_clause(r"\bdoit (?!pas\b|être\b|avoir\b|aussi\b)"),
        rights=_clause(r"\bpeut (?!pas\b|être\b|avoir\b|aussi\b)"),
        conditions=_clause(r"(?:\A|, )", r"[Ss]i (?!il\b|ils\b|elle|on\b|cela\b|ce\b|vous\b|nous\b|je\b|bien\b)"),
    ),
    "es": Wording(
        nothing_found="Nada en el texto lo responde directamente. El análisis incorporado solo puede citar frases; "
        "pruebe con otras palabras o pida un resumen.",
        on_date="¿Qué ocurre en la fecha {}?",
        on_year="¿Qué ocurrió en {}?",
        on_amount="¿A qué corresponde el importe de {}, y quién lo paga?",
        on_percentage="¿A qué se aplica la cifra de {}?",
        on_party="¿Qué papel tiene {}?",
        on_duty="¿Quién o qué debe {}?",
        on_right="¿Quién o qué puede {}?",
        on_condition="¿Qué ocurre {}?",
        past=re.compile(r"\b(?:fue|fueron|era|eran|había|\w+aron|\w+ió)\b"),
        duties=_clause(r"\b(?:debe|deberá) (?!ser\b|haber\b|también\b)"),
        rights=_clause(r"\b(?:puede|podrá) (?!ser\b|haber\b|también\b)"),
        conditions=_clause(r"(?:\A|, )", r"[Ss]i (?!no\b|se\b|bien\b|usted\b|esto\b)"),
    ),
}


def wording(texts: Iterable[str]) -> Wording:
    return WORDINGS[language(texts)]


def language(texts: Iterable[str]) -> str:
    """The language of the texts as far as their commonest words tell; else English."""
    counts = Counter(word for text in texts for word in _WORD.findall(text.lower()))
    return max(COMMON, key=lambda code: sum(counts[word] for word in COMMON[code].split()))
