"""Documents, work and costs, for staff: what happens to people's documents, never what they say."""

from documents.admin import library, people, results, spending, work

__all__ = ["library", "people", "results", "spending", "work"]
