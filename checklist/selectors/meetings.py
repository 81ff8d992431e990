"""Meetings of the panel, as each person may follow them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from checklist.enums import MeetingState
from checklist.models import ConsensusChange, DiscussionEntry, MeetingItem, PanelMeeting
from proposals.enums import AccessLevel
from proposals.models import Proposal
from screening.models import User


class Standing(StrEnum):
    """What one proposal on the agenda is to one person."""

    OPEN = "open"
    SHUT_OUT = "shut_out"
    NOT_OPEN = "not_open"


@dataclass(frozen=True)
class AgendaLine:
    """One item of the agenda; `proposal` is None where nothing may name it to this person."""

    item: MeetingItem
    proposal: Proposal | None
    standing: Standing
    is_current: bool


def running_meeting(round_):
    """The meeting that is running, or None."""
    rows = PanelMeeting.objects.select_related("led_by", "item", "round")
    return rows.filter(round=round_, state=MeetingState.RUNNING).first()


def meeting_with_round(pk):
    """A meeting with its round, or None."""
    return PanelMeeting.objects.select_related("round", "led_by", "item").filter(pk=pk).first()


def ended_meetings(round_):
    """Meetings of which there are minutes, the newest first."""
    return list(
        PanelMeeting.objects.filter(round=round_, state=MeetingState.ENDED).select_related("led_by").order_by("-pk")
    )


def agenda_for(meeting, user):
    """[AgendaLine] in order; three queries whatever the number of items."""
    items = list(meeting.items.order_by("position", "pk"))
    pks = [item.proposal_id for item in items]
    readable = Proposal.objects.visible_to(user).filter(pk__in=pks).select_related("round", "applicant").in_bulk()
    closed = set(user.accesses.filter(level=AccessLevel.CLOSED).values_list("proposal_id", flat=True))
    lines = []
    for item in items:
        proposal = readable.get(item.proposal_id)
        standing = Standing.OPEN if proposal else Standing.NOT_OPEN
        if item.proposal_id in closed:
            standing = Standing.SHUT_OUT
        lines.append(AgendaLine(item, proposal, standing, item.pk == meeting.item_id))
    return lines


def people_shut_out(proposal):
    """The people of its round to whom a conflict of interest closes a proposal. One query."""
    closed = User.objects.filter(accesses__proposal=proposal, accesses__level=AccessLevel.CLOSED)
    return list(closed.filter(grants__round_id=proposal.round_id).distinct().order_by("name", "pk"))


def stamp_of(meeting, proposal=None):
    """Changes whenever what a screen shows has changed; `proposal` only where its panel is open to the person."""
    parts = [str(meeting.pk), str(meeting.revision)]
    if proposal is not None:
        changes = ConsensusChange.objects.filter(assessment__proposal=proposal).order_by("-pk")
        entries = DiscussionEntry.objects.filter(proposal=proposal).order_by("-pk")
        parts += [str(rows.values_list("pk", flat=True).first() or 0) for rows in (changes, entries)]
    return "-".join(parts)
