"""Everything that changes a draft of an instrument. Nothing here touches a version once it is published."""

from . import values
from .editing import change
from .pages import save_page
from .refusals import CannotChangeDraft, CannotStartDraft, CannotUndo, DraftConflict
from .starting import copy_to_own, start_empty, start_from_file, start_next_version
from .structure import add, duplicate, move, remove, renumber
from .undoing import undo

__all__ = [
    "CannotChangeDraft",
    "CannotStartDraft",
    "CannotUndo",
    "DraftConflict",
    "add",
    "change",
    "copy_to_own",
    "duplicate",
    "move",
    "remove",
    "renumber",
    "save_page",
    "start_empty",
    "start_from_file",
    "start_next_version",
    "undo",
    "values",
]
