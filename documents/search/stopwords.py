"""Words of a question that say nothing of what is asked for: articles, pronouns, prepositions, question words.

They are left out of a query that has others. Texts hold few question words, so that these would count as rare ones.
"""

_WORDS = {
    "en": """a an and are as at be been being but by can could did do does for from had has have how i if in into is it
        its may me my of on or our shall she should so such than that the their them then there these they this to was
        we were what when where which who whom whose why will with would you your""",
    "de": """als am an auf aus bei bin bis da das dass dem den der des die durch ein eine einem einen einer eines er es
        für hat hatte ich ihr im in ist ja kann man mit nach oder sein seine sich sie sind so um und uns unter von vor
        wann war waren warum was wegen welche welchem welchen welcher welches wem wen wenn wer werden wie wieso wird
        wir wo wohin wurde wurden zu zum zur über""",
    "fr": """a à au aux avec ce ces cette comment d dans de des du elle elles en est et était eu il ils je l la le les
        leur lui mais ne nous on ou où par pas pour pourquoi qu quand que quel quelle quelles quels qui quoi s sa se
        ses son sont sur un une vous y""",
    "es": """a al cómo con cuál cuáles cuando cuándo cuánto cuántos cuántas de del dónde donde e el ella ellos en era
        es esta este fue ha había la las le lo los o para pero por porque que qué quién quiénes se ser si sin son su
        sus un una y ya""",
    "it": """a ai al alla anche che chi ci come con cosa da dal dalla dei del della delle di dove e è era gli ha i il in
        la le lo ma nel nella non o per perché quale quali quando quanto quanti se si sono su sul sulla un una uno""",
    "pt": """a ao aos as com como da das de do dos e ela ele em era é foi há já mas na nas no nos o onde os ou para por
        porque qual quais quando quanto quantos que quem se ser sua seu são um uma""",
    "nl": """aan als bij dat de der des die dit door een en er had heeft het hij hoe hoeveel ik in is kan maar met na
        naar niet of om onder op over te tot uit van voor waar waarom wanneer was wat we welk welke wie werd worden ze
        zich zij zijn zo""",
    "sv": "att av den det de ett en för från har hur hur i med och om på som till vad var vem vilka vilken vilket är",
    "da": "af at den det de en er et for fra har hvad hvem hvilke hvilken hvilket hvor hvordan i med og om på som til",
    "pl": "a co czy dla do gdzie i jak jaka jaki jakie jest kiedy kto która które który na nie o od po się to w z że",
    "ru": "а в во где для и из или как какая какие какой когда кто на не о об от по почему с что чем это",
    "tr": "bir bu da de hangi hangisi için ile kaç kim ne neden nedir nerede ve veya",
}
STOPWORDS = frozenset(word for words in _WORDS.values() for word in words.split())


def telling(words: list[str]) -> list[str]:
    """The words that say what is looked for; all of them, when none does."""
    return [word for word in words if word not in STOPWORDS] or words
