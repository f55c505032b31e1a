"""The rows."""

from documents.models.document import Document, Status
from documents.models.parts import Part
from documents.models.results import Analysis, AnalysisStatus, Citation, Recipe
from documents.models.text import Page, Passage
from documents.models.work import AICall, ApiReply, CallState, Job, JobKind, JobState

__all__ = [
    "AICall",
    "Analysis",
    "AnalysisStatus",
    "ApiReply",
    "CallState",
    "Citation",
    "Document",
    "Job",
    "JobKind",
    "JobState",
    "Page",
    "Part",
    "Passage",
    "Recipe",
    "Status",
]
