"""Which language a text is in."""

from functools import cache
from typing import Any

_SAMPLE_CHARS = 20_000
_FEWEST_LETTERS = 12
_SURE_ENOUGH = 0.6


def detect(text: str) -> str:
    """The language as two letters of ISO 639-1; nothing when the text is too short or it is not sure."""
    sample = text[:_SAMPLE_CHARS]
    if sum(char.isalpha() for char in sample) < _FEWEST_LETTERS:
        return ""
    code, confidence = _identifier().classify(sample)
    return code if confidence >= _SURE_ENOUGH and len(code) == 2 else ""


@cache
def _identifier() -> Any:
    # Brings numpy and a model of a few megabytes: only for those who ask for a language.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    # "zxx" is text in no language, such as tables of numbers; dialects with longer codes go to their language.
    identifier.set_languages([code for code in identifier.labels if len(code) == 2 or code == "zxx"])
    return identifier
