"""Questions asked of each document by itself: how far they are, what every document said, and the answer made of it."""

from documents.sweeps.coverage import Coverage, Row, coverage_of, rows_of

__all__ = ["Coverage", "Row", "coverage_of", "rows_of"]
