"""Plain text: paragraphs stand between blank lines."""

import re
from pathlib import Path

from documents.reading.decoding import decode
from documents.reading.draft import Draft, clean
from documents.reading.limits import Limits
from documents.reading.progress import Progress, unheard
from documents.values import ReadDocument

_BLANK_LINES = re.compile(r"\n(?:[^\S\n]*\n)+")


def parse(path: Path, limits: Limits, progress: Progress = unheard) -> ReadDocument:
    draft = Draft(limits)
    for paragraph in _BLANK_LINES.split(clean(decode(path.read_bytes()))):
        draft.add(paragraph)
    progress(1, 1)
    return draft.document()
