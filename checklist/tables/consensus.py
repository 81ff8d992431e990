"""The reasons on record of a consensus, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from checklist.selectors.instruments import CriterionText, sheet
from checklist.selectors.panels import changes_of, individual_assessments


@dataclass(frozen=True)
class ChangeLine:
    """One answer that the panel set or changed: what it was and is, who, when, why, and what reviewers said then."""

    criterion: CriterionText
    words: str
    reason: str
    by: str
    at: datetime
    others: str


def change_lines(consensus, names, language):
    """[ChangeLine], the newest first, with names as the reader may see them. Three queries beside the kept sheets."""
    sheets = [sheet(pk, language) for pk in consensus.versions.order_by("pk").values_list("pk", flat=True)]
    criteria = {criterion.pk: criterion for each in sheets for criterion in each.criteria}
    people = {str(each.pk): names(each.reviewer) for each in individual_assessments(consensus.proposal)}
    return [_line(change, criteria[change.criterion_id], people, names) for change in changes_of(consensus)]


def _line(change, criterion, people, names):
    before, after = (_label(criterion, side.get("answer")) for side in (change.before, change.after))
    words = after if before in ("", after) else _("%(after)s, before: %(before)s") % {"after": after, "before": before}
    said = [f"{people[pk]}: {_label(criterion, answer)}" for pk, answer in change.individual.items() if pk in people]
    return ChangeLine(criterion, words or _("Taken back"), change.reason, names(change.by), change.at, "; ".join(said))


def _label(criterion, code):
    option = criterion.option(code) if code else None
    return option.label if option else code or ""
