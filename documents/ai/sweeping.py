"""Whether a question asks something of each document, and whether it asks for what is not there; by its wording alone.

Rather one too few than one too many: "how many employees are there" asks for a number in a document. What begins with
documents in the plural ("which contracts …", "list every …", "alle Verträge, die …") asks of each; what somebody did
with them, or needs them for ("which documents must I submit"), stands in a document.
"""

import re
from dataclasses import dataclass

# Beside the exact words, words that end in one: "Mietverträge".
_DOCUMENTS = {
    "en": r"(?:documents|contracts|agreements|leases|files|letters|reports|invoices|policies|papers|e-?mails|articles"
    r"|minutes|memos|notices|deeds|licen[cs]es|ndas|amendments|pdfs|filings|offers|proposals|statements|certificates"
    r"|records|transcripts|manuals|studies|applications|resumes|cvs|quotes|quotations|tenders|judgments|texts)",
    "de": r"\w*(?:dokumenten?|verträgen?|vereinbarungen|briefen?|berichten?|rechnungen|dateien|unterlagen|schreiben"
    r"|policen|protokollen?|gutachten|angeboten?|urkunden|bescheiden?|lizenzen|mails|artikeln?|texten?|verfügungen)",
    "fr": r"(?:documents|contrats|accords|baux|lettres|courriers|rapports|factures|fichiers|conventions|polices|devis"
    r"|procès-verbaux|actes|dossiers|e-?mails|articles|avenants|licences|textes|offres)",
    "es": r"(?:documentos|contratos|acuerdos|cartas|informes|facturas|archivos|convenios|pólizas|escrituras|actas"
    r"|expedientes|correos|artículos|licencias|textos|ofertas|anexos|presupuestos)",
}
_DOCUMENT = {
    "en": r"(?:document|contract|agreement|lease|file|letter|report|invoice|policy|paper|e-?mail|article|memo|nda)",
    "de": r"(?:dokument\w*|\w*vertrag\w*|vereinbarung|brief|bericht|rechnung|datei|schreiben|protokoll|urkunde)",
    "fr": r"(?:document|contrat|accord|bail|lettre|courrier|rapport|facture|fichier|convention)",
    "es": r"(?:documento|contrato|acuerdo|carta|informe|factura|archivo|convenio|póliza)",
}
# At most three words before the noun: "of my signed employment".
_FEW = r"(?:[\w'’-]+ ){0,3}?"
# `<docs>` and `<doc>` stand for the nouns, `<few>` for the words before them.
_HEADS = {
    "en": r"(?:in |of |among )?(?:which|what)(?: are)? <few><docs>"
    r"|(?:please )?(?:list|name|show|find|give|enumerate|identify|count|tell)(?: out)?(?: me)? (?:every|all|each|any"
    r"|which)\b(?: <few><docs>\b| <few><doc>\b)?"
    r"|how many <few><docs>(?= (?:mention|contain|say|state|have|include|lack|omit|refer|discuss|cover|name|require"
    r"|allow|permit|provide|specify|use|expire|end|cite|show|talk|deal|concern|need|set|fall|are|do not|don['’]t"
    r"|without|with|that|which|miss|exclude|limit|prohibit|forbid|define|list|address)\b|\W*\Z)"
    r"|(?:are|is) there (?:any )?<few><docs>(?= (?:that|which|with|without|in|lacking)\b)"
    r"|(?:for|in|across|from) (?:each|every|all)(?: of)? <few>(?:<docs>|<doc>)"
    r"|(?:do|does|are|is|have|has) (?:each|every|all|any)(?: of)? <few>(?:<docs>|<doc>)"
    r"|(?:what|when|who|how|where)\b.{0,60} (?:does|do|is|are|in|of|has) each <few><doc>"
    r"|(?:all |the |my |our )?(?:[\w-]+ )?<docs>(?= (?:without|lacking|with no|missing|that|which)\b)",
    "de": r"(?:in |bei )?welche[nmrs]? <few><docs>"
    r"|(?:bitte )?(?:nenne|liste|zeige?|finde|gib|zähle?|suche|nennen sie|zeigen sie|listen sie)(?: mir)?(?: bitte)?"
    r" (?:alle[nrs]?|jede[nrs]?|sämtliche)\b(?: <few><docs>\b)?"
    r"|(?:alle|sämtliche) <few><docs>(?=,? (?:die|ohne|mit|in denen|bei denen|deren)\b)"
    r"|wie ?viele <few><docs>(?= (?:nennen|erwähnen|enthalten|haben|regeln|sagen|sind|laufen|enden|verlangen"
    r"|erlauben|verbieten|ohne|mit|fehlt|fehlen|gibt es|beziehen|sehen|begrenzen|behandeln)\b|\W*\Z)"
    r"|(?:für|in) (?:jede[mnrs]?|alle[nr]?) <few>(?:<docs>|<doc>)"
    r"|gibt es <few><docs>(?=,? (?:die|ohne|mit|in denen)\b)"
    r"|<docs> ohne\b",
    "fr": r"(?:dans |de |parmi )?(?:quels|quelles|lesquels|lesquelles)(?: sont)? <few><docs>"
    r"|(?:liste[rz]?|énumère[rz]?|cite[rz]?|donne[rz]?|montre[rz]?|trouve[rz]?|indique[rz]?|nomme[rz]?)(?:[- ]moi)?"
    r" (?:tous|toutes|chaque)\b(?: <few><docs>\b| <few><doc>\b)?"
    r"|combien (?:de |d['’])<few><docs>(?= (?:mentionnent|contiennent|ont|prévoient|parlent|sont|comportent|ne|n['’]"
    r"|qui|sans|avec|citent|exigent|indiquent)|\W*\Z)"
    r"|(?:tous|toutes) les <few><docs>(?= (?:qui|sans|avec|où|dont|dans)\b)"
    r"|(?:pour|dans) (?:chaque|tous les|toutes les) <few>(?:<docs>|<doc>)"
    r"|y a-t-il des <few><docs>(?= (?:qui|sans|avec|où|dont)\b)",
    "es": r"(?:en |de )?(?:qué|cuáles|cuales)(?: son)? <few><docs>"
    r"|(?:lista|enumera|nombra|muestra|muéstrame|dime|encuentra|indica|listar|haz una lista de)(?: me)?"
    r" (?:todos|todas|cada)\b(?: <few><docs>\b| <few><doc>\b)?"
    r"|(?:cuántos|cuántas|cuantos|cuantas) <few><docs>(?= (?:mencionan|contienen|tienen|incluyen|hablan|son|están|no"
    r"|que|sin|con|prevén|exigen|indican|carecen|citan)\b|\W*\Z)"
    r"|(?:todos|todas) l[oa]s <few><docs>(?= (?:que|sin|con|donde|en)\b)"
    r"|(?:para|en) (?:cada|todos los|todas las) <few>(?:<docs>|<doc>)"
    r"|hay (?:algunos |algunas )?<few><docs>(?= (?:que|sin|con)\b)",
}
# After the noun: somebody who does something with the documents, or needs them.
_ELSEWHERE = {
    "en": r" (?:(?:did|does|had|has|was|is|must|should|shall|can|may|might|will|would|could)\b(?! (?:not|be)\b)"
    r"|(?:must|should|shall) be\b|do(?! not\b| (?:we|i|you) have\b)|have to|need to"
    r"|(?:are|were) (?:required|needed|necessary|mandatory|requested|to be)\b|have (?:we|i|you|they)\b)",
    "de": r" (?:muss|müssen|soll|sollen|sollte\w*|darf|dürfen|kann|können (?:sie|wir|ich)|braucht?|brauche"
    r"|brauchen|benötig\w+|hat|hatte\w*"
    r"|habe|wurden?|werden (?:benötigt|verlangt|gebraucht|gefordert)|schloss|unterzeichnete\w*|kündigte\w*"
    r"|sind (?:erforderlich|nötig|notwendig|vorzulegen|einzureichen|beizufügen))\b",
    "fr": r" (?:faut-il|dois-je|devons-nous|doit|dois|sont (?:nécessaires|requise?s|exigée?s|à (?:fournir"
    r"|joindre))|le|la"
    r"|l['’]\w+|les|il|elle|on|a|ont-ils|avons-nous|doivent être)",
    "es": r" (?:debo|debe|debemos|hay que|necesit\w+|se (?:requieren|necesitan|exigen)|son (?:necesarios|necesarias)"
    r"|firmó|ha|había|deben (?:ser|presentarse|aportarse)|presentó)\b",
}
# Right after the noun: that it has not what follows.
_LACKS = {
    "en": r"(?: in [\w' ]{1,30}?)?(?: that| which)?(?: (?:lack|lacks|lacking|miss|missing|are missing|omit"
    r"|without|with no"
    r"|have no|has no|contain no|mention no|include no|say nothing|do not say anything|are silent"
    r"|(?:do not|don['’]t|does not|doesn['’]t|did not) (?:have|contain|mention|include|state|name|specify|say|provide"
    r"|define|address|cover|give|refer to|regulate|set|list|identify|carry|bear|show|describe|discuss|deal with"
    r"|indicate))\b(?: (?:about|on|for|any|an?|the)\b)*)",
    "de": r",?(?: (?:die|in denen|bei denen|denen))?(?: (?:fehlt|fehlen|ohne|haben kein\w*|enthalten kein\w*"
    r"|nennen kein\w*|erwähnen kein\w*|regeln kein\w*|sagen nichts|schweigen|kein\w*|ist kein\w*|gibt es kein\w*)\b"
    r"(?: (?:über|zu|zum|zur|eine?[nmrs]?|die|der|das)\b)*|(?<=ohne))",
    "fr": r"(?: qui)?(?: (?:sans|omettent|ne (?:contiennent|mentionnent|prévoient|comportent|précisent|indiquent|disent"
    r"|définissent|traitent|incluent|citent) (?:pas|aucune?|rien)|n['’](?:ont|indiquent|incluent|évoquent) (?:pas"
    r"|aucune?))\b(?: (?:de|du|des|d['’]|la|le|les|une?|sur)\b)*)",
    "es": r"(?: que| donde)?(?: (?:sin|carecen de|omiten|les falta|falta|faltan|no (?:tienen|contienen"
    r"|mencionan|incluyen"
    r"|prevén|dicen|indican|establecen|especifican|definen|citan|hay)))\b(?: (?:nada|sobre|una?|el|la|los|las"
    r"|ningún|ninguna)\b)*",
}
# Right after the noun: that it has what follows.
_HAS = {
    "en": r"(?:,? (?:that|which|with|have|has|contain|contains|mention|mentions|include|includes|state|states|say|says"
    r"|are|is|there|do|we|i|you|refer|refers|to|of|about|in|talk|talks|for|an?|the|any)\b)+",
    "de": r"(?:,? (?:die|mit|haben|enthalten|nennen|erwähnen|sind|ist|wird|werden|gibt|es|in denen|eine?[nmrs]?|der|das"
    r"|von|über|zu)\b)+",
    "fr": r"(?: (?:qui|avec|ont|contiennent|mentionnent|prévoient|sont|comportent|parlent|où|dont|une?|le|la"
    r"|les|des|du|de"
    r"|d['’])\b)+",
    "es": r"(?: (?:que|con|tienen|contienen|mencionan|incluyen|son|hablan|donde|una?|el|la|los|las|de|del)\b)+",
}
# "List all parties of the contract" asks of one document.
_OF_ONE = re.compile(
    r"\b(?:in|of|from|on) (?:the|this|that|my) (?:[\w-]+ )?(?:document|contract|agreement|lease|file|letter"
    r"|report|invoice"
    r"|policy|paper|e-?mail|article|memo|text)\b"
    r"|\b(?:in|aus|von)m? ?(?:dem|der|diesem|dieser)? \w*(?:dokument|vertrag|brief|bericht|rechnung|schreiben)\b"
    r"|\b(?:du|dans le|de la|dans la|de ce|de cette|dans ce|dans cette) (?:document|contrat|accord|bail|lettre"
    r"|rapport)\b"
    r"|\b(?:del|en el|de la|en la|de este|de esta|en este) (?:documento|contrato|acuerdo|carta|informe)\b",
    re.IGNORECASE,
)


# In documents something may be or have been done; to them, somebody else does it.
_INSIDE = re.compile(r"(?:in|bei|dans|en)\b", re.IGNORECASE)
# Singular or turned round, and asking for what is not there all the same.
_TURNED = {
    "en": r"(?:which|what) (?:[\w-]+ ){0,2}<doc> (?:lacks|has no|does not (?:have|contain|mention)|is missing)\b"
    r"(?: an?| the| any)?"
    r"|in (?:which|what) (?:[\w-]+ ){1,3}(?:is|are) (?:there )?no(?:t| mention of)?\b",
    "de": r"(?:in )?welche[nmr] (?:[\w-]+ ){1,2}(?:fehlt|fehlen|ist kein\w*|gibt es kein\w*"
    r"|steht nichts (?:über|zu[mr]?)"
    r"|steht kein\w*)\b(?: (?:der|die|das|eine?[nmrs]?)\b)?",
    "fr": r"(?:dans |à )?quel(?:le)?s \w+ (?:manque(?:nt)?(?:-t-il)?|n['’]y a-t-il pas)\b(?: (?:de|une?|la|le|les)\b)?",
    "es": r"en (?:qué|cuáles) (?:\w+ ){1,2}(?:falta|faltan|no hay|no se (?:menciona|habla de))\b"
    r"(?: (?:una?|el|la|los|las)\b)?",
}


@dataclass(frozen=True, slots=True)
class Understood:
    """What a question asks of each document: `matter`, or that there is none of it; in which language it was asked."""

    matter: str
    lacks: bool
    language: str


def asks_of_each(question: str) -> bool:
    """Whether the question can be answered only by looking at every document."""
    return _understood(question) is not None


def asks_for_lack(question: str) -> bool:
    """Whether the documents asked for are those that do not say something."""
    found = _understood(question)
    return found is not None and found.lacks


def understand(question: str, otherwise: str = "en") -> Understood:
    """What is asked of each document; a question that is not put like that is its own matter, in that language."""
    return _understood(question) or Understood(question.strip(), False, otherwise)


def _understood(question: str) -> Understood | None:
    words = " ".join(question.split())
    words = words.lstrip("¿¡\"“„«'( ")
    if _OF_ONE.search(words):
        return None
    return next((found for one in _LANGUAGES if (found := one.understand(words))), None)


class _Language:
    """How questions of each document are put in a language."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.head = self._pattern(_HEADS)
        self.elsewhere = self._pattern(_ELSEWHERE)
        self.lacks = self._pattern(_LACKS)
        self.has = self._pattern(_HAS)
        self.turned = self._pattern(_TURNED)

    def _pattern(self, of: dict[str, str]) -> re.Pattern[str]:
        words = of[self.code].replace("<docs>", _DOCUMENTS[self.code]).replace("<doc>", _DOCUMENT[self.code])
        return re.compile(rf"(?:{words.replace('<few>', _FEW)})(?!\w)", re.IGNORECASE)

    def understand(self, words: str) -> Understood | None:
        turned = self.turned.match(words)
        if turned:
            return Understood(_told(words, turned.end()), True, self.code)
        head = self.head.match(words)
        if head is None or (self.elsewhere.match(words, head.end()) and not _INSIDE.match(words)):
            return None
        lacks = self.lacks.match(words, head.end())
        has = self.has.match(words, head.end())
        end = (lacks or has or head).end()
        return Understood(_told(words, end), lacks is not None, self.code)


_LANGUAGES = tuple(map(_Language, _HEADS))


def _told(words: str, end: int) -> str:
    return words[end:].strip(' ?!.,:;"“”«»') or words.strip(" ?")
