"""What a notice says and where it leads, made when it is shown: in the language of whoever reads."""

from datetime import date

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from checklist.enums import NoticeKind, Outcome
from checklist.naming import by_letter


def sentence(notice):
    """One sentence. The notice is loaded with its proposal and round."""
    return _SENTENCES[notice.kind](notice, notice.values)


def text(notice):
    """What else belongs to it, as somebody wrote it; "" where there is nothing."""
    if notice.kind == NoticeKind.REOPENED:
        return notice.values.get("reason", "")
    return notice.values.get("text", "") if notice.kind == NoticeKind.MESSAGE else ""


def place(notice):
    """The address of the page on which she goes on from here, as a path."""
    name, *args = _PLACES.get(notice.kind, _of_round)(notice)
    return reverse(f"checklist:{name}", args=args)


def group_title(kind, number):
    """The heading over the notices of one kind in the daily e-mail."""
    return f"{NoticeKind(kind).label} ({number})"


# -- Sentences ----------------------------------------------------------------------------------


def _assigned(notice, values):
    words = _("You are asked to assess %(proposal)s.") % {"proposal": _title(notice)}
    if values.get("due_on"):
        words += " " + _("It is due on %(day)s.") % {"day": _day(values)}
    return words


def _due_soon(notice, values):
    return _("Your assessment of %(proposal)s is due on %(day)s.") % {"proposal": _title(notice), "day": _day(values)}


def _overdue(notice, values):
    said = _("Your assessment of %(proposal)s was due on %(day)s and is not submitted.")
    return said % {"proposal": _title(notice), "day": _day(values)}


def _reopened(notice, values):
    return _("Your assessment of %(proposal)s was reopened. Submit it again.") % {"proposal": _title(notice)}


def _look_again(notice, values):
    said = _("The applicant answered questions on %(proposal)s. Look again, and submit your assessment anew.")
    return said % {"proposal": _title(notice)}


def _conflict(notice, values):
    if notice.proposal_id:
        said = _("%(person)s declared a conflict of interest on %(proposal)s.")
        return said % {"person": values["person"], "proposal": _title(notice)}
    said = ngettext(
        "%(number)s possible conflict of interest was found in %(round)s.",
        "%(number)s possible conflicts of interest were found in %(round)s.",
        values["number"],
    )
    return said % {"number": values["number"], "round": notice.round}


def _mentioned(notice, values):
    person = by_letter(values["letter"]) if values.get("letter") else values["by"]
    said = _("%(person)s named you in the discussion of %(proposal)s.")
    return said % {"person": person, "proposal": _title(notice)}


def _decided(notice, values):
    if notice.proposal_id:
        said = _("The funder decided on %(proposal)s, which you assessed: %(outcome)s.")
        return said % {"proposal": _title(notice), "outcome": Outcome(values["outcome"]).label}
    said = ngettext(
        "%(number)s decision of %(round)s has taken effect.",
        "%(number)s decisions of %(round)s have taken effect.",
        values["number"],
    )
    return said % {"number": values["number"], "round": notice.round}


def _message(notice, values):
    return _("%(person)s writes: %(subject)s") % {"person": values["by"], "subject": values["subject"]}


_SENTENCES = {
    NoticeKind.ASSIGNED: _assigned,
    NoticeKind.DUE_SOON: _due_soon,
    NoticeKind.OVERDUE: _overdue,
    NoticeKind.REOPENED: _reopened,
    NoticeKind.LOOK_AGAIN: _look_again,
    NoticeKind.CONFLICT: _conflict,
    NoticeKind.MENTIONED: _mentioned,
    NoticeKind.DECIDED: _decided,
    NoticeKind.MESSAGE: _message,
}


# -- Places -------------------------------------------------------------------------------------


def _of_round(notice):
    return "round-detail", notice.round.reference


def _of_reviews(notice):
    return "my-reviews", notice.round.reference


def _of_assessment(notice):
    return "assessment-edit", notice.values["assessment"]


def _of_decision(notice):
    # A reviewer reads the outcome among her own reviews; the round's decisions are for other roles.
    return ("my-reviews" if notice.proposal_id else "decision-list"), notice.round.reference


_PLACES = {
    NoticeKind.ASSIGNED: _of_reviews,
    NoticeKind.DUE_SOON: _of_reviews,
    NoticeKind.OVERDUE: _of_reviews,
    NoticeKind.REOPENED: _of_assessment,
    NoticeKind.LOOK_AGAIN: _of_assessment,
    NoticeKind.CONFLICT: lambda notice: ("conflict-list", notice.round.reference),
    NoticeKind.MENTIONED: lambda notice: ("proposal-panel", notice.proposal_id),
    NoticeKind.DECIDED: _of_decision,
}


def _title(notice):
    # Before her declaration a reviewer is told no more of a proposal than this.
    return _("“%(title)s”") % {"title": notice.proposal.title}


def _day(values):
    return date_format(date.fromisoformat(values["due_on"]), "DATE_FORMAT")
