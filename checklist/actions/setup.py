"""The steps of setting a round up: each saves what one page asks for, all of it or nothing.

A round remembers how far its set-up has come, so that it can be left and resumed.
"""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from checklist.models import RoundRules
from checklist.selectors.readiness import findings_of
from checklist.setup_steps import DONE, later_step, next_step
from proposals.actions.rounds import change_round, set_phases
from proposals.rules import can_change_round, can_open_round
from screening import audit

from .eligibility import set_checks
from .rounds import open_round, pin_instruments, set_critical_rules
from .rules import set_ranking, set_rules


class CannotFinish(Exception):
    """Something is missing; the message says how much."""


class MayNotSetUp(PermissionDenied):
    """Whoever asks does not set this round up. Every step here raises it."""


@transaction.atomic
def begin_round(*, round_, windows, officer, by):
    """Open a round with its dates; the first step of its set-up. Raises CannotSetPhases."""
    if not can_open_round(by):
        raise MayNotSetUp(_("You may not open a round."))
    open_round(round_=round_, officer=officer, by=by)
    set_phases(round_=round_, windows=windows, by=by)
    _reach(round_, next_step("facts"))
    return round_


@transaction.atomic
def save_facts(*, round_, windows, by):
    """What it is and when: a changed, validated round and its windows. Raises CannotSetPhases."""
    _check(round_, by)
    change_round(round_=round_, by=by)
    set_phases(round_=round_, windows=windows, by=by)
    _reach(round_, next_step("facts"))


@transaction.atomic
def save_instruments(*, round_, versions, ranks, limits, by):
    """By what it judges. Raises CannotPin, CannotSetRules."""
    _check(round_, by)
    pin_instruments(round_=round_, versions=versions, by=by)
    set_ranking(round_=round_, ranks=ranks, limits=limits, by=by)
    _reach(round_, next_step("instruments"))


@transaction.atomic
def save_critical(*, round_, rules, by):
    """Which items stop a proposal and which need an explanation."""
    _check(round_, by)
    set_critical_rules(round_=round_, rules=rules, by=by)
    _reach(round_, next_step("critical"))


@transaction.atomic
def save_review(*, round_, rules, by):
    """How many reviewers and what they see of each other. Raises CannotSetRules."""
    _check(round_, by)
    change_round(round_=round_, by=by)
    set_rules(round_=round_, by=by, **rules)
    _reach(round_, next_step("review"))


@transaction.atomic
def save_money(*, round_, rules, by):
    """How much there is to give, and how decisions come about."""
    _check(round_, by)
    change_round(round_=round_, by=by)
    set_rules(round_=round_, by=by, **rules)
    _reach(round_, next_step("money"))


@transaction.atomic
def save_checks(*, round_, conditions, by, stays=False):
    """What makes a proposal eligible; with `stays` the step is not over yet. Raises CannotSetChecks."""
    _check(round_, by)
    set_checks(round_=round_, conditions=conditions, by=by)
    if not stays:
        _reach(round_, next_step("eligibility"))


@transaction.atomic
def finish_setup(*, round_, by):
    """Say that the set-up is complete. Everything can still be changed afterwards. Raises CannotFinish."""
    _check(round_, by)
    missing = [each for each in findings_of(round_) if each.is_missing]
    if missing:
        raise CannotFinish(_("Something is still missing. The list below leads to it."))
    if _rules(round_).setup_step == DONE:
        return
    _reach(round_, DONE)
    audit.record("setup_finished", round_, by=by, round_id=round_.pk)


def _check(round_, by):
    if not can_change_round(by, round_):
        raise MayNotSetUp(_("You may not change this round."))


def _reach(round_, step):
    """Remember the furthest step; going back to an earlier one does not forget it."""
    rules = _rules(round_)
    further = later_step(rules.setup_step, step)
    if further != rules.setup_step:
        rules.setup_step = further
        rules.save(update_fields=["setup_step"])


def _rules(round_):
    return RoundRules.objects.get_or_create(round=round_)[0]
