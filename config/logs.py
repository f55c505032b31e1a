"""Lines for the log: where something went wrong and what kind it was, never the words it was about."""

import logging
import traceback
from types import TracebackType


class Line(logging.Formatter):
    """An error's message may quote a row or a document; its type and its place do not."""

    def formatException(
        self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> str:
        kind, error, _ = ei
        if kind is None or error is None:
            return ""
        return "".join(traceback.format_tb(error.__traceback__)) + kind.__name__
