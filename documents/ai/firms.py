"""The names of firms, by their legal forms. Bounded repetitions only, so no text makes it slow."""

_CAPITAL = "A-ZÀ-ÖØ-Þ"
_NAME = rf"[{_CAPITAL}][\w’'-]{{0,40}}"
# Shouted sentences have capitals everywhere, headings have numbers, and signatures have offices before the firm.
_NO_FIRM = (
    r"(?!(?:THE|ANY|AND|OR|IS|ARE|BE|SHALL|MUST|TO|IN|BY|ON|FOR|WITH|AN?|THIS|SUCH|ALL|EACH|NOT|NO|ITS|BETWEEN|AMONG"
    r"|WHEREAS|RECITALS|ATTEST|LIABILITY|Liability|Officer|Signatory|Counsel|Director|Manager|President|Treasurer"
    r"|Secretary|C[EFO]O|\d{1,9})(?![\w.]))"
)
# Capitals, digits, a place in brackets, a brand such as iCrane.
_PART = (
    rf"(?:{_NO_FIRM}[{_CAPITAL}0-9][\w.’'-]{{0,40}}|[a-z]{{1,2}}[{_CAPITAL}0-9][\w-]{{0,40}}"
    rf"|\([{_CAPITAL}][\w.]{{1,30}}\)|of|-|–)"
)
_FORM = (
    r"GmbH|AG|KG|SE|UG|OHG|e\.\s?V\.|Inc\b\.?|INC\b\.?|Incorporated|INCORPORATED|Co\b\.?,? ?Ltd\b\.?"
    r"|CO\b\.?,? ?LTD\b\.?|Ltd\b\.?|LTD\b\.?|L\.?L\.?C\b\.?|L\.?L\.?P\b\.?|L\.?P\b\.?|Corp\b\.?|CORP\b\.?"
    r"|Corporation|CORPORATION|plc|PLC|Limited|LIMITED|N\.\s?A\b\.?|S\.\s?A\b\.?(?:S\b\.?)?|SAS?\b\.?|SARL"
    r"|[Ss]\.(?:à|À|a) ?[rR]\.[lL]\b\.?(?: I{1,3}\b)?|S\.r\.l\.|S\.p\.A\.|B\.V\.|N\.V\.|A/S|Oy|ApS"
    r"|\(?P[Tt][Yy]\)? L[Tt][Dd]\b\.?"
)
_KIND = "Company|Bank|Trust|Partners|Holdings|Funds?|University|Association|Foundation"

# "A Delaware corporation" says what a firm is, not who.
_BEGINS = r"(?<![\w.])(?<![\s(,]a )(?<![\s(,]an )"
_CAPITALISED = rf"(?=[{_CAPITAL}]|[a-z]{{1,2}}[{_CAPITAL}0-9])(?!(?:O[Ff]|C[Oo])\b)"
WITH_FORM = rf"{_BEGINS}{_CAPITALISED}(?:{_PART}(?:,? | & )){{1,9}}?(?:{_FORM})(?!\w)"
WITH_KIND = rf"{_BEGINS}(?!A |Limited L)(?:{_NO_FIRM}{_NAME}(?: | & | of )){{2,7}}(?:{_KIND})(?!\w)"
