"""Giving a running round a newer version: assessments that have begun never move."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from checklist.models import Assessment, Criterion, RoundCriticalRule
from checklist.rules import can_edit_instruments
from checklist.selectors.moving import move_plan, newer_versions, not_begun
from proposals.enums import RoundPhase
from proposals.models import FundingRound
from proposals.rules import can_change_round
from screening import audit

from .rounds import pin_instruments


class CannotMove(Exception):
    """The round stays on its version; the message says why."""


@transaction.atomic
def move_to_newer(*, round_, pinned, newer, by):
    """Let the round judge by `newer` instead of `pinned` and return how many begun-without-an-answer assessments moved.

    Assessments in which anything was saved stay on `pinned`. The round's own critical items come along
    where the two versions are comparable. Raises CannotMove, for whoever neither changes the round nor edits
    instruments too.
    """
    if not (can_edit_instruments(by) or can_change_round(by, round_)):
        raise CannotMove(_("Only an instrument editor, or who may change the round, gives it a newer version."))
    round_ = FundingRound.objects.select_for_update().get(pk=round_.pk)
    if round_.phase == RoundPhase.DECIDED:
        raise CannotMove(_("This round is decided. Its instruments stay as they are."))
    if not any(each.pinned.pk == pinned.pk and each.newer.pk == newer.pk for each in newer_versions(round_)):
        raise CannotMove(_("This version is no newer version of an instrument of the round, or it was retired."))
    rules = move_plan(round_, pinned, newer, by).rules_kept
    # Locked first, so that an answer saved at this moment is either seen here or comes after the move.
    held = list(
        Assessment.objects.select_for_update(of=("self",))
        .filter(pk__in=list(not_begun(round_, pinned).values_list("pk", flat=True)))
        .values_list("pk", flat=True)
    )
    moving = list(not_begun(round_, pinned).filter(pk__in=held).values_list("pk", flat=True))
    _pin(round_, pinned, newer, by)
    _carry_rules(round_, newer, rules)
    through = Assessment.versions.through.objects
    through.filter(assessment_id__in=moving, instrumentversion_id=pinned.pk).update(instrumentversion_id=newer.pk)
    Assessment.objects.filter(pk__in=moving, last_criterion__version=pinned).update(last_criterion=None)
    audit.record(
        "assessments_moved",
        newer,
        by=by,
        round_id=round_.pk,
        before={"version": str(pinned)},
        after={"version": str(newer), "assessments": moving, "critical_items": [key for _rule, key in rules]},
    )
    return len(moving)


def _pin(round_, pinned, newer, by):
    """The newer version takes the place of the old one in the round, with what the round says of it."""
    pins = round_.instruments.select_related("version").order_by("position", "pk")
    versions = [newer if pin.version_id == pinned.pk else pin.version for pin in pins]
    # Threshold and coverage mean something else for another kind of result.
    is_alike = newer.result_kind == pinned.result_kind
    in_place_of = {newer.instrument_id: pinned.instrument_id} if is_alike else {}
    pin_instruments(round_=round_, versions=versions, by=by, in_place_of=in_place_of)


def _carry_rules(round_, newer, rules):
    """The round's own critical items hold on for the criteria that go on, where they still differ from the default."""
    criteria = {criterion.key: criterion for criterion in Criterion.objects.filter(version=newer)}
    RoundCriticalRule.objects.bulk_create(
        [
            RoundCriticalRule(round=round_, criterion=criteria[key], rule=rule.rule)
            for rule, key in rules
            if criteria[key].critical_rule != rule.rule
        ],
        ignore_conflicts=True,
    )
