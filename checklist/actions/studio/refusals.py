"""Why a draft was not changed, each with a sentence for the person who tried."""

from django.utils.translation import gettext as _


class CannotStartDraft(Exception):
    """No draft was made; the message says why and what to do."""


class CannotChangeDraft(Exception):
    """The change does not fit; the message says why. Nothing was changed."""


class CannotUndo(Exception):
    """The step cannot be undone; the message says why."""


class DraftConflict(Exception):
    """Somebody else changed the same place meanwhile.

    `path` is the place, `mine` what was to be saved, `theirs` what stands there now, both as a form
    shows them; `by` is who changed it, None when nobody is known.
    """

    def __init__(self, path, mine, theirs, by):
        if by is None:
            message = _("This was changed meanwhile.")
        else:
            message = _("%(name)s changed this meanwhile.") % {"name": by}
        super().__init__(message)
        self.path = path
        self.mine = mine
        self.theirs = theirs
        self.by = by
