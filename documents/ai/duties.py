"""Who has to do what: the statements of a text that oblige or forbid, each under the party it binds."""

import re
from collections.abc import Sequence

import numpy as np

from documents.ai import extracting
from documents.ai.extracting import Candidate
from documents.ai.protocol import Claim

MOST_DUTIES = 40
_MOST_WORDS = 5
# Between the words of a name stand "of", "and", "für": a longer word in small letters says it is none.
_LONGEST_LINK = 3

_BINDS = re.compile(
    r"\b(?:shall|must)(?! have been\b)(?= (?:\w|’|'))"
    r"|\b(?:is|are) (?:hereby )?(?:required|obliged|obligated|bound|not (?:permitted|allowed|entitled)) to\b"
    r"|\b(?:is|are) responsible for\b"
    r"|\b(?:has|have) to\b|\b(?:agrees?|undertakes?|covenants?|promises?|commits?) (?:not )?to\b|\bmay (?:not|only)\b"
    r"|\b(?:muss|müssen|darf nicht|dürfen nicht|darf keine?n?|dürfen keine?n?)\b"
    r"|\b(?:ist|sind) (?:\w{1,20} ){0,3}verpflichtet\b|\bverpflichte[nt] sich\b"
    r"|\b(?:ist|sind) (?:\w{1,30} ){1,6}zu \w{3,30}en\b"
    r"|\b(?:doit|doivent|devra|devront)\b|\b(?:est|sont) (?:tenu|oblig)\w{1,4} (?:de|d[’']|à)|\bs[’']engagent? à\b"
    r"|\bne (?:peut|peuvent|doit|doivent) pas\b"
    r"|\b(?:debe|deben|deberá|deberán|no podrá|no podrán|no puede|no pueden)\b|\bse (?:obliga|compromete)n? a\b"
)
_ARTICLE = re.compile(
    r"\A(?:(?:the|each|every|any|either|neither|all|such|der|die|das|den|dem|jede[rs]?|le|la|les|chaque|el|los|las|cada)"
    r"\s+|l[’'])",
    re.IGNORECASE,
)
# Begin a condition or point at something said before: no party.
_NO_PARTY = re.compile(
    r"(?:and|or|nor|but|in|for|to|during|at|nothing|if|when|where|while|unless|although|after|before|upon|as|that|which|who|what|there|it|they|he|she|this|these|those"
    r"|wenn|falls|sofern|soweit|es|er|dies|diese|si|lorsque|il|elle|ils|cela|ce|qui|que|cuando|esto|ello)\b",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"\A(?:\(?(?:§ ?)?\d{1,3}(?:\.\d{1,3}){0,4}[.)]?|\(?(?:[A-Za-z]|[ivx]{1,5})[.)])\s+")


def duties(candidates: Sequence[Candidate]) -> list[Claim]:
    """At most 40, in the order of the text; of more those that say most, and different things."""
    binding = [(one, bound) for one in candidates if (bound := _BINDS.search(one.text)) and "?" not in one.text[-2:]]
    chosen = _chosen([one for one, _ in binding])
    return [_claim(*binding[at]) for at in chosen]


def _chosen(binding: Sequence[Candidate]) -> list[int]:
    if len(binding) <= MOST_DUTIES:
        return list(range(len(binding)))
    matrix = extracting.vectors([one.text for one in binding])
    scores = extracting.salience(binding, matrix, lead=0.0)
    return sorted(extracting.diverse(np.maximum(scores, 1e-6), matrix, MOST_DUTIES))


def _claim(candidate: Candidate, bound: re.Match[str]) -> Claim:
    text = extracting.shortened(candidate.text)
    return Claim(text + "\n", (candidate.reference,), label=_party(candidate.text[: bound.start()]))


def _party(before: str) -> str:
    """Who stands before the word that binds, as written but for its article; empty when that cannot be told."""
    part = _NUMBERED.sub("", re.split(r"[,;:(–—]\s*", before.strip())[-1].strip(), count=1).strip()
    words = _ARTICLE.sub("", part, count=1).split()
    if not 1 <= len(words) <= _MOST_WORDS or _NO_PARTY.match(part) or not words[0][0].isalpha():
        return ""
    if len(words) > 1 and any(word.islower() and len(word) > _LONGEST_LINK for word in words):
        return ""
    party = " ".join(words)
    return party[:1].upper() + party[1:]
