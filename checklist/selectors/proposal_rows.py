"""What a list of proposals shows beside the proposals themselves, read for the rows of one page."""

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django_countries import countries

from checklist.enums import AssessmentState, AssignmentState, ResultKind
from checklist.models import Assessment, Assignment, SubmittedScore
from checklist.selectors.eligibility import STOPPED
from checklist.selectors.flags import SEEN, STATE_OF_LETTER, harm_in, seen_flags
from checklist.selectors.instruments import sheet
from checklist.selectors.statuses import status_word
from proposals.models import Place
from screening.statements import KeptQuery, somebody

SHOWN_COUNTRIES = 3


@dataclass
class Reviews:
    """How far the review of one proposal has come, in counts of assignments.

    `asked` counts those who are asked and have neither a conflict nor declined nor abstained; the
    others are counted apart, because "will not review" is not "has not reviewed yet".
    """

    wanted: int = 1
    asked: int = 0
    submitted: int = 0
    undeclared: int = 0
    overdue: int = 0
    conflicted: int = 0
    declined: int = 0
    abstained: int = 0
    withdrawn: int = 0
    # Not eligible or withdrawn: whatever was asked, nothing is waited for.
    is_over: bool = False

    def add(self, state, assessment_state, due_on, today):
        """Count one assignment."""
        if state in (AssignmentState.ASSIGNED, AssignmentState.DECLARED):
            self.asked += 1
            self.undeclared += state == AssignmentState.ASSIGNED
            is_in = assessment_state == AssessmentState.SUBMITTED
            self.submitted += is_in
            self.overdue += bool(due_on and due_on < today and not is_in)
        else:
            self.conflicted += state == AssignmentState.CONFLICTED
            self.declined += state == AssignmentState.DECLINED
            self.abstained += state == AssignmentState.ABSTAINED
            self.withdrawn += state == AssignmentState.WITHDRAWN

    @property
    def is_complete(self):
        return self.asked >= self.wanted and self.submitted == self.asked

    @property
    def counted(self):
        """ "2/3": submitted of asked; a dash where nobody is asked."""
        return f"{self.submitted}/{self.asked}" if self.asked else "–"

    @property
    def counted_words(self):
        return _("%(submitted)s of %(asked)s submitted") % {"submitted": self.submitted, "asked": self.asked}

    @property
    def others(self):
        """Those who will not review, in words."""
        said = []
        if self.conflicted:
            said.append(ngettext("%(n)s conflict", "%(n)s conflicts", self.conflicted) % {"n": self.conflicted})
        if self.declined:
            said.append(_("%(n)s declined") % {"n": self.declined})
        if self.abstained:
            said.append(_("%(n)s abstained") % {"n": self.abstained})
        if self.withdrawn:
            said.append(_("%(n)s taken back") % {"n": self.withdrawn})
        return ", ".join(said)

    @property
    def waiting(self):
        """(words, kind of tag) of the one thing that the proposal waits for most."""
        missing = self.wanted - self.asked
        if self.is_over:
            return _("Nothing"), "off"
        if self.asked == 0:
            return _("No reviewer yet"), "warn"
        if self.overdue:
            return _("%(n)s overdue") % {"n": self.overdue}, "bad"
        if missing > 0:
            return ngettext("%(n)s reviewer to find", "%(n)s reviewers to find", missing) % {"n": missing}, "warn"
        if self.undeclared:
            return _("%(n)s to declare") % {"n": self.undeclared}, "open"
        if self.submitted < self.asked:
            return _("%(n)s being assessed") % {"n": self.asked - self.submitted}, "open"
        return _("All in"), "good"


def attach_rows(proposals, *, user, round_, today, with_assignments, hidden=frozenset()):
    """Put what a row shows on each; three queries for all.

    That is `status_word`, `country_names`, `shown_countries`, `pictures`, `flags` and `reviews`. `hidden`
    holds ids of proposals whose outcome she must not know yet, see `statuses`.

    Pictures come only from assessments that the user may see: none of a proposal on which she
    still owes her own. `reviews` is None where she may not see assignments.
    """
    pks = [proposal.pk for proposal in proposals]
    names = _country_names(pks)
    pictures, flags = scores_seen(pks, user)
    reviews = count_reviews(pks, wanted=round_.reviewers_wanted, today=today) if with_assignments else {}
    for proposal in proposals:
        proposal.status_word = status_word(proposal, is_hidden=proposal.pk in hidden)
        proposal.country_names = names.get(proposal.pk, ())
        proposal.shown_countries = shown_countries(proposal.country_names)
        proposal.pictures = tuple(pictures.get(proposal.pk, ()))
        proposal.flags = flags.get(proposal.pk, NO_FLAGS)
        proposal.reviews = reviews.get(proposal.pk)
        if proposal.reviews is not None:
            proposal.reviews.is_over = proposal.status in STOPPED


def count_reviews(pks, *, wanted, today):
    """{proposal id: Reviews} for all the proposals. One query."""
    found = {pk: Reviews(wanted=wanted) for pk in pks}
    for proposal_pk, state, assessment_state, due_on in _ASKED(pks):
        found[proposal_pk].add(state, assessment_state, due_on, today)
    return found


@dataclass(frozen=True)
class Flags:
    """The keys of the flags that somebody saw, each once, and of those about harm to people."""

    seen: frozenset[str] = frozenset()
    harm: frozenset[str] = frozenset()

    @property
    def tag(self):
        """(words, kind of tag), or None where no flag was seen."""
        if self.harm:
            return ngettext("%(n)s harm flag", "%(n)s harm flags", len(self.harm)) % {"n": len(self.harm)}, "bad"
        if self.seen:
            return ngettext("%(n)s red flag", "%(n)s red flags", len(self.seen)) % {"n": len(self.seen)}, "warn"
        return None


NO_FLAGS = Flags()


def scores_seen(pks, user):
    """({proposal id: [states of one submitted checklist, ...]}, {proposal id: Flags}). One query.

    Of what the user may see.
    """
    pictures, flags = defaultdict(list), {}
    for key, marks, kind, version_pk in _MARKS(user.pk, pks, system_roles=user.system_roles):
        if kind == ResultKind.SHARE:
            pictures[key].append(states_of(marks))
        elif SEEN in marks:
            shown, before = sheet(version_pk, "en"), flags.get(key, NO_FLAGS)
            flags[key] = Flags(
                before.seen | {criterion.key for criterion in seen_flags(shown, marks)},
                before.harm | {criterion.key for criterion in harm_in(shown, marks)},
            )
    return pictures, flags


def _marks(user_pk, pks, *, system_roles):
    visible = (
        Assessment.objects.visible_to(somebody(user_pk, system_roles))
        .submitted()
        .individual()
        .filter(proposal_id__in=pks)
    )
    return (
        SubmittedScore.objects.filter(
            assessment__in=visible, version__result_kind__in=[ResultKind.SHARE, ResultKind.FLAGS]
        )
        .order_by("assessment_id", "version_id")
        .values_list("assessment__proposal_id", "marks", "version__result_kind", "version_id")
    )


_MARKS = KeptQuery(_marks)
_ASKED = KeptQuery(
    lambda pks: Assignment.objects.filter(proposal_id__in=pks).values_list(
        "proposal_id", "state", "assessment__state", "due_on"
    )
)
_PLACES = KeptQuery(
    lambda pks: Place.objects.filter(proposal_id__in=pks).order_by("pk").values_list("proposal_id", "country", "area")
)


def states_of(marks):
    """The states that a string of mark letters stands for."""
    return tuple(STATE_OF_LETTER[letter] for letter in marks)


def _country_names(pks):
    found = defaultdict(dict)
    language = get_language()
    for proposal_pk, code, area in _PLACES(pks):
        found[proposal_pk][country_name(code, language) if code else area] = True
    return {pk: tuple(names) for pk, names in found.items()}


@lru_cache(maxsize=2048)
def country_name(code, language):
    """The name of a country in the language; the code itself where it is not known."""
    return str(countries.name(code)) or code


def shown_countries(names):
    """The first few names and how many more there are."""
    more = len(names) - SHOWN_COUNTRIES
    said = ", ".join(names[:SHOWN_COUNTRIES])
    return said + " " + _("and %(n)s more") % {"n": more} if more > 0 else said
