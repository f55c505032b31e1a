"""What a person can do. Verbs with named arguments; each owns its transaction."""

from documents.actions.analysing import (
    MOST_IN_A_RUN,
    OVERVIEW,
    Started,
    analyse,
    analyse_many,
    analyse_text,
    cancel,
    cancel_run,
    estimate,
    make_overview,
)
from documents.actions.asking import (
    Over,
    ask,
    ask_again,
    estimate_ask,
    forget_conversation,
    rename_conversation,
    stop,
)
from documents.actions.library import (
    MAX_PAGES_AGAIN,
    SAMPLES,
    Upload,
    add_samples,
    change_collection,
    delete,
    make_collection,
    read_again,
    rename,
    upload,
    upload_text,
)
from documents.actions.noting import change_note, remove_note, write_note
from documents.actions.recipes import remove_recipe, rewrite_recipe, write_recipe
from documents.actions.refusal import Refusal
from documents.actions.retrying import retry_job, retry_run
from documents.actions.shelving import (
    make_tag,
    put_back,
    put_in_bin,
    put_into,
    put_tag,
    take_out_of,
    take_tag,
)
from documents.actions.starting import FirstStart, first_start
from documents.actions.sweeping import MOST_IN_A_SWEEP, AskEstimate
from documents.models import Options

__all__ = [
    "MAX_PAGES_AGAIN",
    "MOST_IN_A_RUN",
    "MOST_IN_A_SWEEP",
    "OVERVIEW",
    "SAMPLES",
    "AskEstimate",
    "FirstStart",
    "Options",
    "Over",
    "Refusal",
    "Started",
    "Upload",
    "add_samples",
    "analyse",
    "analyse_many",
    "analyse_text",
    "ask",
    "ask_again",
    "cancel",
    "cancel_run",
    "change_collection",
    "change_note",
    "delete",
    "estimate",
    "estimate_ask",
    "first_start",
    "forget_conversation",
    "make_collection",
    "make_overview",
    "make_tag",
    "put_back",
    "put_in_bin",
    "put_into",
    "put_tag",
    "read_again",
    "remove_note",
    "remove_recipe",
    "rename",
    "rename_conversation",
    "retry_job",
    "retry_run",
    "rewrite_recipe",
    "stop",
    "take_out_of",
    "take_tag",
    "upload",
    "upload_text",
    "write_note",
    "write_recipe",
]
