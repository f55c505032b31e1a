"""Who has to do what: the statements of a text that oblige or forbid, each under the party it binds."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from documents.ai import extracting, lines, parties
from documents.ai.extracting import Candidate
from documents.ai.protocol import Claim, Source

MOST_DUTIES = 40
_MOST_WORDS = 5
# Between the words of a name stand "of", "and", "für": a longer word in small letters says it is none.
_LONGEST_LINK = 3

# What says how a text is to be read, what it is called or who has a right is no duty.
_NO_DUTY = (
    r"(?! not be (?:\w{2,20}ly )?(?:oblig\w{4,5}|required|liable|responsible)\b)"
    r"(?! (?:not |each |\w{2,20}ly ){0,2}(?:mean\b|have (?:an? |the )?(?:\w{2,20} )?(?:meaning|right|option)|include\b"
    r"|refer to|constitute\b|survive\b|apply\b|become\b|commence\b|expire\b|terminate\b|prevail\b|inure\b|remain\b"
    r"|be (?:\w{2,20}ly )?(?:deemed|construed|interpreted|governed|considered|entitled|binding|effective|void|valid"
    r"|enforceable|in addition|without|referred|known|called)\b))"
)
_BINDS = re.compile(
    rf"\b(?:shall|must|will)(?! have been\b)(?= (?:\w|’|')){_NO_DUTY}"
    r"|\b(?:is|are) (?:hereby )?(?:required|obliged|obligated|bound|not (?:permitted|allowed|entitled)) to\b"
    r"|\b(?:is|are) responsible for\b"
    r"|\b(?:has|have) to\b|\b(?:agrees?|undertakes?|covenants?|promises?|commits?) (?:not )?to\b|\bmay (?:not|only)\b"
    r"|(?<=\b[Nn]either party )may\b|(?<=\b[Nn]o party )may\b"
    r"|\b(?:muss|müssen|(?:darf|dürfen) (?:nicht|nur|keine?n?))\b"
    r"|\b(?:ist|sind) (?:\w{1,20} ){0,3}verpflichtet\b|\bverpflichte[nt] sich\b"
    r"|\b(?:ist|sind|hat|haben) (?:\w{1,30} ){1,6}zu \w{3,30}en\b"
    r"|\b(?:doit|doivent|devra|devront)\b|\b(?:est|sont) (?:tenu|oblig)\w{1,4} (?:de|d[’']|à)|\bs[’']engagent? à\b"
    r"|\bne (?:peut|peuvent|doit|doivent) pas\b"
    r"|\b(?:debe|deben|deberá|deberán|no podrá|no podrán|no puede|no pueden|tienen? que)\b"
    r"|\bse (?:obliga|compromete)n? a\b|\bestán? obligad[oa]s? a\b"
)
_ARTICLE = re.compile(
    r"\A(?:then )?(?:(?:the|each|every|any|either|neither|all|such|no|der|die|das|den|dem|jede[rs]?|le|la|les|chaque|el"
    r"|los|las|cada)\s+|l[’'])",
    re.IGNORECASE,
)
# An article with a capital inside: a heading stands before it.
_HEADED = re.compile(r"(?<=\w )(?=(?:Each|The|Either|Every|Der|Die|Das|Le|La|El) )")
_ADVERB = re.compile(r"(?:\s+(?:\w{2,20}ly|also|further|therefore|hereby|always|at all times|auch|stets|également))+\Z")
# Begin a condition or point at something said before: no party.
_NO_PARTY = re.compile(
    r"(?:and|or|nor|but|of|in|for|to|during|at|nothing|if|when|where|while|unless|although|after|before|upon|as|that"
    r"|which|who|what|there|it|they|he|she|this|these|those|whenever|wherever|whereas"
    r"|wenn|falls|sofern|soweit|es|er|dies|diese|si|lorsque|il|elle|ils|cela|ce|qui|que|cuando|esto|ello)\b",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"\A(?:\(?(?:§ ?)?\d{1,3}(?:\.\d{1,3}){0,4}[.)]?|\(?(?:[A-Za-z]|[ivx]{1,5})[.)])\s+")
_CLAUSE = re.compile(r"[,;:()–—]\s*|\bthat\s+", re.IGNORECASE)
_LONE_PARTY = re.compile(r"(?:\w{2,15} ){0,2}(?:part(?:y|ies|ei|eien|ie)|parte)\Z", re.IGNORECASE)
_ACTS = re.compile(
    r"(?:The |Each |Every |Der |Die |Das )?(\w{3,20}) "
    r"(?!is\b|was\b|has\b|does\b|wants\b|knows\b|ist\b|hat\b|möchte)\w{2,20}(?:(?<!s)s|t)\b"
)
_NO_STATEMENT = re.compile(r"[?]\W{0,2}\Z|\AWHEREAS\b")


_AND = re.compile(r" (?:and|or|und|oder|et|ou|y|o) ")
# Before a party these say that something of its is spoken of: "the signature of the Tenant".
_LINKS = re.compile(r"(?:of|by|to|from|with|for|in|on|at|under|von|de|du|del|des|der)\Z")


@dataclass(frozen=True, slots=True)
class _Duty:
    candidate: Candidate
    party: str
    worth: float


def duties(sources: Sequence[Source]) -> list[Claim]:
    """At most 40, in the order of the text; of more those that bind a party, say most, and say different things."""
    known = _known(sources)
    found = [duty for one in extracting.legible(sources) if (duty := _duty(one, known)) is not None]
    return [_claim(duty) for duty in _chosen(found)]


def _known(sources: Sequence[Source]) -> frozenset[str]:
    """What the contract calls its parties."""
    named = (party for source in sources for party in parties.find(lines.of(0, source).text))
    return frozenset(name.casefold() for party in named for name in (party.name, *party.roles))


def _duty(candidate: Candidate, known: frozenset[str]) -> _Duty | None:
    """The first words of a sentence that bind somebody; "will" does so only behind the name of a party."""
    if _NO_STATEMENT.search(candidate.text):
        return None
    for bound in _BINDS.finditer(candidate.text):
        party = _party(candidate.text[: bound.start()], known)
        is_party = party.casefold() in known or bool(parties.ROLE.fullmatch(party))
        if is_party or bound.group() != "will":
            return _Duty(candidate, party, 1.5 if is_party else 1.0 if party else 0.6)
    return _acting(candidate, known)


def _acting(candidate: Candidate, known: frozenset[str]) -> _Duty | None:
    """Contracts in plain words say that the tenant pays, and mean that she has to."""
    acts = _ACTS.match(_NUMBERED.sub("", candidate.text, count=1))
    if not acts or not (acts[1].casefold() in known or parties.ROLE.fullmatch(acts[1])):
        return None
    return _Duty(candidate, acts[1][:1].upper() + acts[1][1:], 1.2)


def _chosen(found: Sequence[_Duty]) -> list[_Duty]:
    found = extracting.evenly(found, extracting.MOST_SENTENCES)
    if len(found) <= MOST_DUTIES:
        return list(found)
    matrix = extracting.vectors([one.candidate.text for one in found])
    scores = extracting.salience([one.candidate for one in found], matrix, lead=0.0)
    worth = np.array([one.worth for one in found], dtype=np.float32)
    return [found[at] for at in sorted(extracting.diverse(np.maximum(scores, 1e-6) * worth, matrix, MOST_DUTIES))]


def _claim(duty: _Duty) -> Claim:
    text = extracting.shortened(duty.candidate.text)
    return Claim(text + "\n", (duty.candidate.reference,), label=duty.party)


def _party(before: str, known: frozenset[str]) -> str:
    """Who stands before the word that binds, as written but for its article; empty when that cannot be told."""
    part = _NUMBERED.sub("", _CLAUSE.split(before.strip()[-200:])[-1].strip(), count=1).strip()
    part = _ADVERB.sub("", part)
    words = _ARTICLE.sub("", _HEADED.split(part)[-1], count=1).split()
    # A heading may stand before the party: "Indemnity Acme Ltd".
    for count in range(min(len(words), _MOST_WORDS), 0, -1):
        if _are_known(words[-count:], known) and not _LINKS.match(" ".join(words[-count - 1 : -count])):
            return _capitalised(words[-count:])
    return _capitalised(words) if _is_party(part, words) else ""


def _are_known(words: Sequence[str], known: frozenset[str]) -> bool:
    return all(name.casefold() in known for name in _AND.split(" ".join(words)))


def _is_party(part: str, words: Sequence[str]) -> bool:
    if not 1 <= len(words) <= _MOST_WORDS or _NO_PARTY.match(part) or not words[0][0].isalpha() or "This" in words:
        return False
    has_long_words = any(word.islower() and len(word) > _LONGEST_LINK for word in words)
    return len(words) == 1 or not has_long_words or bool(_LONE_PARTY.fullmatch(" ".join(words)))


def _capitalised(words: Sequence[str]) -> str:
    name = " ".join(words)
    return name[:1].upper() + name[1:]
