"""Recognises people and organisations by what stands around their names. Rather misses a name than makes one up.

Capitals alone say little: headings, nouns of German and names of products have them too. So a run of capitalised words
is a person only with a given name or a role beside it, and an organisation only with a word or deed of one.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator

from documents.ai.wording import language

Match = tuple[int, int, str]

_CAPITAL = "A-ZÀ-ÖØ-Þ"
_NAME = rf"[{_CAPITAL}](?:[’'][{_CAPITAL}])?[\w-]{{0,30}}[a-zß-ÿ](?![\w])"
# Names with initials and particles between them: Christopher Latham Sholes, John F. Kennedy, Ursula von der Leyen.
_RUN = re.compile(
    rf"(?<![\w.@/-]){_NAME}(?: (?:[{_CAPITAL}]\.|{_NAME}|(?:von|van|de|der|den|da|di|del|la|le|bin|al|zu)(?= ))){{1,5}}"
)
_ENDS = re.compile(r"[a-zß-ÿ\d)][.!?][\"”’»)]*\Z")
_WORD = re.compile(r"[^\W\d_]+")


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


GIVEN = _listed(
    """
    Aaron Abigail Adam Adele Ahmed Aisha Alan Albert Alejandro Alessandro Alex Alexander Alexandra Alice Alison Amanda
    Amelia Amina Amy Ana Anders Andrea Andreas Andrew Angela Anita Anja Anke Ann Anna Anne Annette Anthony Antoine
    Antonia Antonio Ariane Arthur Astrid Audrey Barbara Barack Beatrice Beatriz Benedikt Benjamin Bernard Bernd Bernhard
    Bettina Birgit Björn Brian Bruno Camille Carla Carlos Carmen Carol Caroline Catherine Cécile Céline Charles Chloe
    Christian Christina Christine Christoph Christopher Claire Clara Claudia Clemens Colin Cornelia Craig Cristina
    Daniel Daniela David Deborah Denise Dennis Diana Diego Dieter Dietrich Dirk Dmitri Dominik Donald Dora Doris
    Dorothea Douglas Edith Edmund Eduard Eduardo Edward Eileen Elena Eleanor Elisabeth Elizabeth Elke Ellen Elsa Emil
    Emily Emma Eric Erich Erika Ernst Esther Eugene Eva Evelyn Fabian Fatima Felix Fernando Fiona Florian Frances
    Francesca Francesco Francis Francisco François Françoise Franz Frederick Friedrich Fritz Gabriel Gabriela Geoffrey
    Georg George Gerald Gerhard Gertrud Giovanni Gisela Giulia Giuseppe Gloria Gottfried Greta Guillaume Gustav Hannah
    Hanna Hannes Hans Harald Harold Harriet Harry Hassan Heather Heidi Heike Heinrich Heinz Helen Helena Helga Helmut
    Henri Henrik Henry Herbert Hermann Hilary Holger Horst Howard Hugo Ian Ibrahim Ines Ingrid Irene Irina Isaac
    Isabel Isabella Isabelle Ivan Jack Jacob Jacqueline Jacques Jakob James Jamie Jan Jane Janet Jason Javier Jean
    Jeffrey Jennifer Jens Jeremy Jessica Joachim Joan Joanna Joe Johann Johanna Johannes John Jonah Jonas Jonathan Jorge
    José Joseph Josef Joshua Juan Juana Judith Julia Julian Juliane Julie Jürgen Jutta Karen Karin Karl Karla Karsten
    Katharina Katherine Kathrin Katja Keith Kelly Kenneth Kevin Khalid Klaus Konrad Kristina Kurt Lars Laura Lauren
    Laurent Leah Leila Lena Leo Leon Leonardo Leonhard Lisa Liam Linda Lorenz Louis Louise Lucas Lucia Lucy Ludwig Luigi
    Luis Luisa Lukas Lydia Magdalena Manfred Manuel Marc Marcel Marco Marcus Margaret Margarete Marguerite Maria María
    Marie Marina Mario Marion Markus Marlene Marta Martha Martin Martina Mary Mathilde Matteo Matthew Matthias Maurice
    Max Maximilian Melanie Michael Michel Michelle Miguel Mikhail Miriam Mohamed Mohammed Monica Monika Monique Moritz
    Muhammad Nadia Nadine Nancy Natalia Natalie Nathan Neil Nicholas Nicola Nicolas Nicole Nigel Nikola Nikolai Nina
    Noah Nora Norbert Oliver Olivia Omar Oscar Oskar Otto Pablo Pamela Patricia Patrick Paul Paula Pauline Pedro Peter
    Petra Philip Philipp Philippe Pierre Rachel Rafael Rainer Ralf Ralph Raymond Rebecca Regina Reinhard Renate René
    Ricardo Richard Rita Robert Roberto Roger Roland Rolf Ronald Rosa Rosemary Roswitha Rudolf Ruth Ryan Sabine Sally
    Salvatore Samantha Samuel Sandra Sara Sarah Scott Sean Sebastian Sergei Sergio Sibylle Siegfried Silke Silvia Simon
    Simone Sofia Sonja Sophia Sophie Stefan Stefanie Stephan Stephanie Stephen Steve Steven Stuart Susan Susanne Sven
    Sylvia Tanja Teresa Theodor Theodore Theresa Thomas Tim Timothy Tobias Tom Ulrich Ulrike Ursula Ute Uwe Valentina
    Valerie Vera Veronica Veronika Victor Viktor Vincent Viola Vivian Vladimir Volker Walter Wanda Wendy Werner Wilhelm
    William Winston Wolfgang Xavier Yasmin Yusuf Yves Zoe
    """
)
# No name of a person has one of these in it.
_NO_PERSON = _listed(
    """
    Academy Act Agency Agreement Airport Allee Annual Area Article Association Avenue Award Bank Bay Beach Board Bridge
    Building Castle Cathedral Center Centre Chapter Church City Clause Code College Committee Company Contract Council
    County Court Department District Docs Drive East Edition Falls Foundation Garden Gardens Gasse Group Hall Harbour
    Hill Hochschule Hospital Hotel House Institut Institute Island Islands Journal Kirche Laboratories Labs Lake Lane
    Library Market Mountain Mountains Museum National New North Office Park Place Platz Preis Press Prize Quay Report
    Republic River Road Royal San Santa School Schule Section Service Services Society South Square State States Station
    Stiftung Strait Strasse Straße Street Suite System Systems Table Team Technologies Theatre Times Tower Treaty Trust
    Union United Universität University Valley Verein Verlag Village Way Weg West Word
    January February March April May June July August September October November December Januar Februar März Mai Juni
    Juli Oktober Dezember Monday Tuesday Wednesday Thursday Friday Saturday Sunday Montag Dienstag Mittwoch Donnerstag
    Freitag Samstag Sonntag English German French Spanish European American British
    """
)
# Begin a sentence and no name.
OPENING = _listed(
    """
    A After All Also Although An And Any As At Because Before Between Both But By Each Every Far For From Her Here His
    However I If In It Its Like Many More Most My No Of On One Or Our Several She Since Some Such That The Their Then
    There These They This Those Through To Today Two Under Until Upon We What When Where Which While Who With Yesterday
    You Your Dear Sir Lady President Chancellor King Queen Prince Princess Minister Saint
    Aber Alle Als Am An Auch Auf Aus Bei Das Dem Den Der Des Die Diese Dieser Dieses Durch Ein Eine Es Für Im In Mit
    Nach Sein Seine Seit Sie Und Von Vom Vor Wenn Wie Wir Zu Zum Zur Zwischen Liebe Lieber
    Au Aux Avec Ce Cette Dans De Des Du En Et Il La Le Les Par Pour Selon Un Une El Los Las Con Del Desde Entre Para Por
    Según Una Y
    """
)
# Stand behind a name in signatures and tables, and are none of it.
_CLOSING = _listed("As By Date E-mail Email Facsimile Fax Its Name No Phone Tel Telephone Title")
_ROLES = (
    "landlord|landlady|tenant|lessor|lessee|buyer|seller|purchaser|vendor|employer|employee|lender|borrower|guarantor"
    "|claimant|plaintiff|defendant|witness|trustee|executor|director|founder|co-founder|president|chair|chairman"
    "|chairwoman|chairperson|chief|head|manager|secretary|treasurer|minister|mayor|professor|lecturer|teacher|librarian"
    "|author|editor|writer|poet|painter|composer|architect|engineer|scientist|physicist|inventor|lawyer|attorney"
    "|solicitor|judge|doctor|nurse|partner|owner|CEO|CFO|CTO|spokesman|spokeswoman|spokesperson|born|aged"
    "|Vermieter|Vermieterin|Mieter|Mieterin|Käufer|Käuferin|Verkäufer|Verkäuferin|Geschäftsführer|Geschäftsführerin"
    "|Vorstand|Vorsitzender|Vorsitzende|Direktor|Direktorin|Leiter|Leiterin|Professor|Professorin|geboren"
    "|propriétaire|locataire|bailleur|preneur|directeur|directrice|président|présidente|né|née"
    "|propietario|propietaria|arrendador|arrendadora|arrendatario|arrendataria|inquilino|inquilina|director|directora"
)
_ARTICLE = r"(?:(?:the|a|an|our|its|his|her|der|die|dem|den|als|le|la|el) )?"
_ROLE_AFTER = re.compile(
    rf"(?:, | \(){_ARTICLE}[\"“„]?(?:[a-z]{{2,15}} ){{0,2}}(?:{_ROLES}|Tenant|Landlord|Buyer|Seller)\b"
)
_TITLE_BEFORE = re.compile(r"\b(?:(?:signed|written|invented|painted|composed|authored) by|zwischen|named) \Z")
_LIFE_AFTER = re.compile(r" \((?:(?:born|geboren|b\.|\*) ?(?:in |am )?[\w. ]{0,20}\d{4}|1\d{3} ?[–-] ?[12]\d{3}\))")
_SET_OFF = re.compile(r"[,(;]| \(| und \b")

_ORGANISATION_WORD = (
    "University|College|Institute|Laboratories|Labs|Foundation|Association|Bank|Ministry|Society|Organization"
    "|Organisation|Hospital|Universität|Hochschule|Stiftung|Technologies|Airlines|Motors|Press|Library|Museum"
)
_NAMED_ORGANISATION = re.compile(
    rf"(?<![\w.@/-])(?:{_NAME} ){{1,4}}(?:{_ORGANISATION_WORD})(?: of (?:{_NAME})(?: {_NAME})?)?(?![\w-])"
    rf"|\b(?:University|Bank|Ministry|Institute|College) of {_NAME}(?: {_NAME})?"
    rf"|\bUniversität {_NAME}"
)
_ACRONYM = re.compile(r"(?<![\w.@/&-])[A-Z]{2,6}(?![\w/&-])")
_NO_ORGANISATION = _listed(
    """
    AD AI AM API AR BC BIC CD CEO CFO CHF CO COO CPU CSV CTO CV DIN DNA DVD EN EUR FAQ FTP GBP GDP GNU GPS GPU GUI
    HR HTML HTTP IBAN ID II III IP ISBN ISO IT IV IX JSON LAN LED NO OCR OK OS PC PDF PHP PIN PM PR RAM RGB RNA ROM
    SQL SSL SUV TCP TV UI UK UN URL US USA USB USD UTC UX VAT VI VII VIII VPN VR WWW XI XII XML YAML
    """
)
_DEED = "launched|acquired|released|introduced|unveiled|manufactures|manufactured|employs|shipped|announced|markets"
_BY_BEFORE = re.compile(r"[a-z,] (?:by|at|joined|acquired|von|bei) \Z")
_DEED_AFTER = re.compile(rf"(?:[’']s)? (?:has |had |also )?(?:{_DEED})\b")
_POSSESSIVE = re.compile(r"[’']s\b")
_ARTICLE_BEFORE = re.compile(r"\b(?:the|a|an|this|each|any|every|all|no|such) \Z", re.IGNORECASE)
_LONE = re.compile(rf"(?<![\w.@/-]){_NAME}")
_NO_LONE_NAME = GIVEN | _NO_PERSON | OPENING | _NO_ORGANISATION
_NEAR = 60


def find(text: str) -> Iterator[Match]:
    """People and organisations in sentences that stand a line each: where, and which of the two."""
    prose = list(_prose(text))
    people = list(_people(text, prose))
    yield from ((start, end, "person") for start, end in people)
    surnames = {text[start:end].split()[-1] for start, end in people}
    for start, end in _organisations(text, prose):
        if text[start:end] not in surnames:
            yield start, end, "organisation"


def _prose(text: str) -> Iterator[tuple[int, int]]:
    """The lines that use capitals as sentences do: headings, rows and shouting do not."""
    for line in re.finditer(r"[^\n]+", text):
        words = [word for word in _WORD.findall(line.group()) if len(word) > 3]
        capitals = sum(word[0].isupper() for word in words)
        if len(words) <= 3 or capitals < 0.7 * len(words) or _ENDS.search(line.group()):
            yield line.span()


# People.


def _people(text: str, prose: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    runs = [run for line in prose for run in _runs(text, *line)]
    often = Counter(text[start:end] for start, end in runs)
    is_strict = language([text]) == "de"
    known = {
        text[start:end]
        for start, end in runs
        if _is_person(text, start, end, strict=is_strict and often[text[start:end]] < 2)
    }
    return ((start, end) for start, end in runs if text[start:end] in known)


def _runs(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Runs of two names or more that may be a person's, without what only opens the sentence or stands before."""
    for run in _RUN.finditer(text, start, end):
        first = run.start()
        words = re.sub(r"[’']s\Z", "", run.group()).split()
        while words and (words[0] in OPENING or _given_at(words) > 0):
            first += len(words.pop(0)) + 1
        while words and (words[-1].endswith(".") or words[-1] in _CLOSING):
            words.pop()
        if 2 <= len(words) <= 6 and not _NO_PERSON.intersection(words):
            yield first, first + len(" ".join(words))


def _given_at(words: list[str]) -> int:
    """Where the first given name stands that another name follows."""
    return next((at for at, word in enumerate(words[:-1]) if word.split("-")[0] in GIVEN), 0)


def _is_person(text: str, start: int, end: int, *, strict: bool) -> bool:
    """By a role beside the name, or by a given name in it; `strict` where every noun has a capital."""
    before = text[max(0, start - _NEAR) : start]
    after = text[end : end + _NEAR]
    if _ROLE_AFTER.match(after) or _TITLE_BEFORE.search(before) or _LIFE_AFTER.match(after):
        return True
    has_given = text[start:end].split()[0].split("-")[0] in GIVEN
    return has_given and (not strict or bool(_SET_OFF.match(after)))


# Organisations.


def _organisations(text: str, prose: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    for start, end in prose:
        for named in _NAMED_ORGANISATION.finditer(text, start, end):
            first = named.start()
            words = named.group().split()
            while words and words[0] in OPENING:
                first += len(words.pop(0)) + 1
            if len(words) > 1:
                yield first, named.end()
    yield from _repeated(text, prose, _ACRONYM, _acts)
    if language([text]) != "de":
        yield from _repeated(text, prose, _LONE, _does)


def _repeated(
    text: str, prose: list[tuple[int, int]], pattern: re.Pattern[str], evidence: Callable[[str, str], bool]
) -> Iterator[tuple[int, int]]:
    """Names that stand in the text twice or more, once at least with evidence, and never with an article."""
    places: dict[str, list[tuple[int, int]]] = {}
    for start, end in prose:
        for found in pattern.finditer(text, start, end):
            if found.group() not in _NO_LONE_NAME:
                places.setdefault(found.group(), []).append(found.span())
    for spans in places.values():
        around = [(text[max(0, first - _NEAR) : first], text[last : last + _NEAR]) for first, last in spans]
        if (
            len(spans) > 1
            and any(evidence(before, after) for before, after in around)
            and not any(_ARTICLE_BEFORE.search(before) for before, _ in around)
        ):
            yield from spans


def _acts(before: str, after: str) -> bool:
    return bool(_BY_BEFORE.search(before) or _POSSESSIVE.match(after) or _DEED_AFTER.match(after))


def _does(before: str, after: str) -> bool:
    return bool(_DEED_AFTER.match(after))
