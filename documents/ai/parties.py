"""Who makes a contract: the names behind "between", with what the contract calls them. Bounded, so linear."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from documents.ai import firms
from documents.ai.names import GIVEN, OPENING

# A contract names its parties in one place; a longer text may hold some contracts.
_MOST_PLACES = 12
_LONGEST_PLACE = 1_800
_BEFORE = 400
_LONGEST_PARTY = 600

_OPENS = re.compile(
    r"\b(?:between|among|BETWEEN|AMONG|entered into by|made by|executed by|[Zz]wischen|ZWISCHEN|[Ee]ntre|ENTRE)\b"
    r"(?: and (?:among|between)\b)?:?\s{0,3}"
)
_CONTRACT = re.compile(
    r"agreement|contract|\blease\b|\bdeed\b|amendment|vertrag|vereinbarung|contrato?\b|\bbail\b|convention|acuerdo",
    re.IGNORECASE,
)
_ENDS = re.compile(r"WHEREAS|WITNESS|RECITALS|NOW,? THEREFORE|\n(?:Präambel|Recitals|Background)\b")
_PART = r"(?:[A-ZÀ-ÖØ-Þ][\w.’'&-]{0,40}|[a-z]{1,2}[A-Z]\w{1,40})(?![\w’'&-]| ?:)"
_NAME = rf"{_PART}(?: (?:(?:of|de|del|der|von|van|d/b/a|&) )?{_PART}){{0,8}}"
_AND = r"(?:and|und|et|y|AND|UND|ET|Y)"
_ARTICLE = (
    r"(?:(?:[Tt]he|THE|[Dd]e[rmn]|[Dd]ie|[Ll][ae]|[Ee]l) )?(?:(?:company|[Ff]irma|société|sociedad|don|doña|señora?) )?"
)
# Where the next name may begin: at the start, at a line's, after "and", a bracket or a semicolon; a firm also after a
# comma.
_SEAT = re.compile(
    rf"(?:\A|\b{_AND}[\s:,–-]{{1,6}}|[);][,;]?[ –-]{{0,3}}|\n){_ARTICLE}(?P<name>{firms.WITH_FORM}|{_NAME})"
    rf"|[,;] (?P<firm>{firms.WITH_FORM})"
)
_IS_FIRM = re.compile(rf"{firms.WITH_FORM}|{firms.WITH_KIND}")
_TERM = re.compile(r"[\"“„«‟]\s?(?:the |[Dd]e[rmn] |[Dd]ie |[Ll][ae] |[Ee]l |[Ll][’'])?(\w[^\"”“»\n]{1,40}?)\s?[\"”“»]")
_CALLED = re.compile(r", (?:the|hereinafter(?: the)?|der|die|dem|den|le|la|el) ([^\W\d_]{4,20})\b")
_NO_ROLE = re.compile(r"\b(?:part(?:y|ies|eien|ie|e|es)|agreement|date|effective|vertrag|contrato?|premises)\b", re.I)
_ROLE_NAMES = (
    r"Party [A-Z1-9]|Landlord|Tenant|Lessor|Lessee|Buyer|Seller|Purchaser|Vendor|Supplier|Customer|Client|Contractor"
    r"|Licensor|Licensee|Employer|Employee|Lender|Borrower|Consultant|Distributor|Franchisor|Franchisee|Provider"
    r"|Vermieter(?:in)?|Mieter(?:in)?|Käufer(?:in)?|Verkäufer(?:in)?|Auftraggeber(?:in)?|Auftragnehmer(?:in)?"
    r"|Bailleur|Locataire|Vendeur|Acheteur|Prestataire|Arrendador|Arrendatario|Comprador|Vendedor"
)
_NO_NAME = re.compile(
    rf"(?:(?:{_ROLE_NAMES}|Part(?:y|ies)|Parteien|Company|Corporation|Bank|Agent|Developer|Address|Attention|Date"
    r"|Effective|Section|Article|Exhibit|Schedule|AND|UND|ET|Y|Tel|Fax|Phone|E-?mail|Attn|Suite)\b\Z"
    r"|(?:Either|Neither|Therefore)\b|[A-Z]{1,2}\.?\Z)"
)
_PAPER = re.compile(r"\b(?:agreement|contract|vertrag|contrato?|whereas|exhibit|schedule|section)\b", re.IGNORECASE)
ROLE = re.compile(rf"{_ROLE_NAMES}|Part(?:y|ies|ei|eien|ie|e|es)|Company", re.IGNORECASE)
_LABELLED = re.compile(
    rf"(?:^|(?<= ))(?P<role>{_ROLE_NAMES})(?: [Nn]ame)? ?: ?(?P<name>{firms.WITH_FORM}|{_NAME})", re.MULTILINE
)
_INDIVIDUAL = re.compile(r",? (?:an individual|residing|born|geboren|wohnhaft|demeurant|née?\b|con domicilio)\b")
_PERSONS = re.compile(r"employee|executive|arbeitnehmer|salarié|emplead", re.IGNORECASE)
_PERSON = re.compile(
    r"(?:(?:Dr|Mr|Mrs|Ms|Prof|M|Mme|Herrn?|Frau|Monsieur|Madame)\.? )?(?:[A-ZÀ-ÖØ-Þ][\w’'-]{0,30}\.?(?: |\Z)){2,4}"
)


_TITLE = re.compile(r"\b(?:don|doña|señora?|Monsieur|Madame|Mme|Herrn?|Frau|Dr|Mrs?|Ms)\b")


@dataclass(frozen=True, slots=True)
class Party:
    """A name, where it stands in the text, and what the contract calls it."""

    start: int
    end: int
    name: str
    kind: str
    roles: tuple[str, ...] = ()


def find(text: str) -> list[Party]:
    """The parties of sentences that stand a line each, from the place that tells most of them; each once."""
    places = [_read(text, start, end) for start, end in _places(text)] + [list(_labelled(text))]
    best = max(places, key=_tells)
    once: dict[str, Party] = {}
    for party in best if _is_pair_or_firm(best) else ():
        once.setdefault(party.name.casefold(), party)
    return list(once.values())


def _tells(parties: Sequence[Party]) -> int:
    """How sure it is that parties are named there; one name alone may be anything."""
    return min(2, sum(bool(party.roles) for party in parties)) if _is_pair_or_firm(parties) else -1


def _is_pair_or_firm(parties: Sequence[Party]) -> bool:
    return len(parties) > 1 or any(party.roles and _IS_FIRM.fullmatch(party.name) for party in parties)


def _places(text: str) -> Iterator[tuple[int, int]]:
    """Where parties may be named: behind "between", not far after a word for a contract, as far as the next place."""
    opened = (
        one for one in _OPENS.finditer(text) if _CONTRACT.search(text, max(0, one.start() - _BEFORE), one.start())
    )
    places = list(islice(opened, _MOST_PLACES))
    for place, following in zip(places, [*places, None][1:], strict=True):
        yield place.end(), min(place.end() + _LONGEST_PLACE, following.start() if following else len(text))


def _read(text: str, start: int, end: int) -> list[Party]:
    region = text[start:end]
    ends = _ENDS.search(region)
    region = region[: ends.start()] if ends else region
    spans = [span for seat in _SEAT.finditer(region) if _may_be_named(region, *(span := _seat_span(seat)))]
    parties: list[Party] = []
    for (first, last), (following, _) in zip(spans, [*spans, (len(region), 0)][1:], strict=True):
        if parties and _is_over(parties, region[parties[-1].end : first]):
            break
        _seat(parties, region, first, last, following)
    return [replace(party, start=party.start + start, end=party.end + start) for party in parties]


def _is_over(parties: Sequence[Party], between: str) -> bool:
    """Whether the naming of parties has come to its end before the next name."""
    is_pair = sum(bool(party.roles) for party in parties) > 1
    return len(between) > _LONGEST_PARTY or (is_pair and "\n" in between)


def _may_be_named(region: str, start: int, end: int) -> bool:
    name = region[start:end]
    if _IS_FIRM.fullmatch(name):
        return True
    is_word = " " not in name and region[end : end + 2] not in (" (", ", ")
    return not (is_word or name.split()[0] in OPENING or _NO_NAME.match(name) or _PAPER.search(name))


def _seat_span(seat: re.Match[str]) -> tuple[int, int]:
    return seat.span("name" if seat["name"] else "firm")


def _seat(parties: list[Party], region: str, start: int, end: int, following: int) -> None:
    """Adds who stands there as a party, or else what follows to the party before."""
    name, rest = region[start:end], region[end:following]
    roles = _roles(rest, is_last=following == len(region))
    is_firm = bool(_IS_FIRM.fullmatch(name))
    # "England and Wales (the “Supplier”)": the term is that of the firm before.
    is_next = not parties or bool(parties[-1].roles) or start - parties[-1].end < len(", and the  ")
    is_role = name.casefold() in {role.casefold() for role in roles}
    if is_firm or (roles and is_next and not is_role):
        kind = "organisation" if is_firm else _kind(name, region[max(0, start - 8) : start], rest, roles)
        parties.append(Party(start, end, name, kind, roles))
    elif parties and not parties[-1].roles:
        parties[-1] = replace(parties[-1], roles=roles)


def _roles(rest: str, *, is_last: bool) -> tuple[str, ...]:
    """What the name is called from then on: in quotes, or by a word with an article after a comma."""
    called = _CALLED.match(rest)
    if called:
        return (called[1],)
    terms = _TERM.findall(rest[:600])
    return tuple(dict.fromkeys(term for term in terms[: 1 if is_last else 3] if not _NO_ROLE.search(term)))


def _kind(name: str, before: str, after: str, roles: Sequence[str]) -> str:
    if not _PERSON.fullmatch(name):
        return "organisation"
    given = {part.title() for part in name.split()}
    is_person = (
        given & GIVEN
        or _TITLE.search(before + name[:12])
        or _INDIVIDUAL.match(after)
        or any(_PERSONS.search(role) for role in roles)
    )
    return "person" if is_person else "organisation"


def _labelled(text: str) -> Iterator[Party]:
    """Names behind "Tenant:"."""
    for found in _LABELLED.finditer(text):
        kind = "organisation" if _IS_FIRM.fullmatch(found["name"]) else _kind(found["name"], "", "", (found["role"],))
        yield Party(*found.span("name"), found["name"], kind, (found["role"],))
