"""Questions over documents: the passages that may hold the answer, and the sentence that gives it."""

from dataclasses import dataclass

from documents.ai import answering
from documents.ai.answering import Considered, Vocabulary
from documents.ai.words import words as words_of
from documents.search import index, stopwords, terms, vocabulary
from documents.search.passages import Hit, find, rarity
from documents.search.query import Query
from documents.search.scope import Scope
from documents.values import Span

CONSIDERED = 10
# How rare a word is says little where there are few passages: then a sentence that just fails is shown all the same.
FEW_PASSAGES, NEARLY = 100, -0.5


@dataclass(frozen=True, slots=True)
class Extracted:
    """The sentence chosen, in the passage it was found in; `answers` says whether it is taken for an answer."""

    hit: Hit
    sentence: Span
    answers: bool
    confidence: float

    @property
    def text(self) -> str:
        return self.hit.text[self.sentence.start - self.hit.start : self.sentence.end - self.hit.start]


def extract(scope: Scope, question: str) -> Extracted | None:
    """The sentence of the scope that answers best, chosen on this machine; None when nothing was found at all."""
    hits = find(scope, Query(words=question), CONSIDERED).hits
    considered = [Considered(hit.title, tuple(_sentences(hit)), hit.score) for hit in hits]
    known = _vocabulary(scope, question)
    found = answering.answer(question, considered, known.words, index.active())
    if found is None:
        return None
    hit = hits[found.passage]
    answers = found.confidence > (NEARLY if known.passages < FEW_PASSAGES else 0)
    return Extracted(hit, hit.sentences[found.sentence], answers, found.confidence)


@dataclass(frozen=True, slots=True)
class _Known:
    """The words of a scope, and in how many passages they were counted."""

    words: Vocabulary
    passages: int


def _sentences(hit: Hit) -> list[str]:
    return [hit.text[span.start - hit.start : span.end - hit.start] for span in hit.sentences]


def _vocabulary(scope: Scope, question: str) -> _Known:
    """Terms in the language most of the scope is in, and how rare they are among its owners' passages."""
    language = (scope.languages() or [""])[0]

    def analysed(text: str) -> list[str]:
        return terms.analyse(text, language)

    asked = [terms.stem(word, language) for word in stopwords.telling(list(words_of(question)))]
    known = vocabulary.frequencies(scope.documents, [terms.identify(term) for term in asked])
    total = known.get(vocabulary.ALL, 0)
    words = Vocabulary(analysed, lambda _: asked, lambda term: rarity(known.get(terms.identify(term), 0), total))
    return _Known(words, total)
