"""Recognises what has a form of its own: dates, amounts, addresses, names. Rules only, in linear time.

Every repetition below is bounded, or runs over signs that nothing after it can match, so no text makes it slow.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

from documents.ai import firms, lines, names, parties
from documents.ai.protocol import Reference, Source

# A table of 50,000 rows names 50,000 amounts: a reader is shown the first.
MOST_OF_A_KIND = 60
MOST_REFERENCES = 12

_NUMBER = r"\d{1,3}(?:[.,'’\u00a0\u202f ]\d{3}){1,5}(?:[.,]\d{1,2})?(?!\d)|\d{1,15}(?:[.,]\d{1,2})?(?!\d)"
_START = r"(?<![\w.,/-])"
_GAP = r"[\u00a0\u202f ]"
# A number that goes on is another number.
_WHOLE = r"(?!\w|[.,]\d)"
_MONTHS = (
    "(?:January|February|March|April|May|June|July|August|September|October|November|December"
    "|JANUARY|FEBRUARY|MARCH|APRIL|MAY|JUNE|JULY|AUGUST|SEPTEMBER|OCTOBER|NOVEMBER|DECEMBER"
    "|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)\\.?"
    "|Januar|Jänner|Februar|März|Mai|Juni|Juli|Oktober|Dezember"
    "|janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
    "|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre"
    "|gennaio|febbraio|aprile|maggio|giugno|luglio|settembre|ottobre|dicembre)"
)
# Text recognition parts what stands high: "1s t day".
_HIGH = r"(?:s ?t|n ?d|r ?d|t ?h)\b"
_DAY = r"(?:3[01]|[12]\d|0?[1-9])"
_MONTH = r"(?:1[0-2]|0?[1-9])"
_YEAR = r"(?:1[5-9]|20|21)\d{2}"
_PLAIN_YEAR = r"(?:1[89]|20)\d{2}"
_AFTER_YEAR = (
    "and|as|at|but|by|for|he|if|in|it|of|on|or|she|that|the|they|this|through|to|until|was|we|were|when|where|which"
    "|while|who|with|an?|als|bis|das|der|die|durch|er|es|hat|mit|sie|und|von|war|waren|wurden?|et|jusqu|par|por|y"
)
_SIGN = r"(?:[€$£¥]|(?:US|CA|AU|C|A)\$|EUR|USD|GBP|CHF|SEK|NOK|DKK|PLN|CZK|JPY|CNY|INR|CAD|AUD|Fr\.)"
_SCALE = (
    r"(?:thousand|[mb]illion|trillion|Tausend|Mio\.?|Mrd\.?|Milli(?:onen|arden)|millions?|milliards?|millones|bn|mn|tn"
    r"|[kKmMB])"
)
_CURRENCY = rf"(?:{_SIGN}|[Ee]uros?\b|[Dd]ollars?\b|[Pp]ounds?\b|[Ff]rancs?\b|Franken\b|Rappen\b|cents?\b|Cent\b)"
_NAME = r"[A-ZÀ-ÖØ-Þ][\w’'-]{0,40}"

_RULES: tuple[tuple[str, str], ...] = (
    ("web address", r"\b(?:https?://|www\.)[^\s<>\"'()\[\]{}|]{3,2000}"),
    ("e-mail", r"(?<![\w.%+-])[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}\b"),
    ("IBAN", r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b"),
    (
        "date",
        rf"{_START}(?=\d)(?:{_YEAR}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?![\d-])"
        rf"|(?:{_DAY}\. ?{_MONTH}\. ?{_YEAR}|{_DAY}-{_MONTH}-{_YEAR})(?!\d)"
        rf"|(?:3[01]|[012]\d)\.(?:0[1-9]|1[0-2])\.\d{{2}}(?![\d.]\d|\d)"
        rf"|(?:{_DAY}/{_MONTH}|{_MONTH}/{_DAY})/(?:{_YEAR}|\d{{2}})(?![\d/])"
        rf"|{_DAY}(?: ?{_HIGH}|er|\.|º)? (?:day of |of |de )?{_MONTHS}(?:(?: ?,| de)? {_YEAR})?(?!\w))",
    ),
    ("date", rf"\b{_MONTHS} (?:(?:the )?{_DAY}(?: ?{_HIGH})?(?!\d)(?:(?: ?,)? {_YEAR})?|{_YEAR})(?![\d%])"),
    ("date", r"\d{4}年\d{1,2}月(?:\d{1,2}日)?"),
    # A bare year is one after a word of time, where no noun follows that it counts; or alone in brackets.
    (
        "date",
        r"(?i:\b(?:in|since|from|until|till|by|before|after|during|seit|ab|bis|vor|nach|Jahre?|en|depuis|desde|hasta))"
        rf" ({_PLAIN_YEAR})(?!\w)(?=[).;:!?]|,(?!\d)|$|\n| (?:{_AFTER_YEAR})\b| [A-Z(–—])",
    ),
    ("date", rf"(?<=[^\W\d] )\(({_PLAIN_YEAR})\)"),
    ("amount", rf"(?<!\w){_SIGN}[\u00a0\u202f ]?(?:{_NUMBER})(?:[,.][–—-]{{1,2}})?(?:{_GAP}?{_SCALE}(?!\w))?{_WHOLE}"),
    (
        "amount",
        rf"{_START}(?:{_NUMBER})(?:[,.][–—-]{{1,2}})?{_GAP}?(?:{_SCALE} )?(?:de |of )?{_CURRENCY}(?!\w)",
    ),
    (
        "percentage",
        rf"{_START}(?:{_NUMBER})[\u00a0\u202f ]?(?:%|percent\b|per cent\b|Prozent\b|pour cent\b|por ciento\b)",
    ),
    ("phone", r"(?<![\w.,/+-])(?<!\d )(?:\+|00)[1-9][\d ()/.\u00a0-]{6,20}\d(?!\w)"),
    ("phone", r"(?<![\w.,/-])\(?\d{3}\)?[ .-]\d{3}[.-]\d{4}(?![\w-])"),
    ("phone", r"(?i:\b(?:tel|phone|telephone|telefon|fon|fax|mobile?))[.:]{1,2} ?(\(?0[\d ()/.\u00a0-]{5,20}\d)(?!\w)"),
    (
        "person",
        rf"\b(?:Mr|Mrs|Ms|Dr|Prof|Herr|Frau|Mme|Sr|Sra)\.? (?:(?:Dr|Prof)\.? ){{0,2}}{_NAME}(?: {_NAME}){{0,2}}",
    ),
    ("organisation", firms.WITH_FORM),
    ("organisation", firms.WITH_KIND),
)
KINDS = tuple(dict.fromkeys(kind for kind, _ in _RULES))
_PATTERNS = [(kind, re.compile(rule)) for kind, rule in _RULES]
_TRAILING = ".,;:!?'\"*_"
_ARTICLES = re.compile(r"(?:The|This|That|And|Der|Die|Das|Und|La|Le|El|Los) ")


@dataclass
class Entity:
    """Something named, and the sentences that name it."""

    kind: str
    text: str
    references: list[Reference] = field(default_factory=list)


def find(sources: Sequence[Source]) -> list[Entity]:
    """What the sources name: by kind, each in the order of first mention."""
    entities: dict[tuple[str, str], Entity] = {}
    kept = dict.fromkeys(KINDS, 0)
    for number, source in enumerate(sources):
        for kind, text, reference in mentions(number, source):
            key = (kind, " ".join(text.split()).casefold())
            if key not in entities:
                if kept[kind] == MOST_OF_A_KIND:
                    continue
                kept[kind] += 1
                entities[key] = Entity(kind, " ".join(text.split()))
            references = entities[key].references
            if len(references) < MOST_REFERENCES and reference not in references[-1:]:
                references.append(reference)
    return sorted(entities.values(), key=lambda entity: KINDS.index(entity.kind))


def mentions(number: int, source: Source) -> Iterator[tuple[str, str, Reference]]:
    """Everything the source names, as it comes: its kind, its words, the sentence.

    One search over the whole source is many times faster than one a sentence."""
    read = lines.of(number, source)
    for start, end, kind in places(read.text):
        yield kind, read.text[start:end], read.reference(start, end)


def places(text: str) -> Iterator[tuple[int, int, str]]:
    """What sentences that stand a line each name: from where, to where, its kind."""
    named = ((party.start, party.end, party.kind) for party in parties.find(text))
    return _apart(chain(_matches(text), names.find(text), named))


def shaped(text: str) -> Iterator[tuple[int, int, str]]:
    """The same of what has a form of its own, in half the time."""
    return _apart(_matches(text))


def _matches(text: str) -> Iterator[tuple[int, int, str]]:
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            start, end = _trimmed(kind, match)
            if end > start:
                yield start, end, kind


def _apart(matches: Iterable[tuple[int, int, str]]) -> Iterator[tuple[int, int, str]]:
    """Matches that do not overlap: the first, and of those that begin together the longest."""
    free_from = 0
    for start, end, kind in sorted(matches, key=lambda match: (match[0], -match[1])):
        if start >= free_from:
            free_from = end
            yield start, end, kind


def _trimmed(kind: str, match: re.Match[str]) -> tuple[int, int]:
    """The stretch that really is one; empty if none is."""
    # A rule with a group matches words before what it is after.
    start, end = match.span(match.re.groups)
    text = match.group()
    match kind:
        case "web address":
            return start, start + len(text.rstrip(_TRAILING))
        case "IBAN":
            return start, start + _iban_length(text)
        case "phone":
            return start, end if 7 <= sum(sign.isdigit() for sign in text) <= 15 else start
        case "organisation":
            article = _ARTICLES.match(text)
            return start + (article.end() if article else 0), end
        case _:
            return start, end


def _iban_length(text: str) -> int:
    """How much of the text is an account number whose check digits are right: capitals may follow it."""
    return next((size for size in range(len(text), 14, -1) if text[size - 1] != " " and _is_iban(text[:size])), 0)


def _is_iban(text: str) -> bool:
    compact = text.replace(" ", "")
    return 15 <= len(compact) <= 34 and int("".join(str(int(sign, 36)) for sign in compact[4:] + compact[:4])) % 97 == 1
