"""Changes to how a round judges: its instruments and its critical items."""

from django.db import transaction
from django.utils.translation import gettext as _

from checklist.enums import CriticalRule, ResultKind, VersionState
from checklist.models import Assignment, Criterion, InstrumentVersion, RoundCriticalRule, RoundInstrument
from proposals.actions.rounds import CannotChangeRoles, create_round, remove_role
from proposals.models import FundingRound
from screening import audit
from screening.enums import RoundRole


class CannotPin(Exception):
    """The round cannot take these versions; the message says why."""


@transaction.atomic
def open_round(*, round_, officer, by):
    """Open a round that judges by the newest published versions of the default instruments."""
    create_round(round_=round_, officer=officer, by=by)
    newest = {}
    usable = InstrumentVersion.objects.usable().filter(instrument__is_default=True)
    for version in usable.order_by("instrument_id", "number"):
        newest[version.instrument_id] = version
    in_order = sorted(newest.values(), key=lambda version: (version.result_kind != "share", version.pk))
    if in_order:
        pin_instruments(round_=round_, versions=in_order, by=by)
    return round_


@transaction.atomic
def take_role(*, grant, by):
    """Take a role from a person, as `proposals.actions.rounds.remove_role` does.

    A reviewer who still owes an assessment keeps hers: without it she could go on reading and
    answering. Raises CannotChangeRoles.
    """
    owed = Assignment.objects.waiting_for(grant.user).filter(proposal__round_id=grant.round_id)
    if grant.role == RoundRole.REVIEWER and owed.exists():
        raise CannotChangeRoles(_("She is still asked to review proposals of this round. Take these back first."))
    remove_role(grant=grant, by=by)


@transaction.atomic
def pin_instruments(*, round_, versions, by, in_place_of=None):
    """Set the versions by which new assessments of the round are made, in this order.

    Assessments that have begun stay on the versions they were begun with. `in_place_of` is
    {instrument id: id of the one whose place in the round it takes}. Raises CannotPin for a draft, for
    a retired version the round does not have yet, and for an empty list.
    """
    if not versions:
        raise CannotPin(_("A round needs at least one instrument."))
    versions = _held(round_, versions)
    pins = list(round_.instruments.order_by("position").select_related("version"))
    before = [pin.version_id for pin in pins]
    for version in versions:
        is_kept = version.pk in before and version.state == VersionState.RETIRED
        if version.state != VersionState.PUBLISHED and not is_kept:
            raise CannotPin(_("%(version)s is not published.") % {"version": version})
    if len({version.instrument_id for version in versions}) < len(versions):
        raise CannotPin(_("Choose one version of each instrument."))
    after = [version.pk for version in versions]
    if before == after:
        return
    # What the round says of an instrument holds for its next version too, and for a copy in its place.
    said = {pin.version.instrument_id: pin for pin in pins}
    said |= {new: said[old] for new, old in (in_place_of or {}).items() if old in said}
    round_.instruments.all().delete()
    RoundInstrument.objects.bulk_create(
        _pin(round_, version, position, said.get(version.instrument_id), is_first=not pins)
        for position, version in enumerate(versions, start=1)
    )
    names = dict(InstrumentVersion.objects.filter(pk__in=[*before, *after]).values_list("pk", "content_hash"))
    audit.record(
        "round_instruments_set",
        round_,
        by=by,
        round_id=round_.pk,
        before={"versions": [{"id": pk, "hash": names[pk]} for pk in before]},
        after={"versions": [{"id": pk, "hash": names[pk]} for pk in after]},
    )


def _held(round_, versions):
    """The versions as they are now; the round is locked first, then they, so that none is retired while it is taken."""
    FundingRound.objects.select_for_update().get(pk=round_.pk)
    rows = InstrumentVersion.objects.select_for_update(of=("self",)).select_related("instrument").order_by("pk")
    now = rows.in_bulk([version.pk for version in versions])
    return [now[version.pk] for version in versions]


def _pin(round_, version, position, said, *, is_first):
    """A row with what the round said of the instrument before. At first, the first share puts in order."""
    if said is None:
        ranks = is_first and position == 1 and version.result_kind == ResultKind.SHARE
        return RoundInstrument(round=round_, version=version, position=position, ranks=ranks)
    return RoundInstrument(
        round=round_,
        version=version,
        position=position,
        ranks=said.ranks,
        threshold=said.threshold,
        minimum_coverage=said.minimum_coverage,
    )


@transaction.atomic
def set_critical_rules(*, round_, rules, by):
    """Set the round's own critical rules: {criterion id: rule}. A rule equal to the default is not kept."""
    before = dict(round_.critical_rules.values_list("criterion_id", "rule"))
    criteria = {criterion.pk: criterion for criterion in Criterion.objects.filter(pk__in=rules)}
    wanted = {pk: CriticalRule(rule) for pk, rule in rules.items() if criteria[pk].critical_rule != rule}
    after = {**{pk: rule for pk, rule in before.items() if pk not in rules}, **wanted}
    if before == after:
        return
    round_.critical_rules.all().delete()
    RoundCriticalRule.objects.bulk_create(
        RoundCriticalRule(round=round_, criterion_id=pk, rule=rule) for pk, rule in after.items()
    )
    audit.record(
        "round_critical_set",
        round_,
        by=by,
        round_id=round_.pk,
        before={str(pk): str(rule) for pk, rule in before.items()},
        after={str(pk): str(rule) for pk, rule in after.items()},
    )
