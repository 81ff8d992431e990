"""What a reviewer brings and what ties her to organisations, as she or an officer of her round says it."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from checklist.enums import SkillVocabulary, TieKind
from checklist.models import ReviewerSkill, ReviewerTie
from checklist.selectors.reviewers import is_skill
from proposals.actions.organisations import keep_organisation
from proposals.validators import NAME_LENGTH, fold_name
from screening import audit
from screening.models import User

from .conflicts import find_of_person


class CannotChangeProfile(Exception):
    """This cannot be kept of a reviewer; the message says why, `field` where."""

    def __init__(self, message, field=""):
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class Tie:
    """A tie to the organisation of this name, as a form gives it."""

    organisation: str
    kind: str
    note: str = ""
    until: dt.date | None = None


@transaction.atomic
def set_skills(*, user, skills, by):
    """Put {vocabulary: codes} in the place of what the person knew well. Raises CannotChangeProfile."""
    User.objects.select_for_update().get(pk=user.pk)
    after = {str(vocabulary): sorted(set(skills.get(vocabulary, ()))) for vocabulary in SkillVocabulary}
    for vocabulary, codes in after.items():
        unknown = {code for code in codes if not is_skill(vocabulary, code)}
        if unknown:
            raise CannotChangeProfile(
                _("“%(code)s” is not in the list.") % {"code": ", ".join(sorted(unknown))}, vocabulary
            )
    before = {str(vocabulary): [] for vocabulary in SkillVocabulary}
    for row in user.skills.order_by("code"):
        before[row.vocabulary].append(row.code)
    changed = [vocabulary for vocabulary in after if before[vocabulary] != after[vocabulary]]
    if not changed:
        return
    user.skills.filter(vocabulary__in=changed).delete()
    ReviewerSkill.objects.bulk_create(
        ReviewerSkill(user=user, vocabulary=vocabulary, code=code)
        for vocabulary in changed
        for code in after[vocabulary]
    )
    audit.record(
        "skills_set",
        user,
        by=by,
        before={vocabulary: before[vocabulary] for vocabulary in changed},
        after={vocabulary: after[vocabulary] for vocabulary in changed},
    )


@transaction.atomic
def declare_tie(*, user, tie, by):
    """Keep a tie of the person to an organisation, look for conflicts at once, and return it.

    The same tie declared again gets the new words and end. Raises CannotChangeProfile.
    """
    if not fold_name(tie.organisation):
        raise CannotChangeProfile(_("Name the organisation."), "organisation")
    if len(tie.organisation) > NAME_LENGTH:
        message = _("The name of an organisation has at most %(n)s characters.") % {"n": NAME_LENGTH}
        raise CannotChangeProfile(message, "organisation")
    if tie.kind not in TieKind.values:
        raise CannotChangeProfile(_("Choose what the tie is."), "kind")
    if tie.kind == TieKind.OTHER and not tie.note.strip():
        raise CannotChangeProfile(_("Say in words what the tie is."), "note")
    organisation = keep_organisation(name=tie.organisation)
    row, _is_new = ReviewerTie.objects.update_or_create(
        user=user,
        organisation=organisation,
        kind=tie.kind,
        defaults={"note": tie.note.strip(), "until": tie.until},
    )
    audit.record("tie_declared", row, by=by, after=_said(row), label=f"{organisation} ({user})")
    find_of_person(user=user, by=by)
    return row


@transaction.atomic
def remove_tie(*, tie, by):
    """Take a tie back. What was suspected because of it, and nobody decided about, is marked as no longer found."""
    audit.record("tie_removed", tie, by=by, before=_said(tie), label=f"{tie.organisation} ({tie.user})")
    user = tie.user
    tie.delete()
    find_of_person(user=user, by=by)


def _said(row):
    return {
        "kind": row.kind,
        "organisation": row.organisation.name,
        "note": row.note,
        "until": row.until.isoformat() if row.until else None,
    }
