"""What the panel does together: it discusses a proposal, and it meets."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext as _

from checklist.enums import MeetingState, NoticeKind
from checklist.models import DiscussionEntry, MeetingItem, PanelMeeting
from checklist.rules import can_discuss, can_lead_panel
from checklist.selectors.meetings import people_shut_out
from checklist.selectors.naming import names_for
from checklist.selectors.panels import people_in_discussion
from checklist.selectors.phases import panel_refusal
from proposals.enums import RoundPhase
from proposals.models import FundingRound, Proposal
from proposals.rules import is_closed_by_conflict
from proposals.selectors import refusal_outside
from screening import audit

from .notices import tell
from .responses import clean_text


class CannotDiscuss(Exception):
    """The contribution is not taken; the message says why."""


class CannotMeet(Exception):
    """The meeting cannot begin, go on or end like this; the message says why."""


# -- Discussion ---------------------------------------------------------------------------------


@transaction.atomic
def add_to_discussion(*, proposal, text, by, criterion=None, mentions=()):
    """Add one contribution, tell those it mentions, and return it. It cannot be changed afterwards.

    Mentioned are the people of `mentions`, and whoever stands in the text as "@" and her name as `by` sees
    it. Only people who may read the discussion can be mentioned. In the stored text a name is "@[id]", so
    that every reader sees the name that she may see.
    """
    if not can_discuss(by, proposal):
        raise CannotDiscuss(_("The discussion of this proposal is not open to you."))
    refusal = panel_refusal(proposal.round)
    if refusal:
        raise CannotDiscuss(refusal)
    text = clean_text(text)
    if not text:
        raise CannotDiscuss(_("Write something first."))
    if criterion is not None and not proposal.round.instruments.filter(version=criterion.version_id).exists():
        raise CannotDiscuss(_("This question is not asked in this round."))
    people = {person.pk: person for person in people_in_discussion(proposal)}
    if any(person.pk not in people for person in mentions):
        raise CannotDiscuss(_("Only people who may read this discussion can be mentioned."))
    text, named = _with_marks(text, people.values(), names_for(proposal, by))
    entry = DiscussionEntry.objects.create(proposal=proposal, criterion=criterion, text=text, by=by)
    mentioned = {person.pk: person for person in (*mentions, *named)}
    entry.mentions.set(mentioned.values())
    audit.record(
        "discussion_added", proposal, by=by, thread=proposal.thread, round_id=proposal.round_id, label=str(proposal)
    )
    for person in mentioned.values():
        if person.pk != by.pk:
            letter = names_for(proposal, person).letter(by.pk)
            values = {"by": "" if letter else str(by), "letter": letter, "entry": entry.pk}
            tell(
                users=[person],
                kind=NoticeKind.MENTIONED,
                proposal=proposal,
                values=values,
                key=f"{NoticeKind.MENTIONED}:{entry.pk}",
            )
    return entry


def _with_marks(text, people, names):
    """The text with "@Name" as "@[id]", and who was named; longer names first, so that none hides another."""
    named = []
    for person in sorted(people, key=lambda person: -len(names(person))):
        said = f"@{names(person)}"
        if said in text:
            text = text.replace(said, f"@[{person.pk}]")
            named.append(person)
    return text, named


# -- Meeting ------------------------------------------------------------------------------------


@transaction.atomic
def start_meeting(*, round_, proposals, by):
    """Open a meeting with these proposals as its agenda, in this order, and return it."""
    round_ = FundingRound.objects.select_for_update().get(pk=round_.pk)
    if not can_lead_panel(by, round_):
        raise CannotMeet(_("Only the chair can open a meeting."))
    refusal = refusal_outside(round_, RoundPhase.PANEL, timezone.localdate())
    if refusal:
        raise CannotMeet(refusal)
    if PanelMeeting.objects.filter(round=round_, state=MeetingState.RUNNING).exists():
        raise CannotMeet(_("A meeting of this round is running already."))
    if not proposals:
        raise CannotMeet(_("Choose at least one proposal."))
    for proposal in proposals:
        _check_proposal(proposal, round_, by)
    meeting = PanelMeeting.objects.create(round=round_, led_by=by)
    MeetingItem.objects.bulk_create(
        MeetingItem(meeting=meeting, proposal=proposal, position=position)
        for position, proposal in enumerate(dict.fromkeys(proposals), start=1)
    )
    after = {"proposals": [proposal.reference for proposal in proposals]}
    audit.record("meeting_started", meeting, by=by, round_id=round_.pk, after=after, label=str(round_))
    return meeting


@transaction.atomic
def add_to_agenda(*, meeting, proposal, by):
    """Put one more proposal at the end of the agenda of a running meeting."""
    meeting = _held_running(meeting, by)
    _check_proposal(proposal, meeting.round, by)
    if meeting.items.filter(proposal=proposal).exists():
        raise CannotMeet(_("This proposal is on the agenda already."))
    last = meeting.items.aggregate(last=Max("position"))["last"] or 0
    MeetingItem.objects.create(meeting=meeting, proposal=proposal, position=last + 1)
    _count_up(meeting)
    _record_agenda(meeting, proposal, by, before=None, after=last + 1)
    return meeting


@transaction.atomic
def move_on_agenda(*, item, by, up):
    """Change the place of an item with the one before it (or after it)."""
    meeting = _held_running(item.meeting, by)
    items = list(meeting.items.select_related("proposal").order_by("position", "pk"))
    place = [each.pk for each in items].index(item.pk)
    other, before = place - 1 if up else place + 1, items[place].position
    if not 0 <= other < len(items):
        raise CannotMeet(_("It stands at the end of the agenda already."))
    items[place], items[other] = items[other], items[place]
    for position, each in enumerate(items, start=1):
        each.position = position
    MeetingItem.objects.bulk_update(items, ["position"])
    _count_up(meeting)
    moved = items[other]
    _record_agenda(meeting, moved.proposal, by, before=before, after=moved.position)
    return meeting


@transaction.atomic
def call_item(*, meeting, item, by):
    """Turn everybody's screen to this item of the agenda; who is shut out by a conflict goes on record.

    Somebody with a conflict leads neither to nor away from the proposal: another chair does.
    """
    meeting = _held_running(meeting, by)
    item = meeting.items.select_related("proposal").get(pk=item.pk)
    if is_closed_by_conflict(by, item.proposal):
        raise CannotMeet(_("This proposal is closed to you. Another chair has to call it."))
    if meeting.item_id == item.pk:
        return meeting
    _leave_item(meeting, by)
    item.opened_at, item.closed_at = item.opened_at or timezone.now(), None
    _note_shut_out(item)
    item.save(update_fields=["opened_at", "closed_at", "shut_out"])
    meeting.item = item
    meeting.save(update_fields=["item"])
    _count_up(meeting)
    audit.record(
        "meeting_moved",
        item.proposal,
        by=by,
        thread=item.proposal.thread,
        round_id=meeting.round_id,
        after={"position": item.position},
    )
    return meeting


@transaction.atomic
def end_meeting(*, meeting, by):
    """Close the meeting; its minutes stay."""
    meeting = _held_running(meeting, by)
    _leave_item(meeting, by)
    meeting.state, meeting.ended_at, meeting.item = MeetingState.ENDED, timezone.now(), None
    meeting.save(update_fields=["state", "ended_at", "item"])
    _count_up(meeting)
    audit.record("meeting_ended", meeting, by=by, round_id=meeting.round_id, label=str(meeting.round))
    return meeting


def _held_running(meeting, by):
    """The meeting as it is now, kept from others until the end of the transaction."""
    held = PanelMeeting.objects.select_related("round", "item__proposal").select_for_update(of=("self",))
    held = held.get(pk=meeting.pk)
    if not can_lead_panel(by, held.round):
        raise CannotMeet(_("Only the chair can lead the meeting."))
    if held.state != MeetingState.RUNNING:
        raise CannotMeet(_("This meeting has ended."))
    return held


def _check_proposal(proposal, round_, by):
    is_readable = Proposal.objects.visible_to(by).counted().filter(pk=proposal.pk, round=round_).exists()
    if not is_readable:
        raise CannotMeet(_("A proposal of the agenda is not open to you, or not of this round."))


def _leave_item(meeting, by):
    """The item that is on goes off, with those who were shut out until now."""
    item = meeting.item
    if item is None:
        return
    if is_closed_by_conflict(by, item.proposal):
        raise CannotMeet(_("You are shut out while this proposal is on. Another chair has to go on from here."))
    item.closed_at = timezone.now()
    _note_shut_out(item)
    item.save(update_fields=["closed_at", "shut_out"])


def _note_shut_out(item):
    """Adds to the names on record; a conflict may come up while the proposal is on."""
    now = [str(person) for person in people_shut_out(item.proposal)]
    item.shut_out = list(dict.fromkeys([*item.shut_out, *now]))


def _record_agenda(meeting, proposal, by, *, before, after):
    """A proposal is on the agenda at this place from now on; `before` is None where it was not on it."""
    audit.record(
        "agenda_changed",
        meeting,
        by=by,
        thread=proposal.thread,
        round_id=meeting.round_id,
        before=None if before is None else {"position": before},
        after={"position": after},
        label=str(proposal),
    )


def _count_up(meeting):
    """Tells every screen that it is behind."""
    PanelMeeting.objects.filter(pk=meeting.pk).update(revision=F("revision") + 1)
    meeting.refresh_from_db(fields=["revision"])
