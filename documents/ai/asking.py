"""Questions a text raises: about what it names, and about who must, who may and what if. Each kind is asked once."""

import re
from collections.abc import Iterator, Sequence

from documents.ai.entities import Entity
from documents.ai.extracting import Candidate, is_statement
from documents.ai.protocol import Claim, Reference
from documents.ai.wording import Wording

_BARE_YEAR = re.compile(r"\d{4}")
_YEAR = re.compile(r"\d{4}")
# Point at something the question does not hold.
_POINTING = re.compile(r"\b(?:it|its|they|them|their|this|these|those|he|him|she|her|ihn|ihm|diese\w?|dies)\b")
# What is quoted in a question should be taken in at a glance.
_LONGEST_QUOTED = 120
_FEWEST_WORDS = 3


def questions(words: Wording, found: Sequence[Entity], candidates: Sequence[Candidate]) -> list[Claim]:
    """At most one of a kind; none where the text gives no cause to ask."""
    statements = [candidate for candidate in candidates if is_statement(candidate.text)]
    return [*_on_named(words, found), *_on_statements(words, statements)]


def _on_named(words: Wording, found: Sequence[Entity]) -> Iterator[Claim]:
    stated = [(entity, cited) for entity in found if (cited := _statements(entity))]
    dates = [(entity, cited) for entity, cited in stated if entity.kind == "date"]
    kinds = (
        (words.on_date, [(entity, cited) for entity, cited in dates if not _BARE_YEAR.fullmatch(entity.text)]),
        (words.on_year, [(entity, cited) for entity, cited in dates if _is_past_year(words, entity, cited)]),
        (words.on_amount, _of_kind("amount", stated)),
        (words.on_percentage, _of_kind("percentage", stated)),
        (words.on_party, _of_kind("person", stated) or _of_kind("organisation", stated)),
    )
    for template, alike in kinds:
        if alike:
            # A date without its year tells less; else what is named most often matters most, and then what comes first.
            entity, cited = min(
                alike, key=lambda one: (one[0].kind == "date" and not _YEAR.search(one[0].text), -len(one[1]))
            )
            yield Claim(template.format(entity.text) + "\n", cited, label=entity.kind)


def _statements(entity: Entity) -> tuple[Reference, ...]:
    """The places where something is said of it: not tables, not headings."""
    return tuple(reference for reference in entity.references if is_statement(reference.quote))


def _of_kind(
    kind: str, stated: Sequence[tuple[Entity, tuple[Reference, ...]]]
) -> list[tuple[Entity, tuple[Reference, ...]]]:
    return [(entity, cited) for entity, cited in stated if entity.kind == kind]


def _is_past_year(words: Wording, entity: Entity, cited: Sequence[Reference]) -> bool:
    return bool(_BARE_YEAR.fullmatch(entity.text)) and any(words.past.search(reference.quote) for reference in cited)


def _on_statements(words: Wording, statements: Sequence[Candidate]) -> Iterator[Claim]:
    """The first statement of each kind whose telling part can be asked about."""
    kinds = (
        (words.on_duty, words.duties),
        (words.on_right, words.rights),
        (words.on_condition, words.conditions),
    )
    for template, pattern in kinds:
        asked = (
            Claim(template.format(part) + "\n", (candidate.reference,))
            for candidate in statements
            if (part := _part(pattern, candidate.text))
        )
        yield from list(_first(asked))


def _first(claims: Iterator[Claim]) -> Iterator[Claim]:
    for claim in claims:
        yield claim
        return


def _part(pattern: re.Pattern[str], text: str) -> str:
    """What stands after "must" or from "if" on, to the end of its clause; empty if it cannot be asked about."""
    found = pattern.search(text)
    part = found.group(1).strip() if found else ""
    part = part[:1].lower() + part[1:]
    is_askable = len(part.split()) >= _FEWEST_WORDS and len(part) <= _LONGEST_QUOTED and not _POINTING.search(part)
    return part if is_askable else ""
