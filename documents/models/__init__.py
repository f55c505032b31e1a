"""The rows."""

from documents.models.conversations import Conversation, Message, MessageStatus, ScopeKind
from documents.models.document import Document, Status
from documents.models.index import EmbeddingModel, NextVector, Term
from documents.models.maps import LibraryMap
from documents.models.notes import Note
from documents.models.oversight import LastSweep
from documents.models.parts import Part
from documents.models.results import Analysis, AnalysisStatus, Citation, Options, Portion, Recipe
from documents.models.runs import Batch, Run
from documents.models.sharing import Collection
from documents.models.spending import Breaker, Budget
from documents.models.sweeps import Examination, ExaminationState
from documents.models.tags import Tag
from documents.models.text import Page, Passage
from documents.models.work import AICall, ApiReply, CallState, Job, JobKind, JobState

__all__ = [
    "AICall",
    "Analysis",
    "AnalysisStatus",
    "ApiReply",
    "Batch",
    "Breaker",
    "Budget",
    "CallState",
    "Citation",
    "Collection",
    "Conversation",
    "Document",
    "EmbeddingModel",
    "Examination",
    "ExaminationState",
    "Job",
    "JobKind",
    "JobState",
    "LastSweep",
    "LibraryMap",
    "Message",
    "MessageStatus",
    "NextVector",
    "Note",
    "Options",
    "Page",
    "Part",
    "Passage",
    "Portion",
    "Recipe",
    "Run",
    "ScopeKind",
    "Status",
    "Tag",
    "Term",
]
