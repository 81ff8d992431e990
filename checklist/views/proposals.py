"""The proposals of a round, and one proposal with what was judged of it."""

from dataclasses import replace
from functools import lru_cache
from urllib.parse import urlencode

from django.conf.locale import LANG_INFO
from django.contrib.auth.decorators import login_required
from django.http import QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from checklist.filters import BlindProposalFilter, ProposalFilter
from checklist.forms.history import HistoryFilterForm
from checklist.models import Assessment, Assignment
from checklist.rules import can_send_messages
from checklist.selectors.assigning import mark_stands
from checklist.selectors.eligibility import reasons_of
from checklist.selectors.flags import scores_of_proposal
from checklist.selectors.history import history_page
from checklist.selectors.naming import names_for
from checklist.selectors.proposal_rows import attach_rows, country_name
from checklist.selectors.statuses import hidden_in_round, shown_status, status_word
from checklist.selectors.tasks import progress_of
from proposals import rules
from proposals.enums import TAG_CHOICES, ProposalStatus, TagVocabulary
from proposals.models import Document, Proposal
from proposals.views.loading import load_proposal, load_round
from screening import svg
from screening.listing import Column, build_listing, export_response, neighbours, ordered_as_asked, shown_query
from screening.row_ids import row_id
from screening.templatetags.components import counted_state, spark_in, state_tag

from .criterion_html import frame_of

DEFAULT_SORT = "reference"
# States in which a proposal may still be put aside for practice.
UNJUDGED = (ProposalStatus.RECEIVED, ProposalStatus.IN_REVIEW)


def _in_words(states):
    """The marks of one checklist counted: "6 favourable, 2 partly"."""
    return svg.count_words(states, counted_state)


REFERENCE = Column("reference", _("Reference"), ("reference",), lambda row: row.reference, css="fit")
TITLE = Column("title", _("Title"), ("title",), lambda row: row.title)
APPLICANT = Column(
    "applicant", _("Applicant"), ("applicant__name",), lambda row: str(row.applicant or ""), blanks_last=True
)
COUNTRIES = Column("countries", _("Countries"), value=lambda row: ", ".join(row.country_names))
AMOUNT = Column("amount", _("Amount"), ("amount",), lambda row: row.amount, css="num", blanks_last=True)
CURRENCY = Column("currency", _("Currency"), value=lambda row: row.currency)
STATE = Column("status", _("State"), ("status", "reference"), lambda row: row.status_word)
REVIEWS = Column(
    "reviews",
    _("Reviews"),
    ("digest__submitted", "reference"),
    lambda row: row.reviews.counted_words,
)
APART = Column("apart", _("Will not review"), value=lambda row: row.reviews.others)
CHECKLISTS = Column(
    "checklists",
    _("Checklists"),
    value=lambda row: " | ".join([*map(_in_words, row.pictures), *(row.flags.tag or ())[:1]]),
)
WAITING = Column("waiting", _("Waiting for"), value=lambda row: row.reviews.waiting[0])
SELECT = Column("select", _("Select"), css="fit", hidden=True)


def list_columns(*, sees_assignments, hidden=frozenset(), can_select=False, exported=False):
    """The columns that this person sees. A page has applicant and countries below the title and the
    currency beside the amount; an export has them apart, and nothing to tick."""
    columns = [SELECT] if can_select and not exported else []
    columns += [REFERENCE, TITLE]
    columns += [APPLICANT, COUNTRIES] if exported else []
    columns += [AMOUNT]
    columns += [CURRENCY] if exported else []
    columns += [_state_column(hidden)]
    columns += [REVIEWS] if sees_assignments else []
    columns += [APART] if sees_assignments and exported else []
    columns += [CHECKLISTS]
    return [*columns, WAITING] if sees_assignments else columns


def _state_column(hidden):
    """The state, sorted as it is shown where outcomes are hidden (ids in `hidden`)."""
    if not hidden:
        return STATE
    return replace(STATE, sort=("shown_status", "reference"), annotate=lambda: {"shown_status": shown_status(hidden)})


def listed_proposals(user, round_):
    """The round's proposals with what a row shows, without their long texts. Practice has a page of its own."""
    return (
        Proposal.objects.listed_to(user, round_)
        .counted()
        .select_related("applicant")
        .only("reference", "title", "amount", "currency", "status", "round_id", "applicant__name")
    )


@login_required
def proposal_list(request, reference):
    round_ = load_round(request, reference, needs=rules.can_see_proposals)
    user, today = request.user, timezone.localdate()
    sees_assignments = rules.can_see_assignments(user, round_)
    can_assign, can_export = rules.can_assign_reviewers(user, round_), rules.can_export(user, round_)
    can_select = can_assign or can_export
    exported = bool(request.GET.get("export"))
    hidden = hidden_in_round(user, round_)
    listing = build_listing(
        request,
        listed_proposals(user, round_),
        list_columns(sees_assignments=sees_assignments, hidden=hidden, can_select=can_select, exported=exported),
        filterset=ProposalFilter if sees_assignments else BlindProposalFilter,
        default_sort=DEFAULT_SORT,
        prepare=lambda rows: attach_rows(
            rows, user=user, round_=round_, today=today, with_assignments=sees_assignments, hidden=hidden
        ),
    )
    if listing.export_format:
        name = f"proposals-{round_.reference}"
        return export_response(request, listing, name=name, subject=round_, may_export=can_export, round_id=round_.pk)
    queue = urlencode({"list": shown_query(request)})
    context = {
        "round": round_,
        "listing": listing,
        "rows": _table(listing, queue, can_select=can_select, sees_assignments=sees_assignments),
        "sees_assignments": sees_assignments,
        "can_assign": can_assign,
        "can_import": rules.can_import_proposals(user, round_),
        "can_export": can_export,
        "shown_query": shown_query(request),
    }
    return render(request, "checklist/proposal_list.html", context)


def _table(listing, queue, **choices):
    """The rows as HTML: all that is the same in each was made once."""
    frame = frame_of("checklist/_proposal_row.html", **choices)
    language = get_language()
    here = reverse("checklist:proposal-detail", args=[0])
    rows = []
    for place, proposal in enumerate(listing.rows, start=listing.first_index):
        link = here.replace("/0/", f"/{proposal.pk}/")
        reviews = proposal.reviews
        rows.append(
            frame.fill(
                {
                    "pk": proposal.pk,
                    "reference": proposal.reference,
                    "title": proposal.title,
                    "link": f"{link}?{queue}&at={place}",
                    "below": " · ".join(filter(None, [str(proposal.applicant or ""), proposal.shown_countries])),
                    "amount": _with_currency(proposal),
                    "status": proposal.status_word,
                    "counted": reviews.counted if reviews else "",
                    "others": reviews.others if reviews else "",
                    "sparks": _sparks(proposal.pictures, language) + _flags(proposal.flags) or "–",
                    "waiting": _tag(*reviews.waiting) if reviews else "",
                }
            )
        )
    return mark_safe("".join(rows))  # noqa: S308 - from a template, with escaped values


def _with_currency(proposal):
    return f"{proposal.currency} {shown_amount(proposal.amount)}" if proposal.amount is not None else "–"


@lru_cache(maxsize=4096)
def _sparks(pictures, language):
    return format_html_join("", "{}", ((spark_in(language, states),) for states in pictures))


def _flags(flags):
    return format_html(" {}", _tag(*flags.tag)) if flags.tag else SafeString("")


_tag = lru_cache(maxsize=256)(state_tag)


@login_required
def proposal_detail(request, pk):
    proposal = load_proposal(request, pk)
    context = proposal_frame(request, proposal, "detail")
    context |= {
        "participations": list(proposal.participations.select_related("organisation").order_by("pk")),
        "places": _places(proposal),
        "tag_groups": _tag_groups(proposal),
        "amount": shown_amount(proposal.amount),
        "language": _language_name(proposal.language),
        "documents": list(Document.objects.kept().filter(proposal=proposal).order_by("kind", "added_at", "pk")),
        "failed_conditions": reasons_of(proposal) if proposal.status == ProposalStatus.INELIGIBLE else (),
    }
    return render(request, "checklist/proposal_detail.html", context)


@login_required
def proposal_assessments(request, pk):
    """Who was asked, where each stands, and what was handed in, as far as this person may see it."""
    proposal = load_proposal(request, pk)
    user = request.user
    context = proposal_frame(request, proposal, "assessments")
    visible = Assessment.objects.visible_to(user).individual().filter(proposal=proposal).select_related("reviewer")
    context["submitted"] = list(visible.submitted().order_by("submitted_at", "pk"))
    names = names_for(proposal, user)
    pictures, context["harm"] = scores_of_proposal(proposal, user, names)
    for assessment in context["submitted"]:
        assessment.pictures = pictures.get(assessment.pk, ())
        assessment.shown_name = names(assessment.reviewer)
    if context["sees_assignments"]:
        context["can_remind"] = can_send_messages(user, proposal.round)
        context["assignments"] = _assignments(proposal, {each.pk: each for each in context["submitted"]})
    return render(request, "checklist/proposal_assessments.html", context)


@login_required
def proposal_history(request, pk):
    proposal = load_proposal(request, pk, needs=rules.can_see_history)
    context = proposal_frame(request, proposal, "history")
    form = HistoryFilterForm(request.GET or None)
    narrow = form.filter if form.is_valid() else None
    context |= {"page": history_page(proposal.thread, request.user, request.GET.get("page"), narrow), "filter": form}
    return render(request, "checklist/proposal_history.html", context)


def proposal_frame(request, proposal, tab):
    """What the pages of one proposal share: rights, tabs, and the way through the list she came from."""
    user = request.user
    own = _own_assignment(user, proposal)
    still_owes = _still_owes(own)
    has_assessed = own is not None and own.found is not None and own.found.is_submitted
    has_handed_in = own is not None and own.found is not None and own.found.submission_number > 0
    return {
        "proposal": proposal,
        "status_word": status_word(proposal, is_hidden=still_owes),
        "round": proposal.round,
        "tab": tab,
        "can_change": rules.can_change_proposal(user, proposal),
        "can_add_document": rules.can_add_document(user, proposal),
        "can_assign": rules.can_assign_reviewers(user, proposal.round),
        "can_see_history": rules.can_see_history(user, proposal),
        "sees_list": rules.can_see_proposals(user, proposal.round),
        "sees_assignments": rules.can_see_assignments(user, proposal.round),
        "own_assignment": own,
        "still_owes": still_owes,
        # As `checklist.rules.can_see_panel`, from what is loaded already.
        "can_see_panel": not proposal.is_practice
        and not still_owes
        and (has_assessed or rules.may(user, proposal.round, "see_panel")),
        # As `checklist.rules.can_read_answers`.
        "can_read_answers": not proposal.is_practice
        and ((not still_owes and rules.may(user, proposal.round, "see_questions")) or has_handed_in),
        # As `checklist.rules.can_see_decision`.
        "can_see_decision": not proposal.is_practice
        and not still_owes
        and rules.may(user, proposal.round, "see_decisions"),
        # As `checklist.rules.can_prepare_proposal`.
        "can_prepare": not still_owes and rules.may(user, proposal.round, "prepare_practice"),
        "may_practise": UNJUDGED,
        # As `checklist.reporting.proposal.may_read`.
        "can_take_reports": not proposal.is_practice and not still_owes and rules.can_export(user, proposal.round),
        "proposal_pk": str(proposal.pk),
        "queue": _queue(request, proposal),
    }


def _queue(request, proposal):
    """The neighbours in the list she came from (`?list=<its filter>&at=<place>`), or None."""
    round_ = proposal.round
    at = row_id(request.GET.get("at", ""))
    if at is None or not rules.can_see_proposals(request.user, round_):
        return None
    asked = QueryDict(request.GET.get("list", ""))
    sees_assignments = rules.can_see_assignments(request.user, round_)
    filterset = ProposalFilter if sees_assignments else BlindProposalFilter
    proposals = Proposal.objects.listed_to(request.user, round_).counted()
    filtered = filterset(asked, queryset=proposals, request=request).qs
    columns = list_columns(sees_assignments=sees_assignments, hidden=hidden_in_round(request.user, round_))
    ordered, _order = ordered_as_asked(filtered, columns, asked, DEFAULT_SORT)
    beside = neighbours(ordered, at, proposal.pk)
    if beside is None:
        return None
    query = request.GET.get("list", "")
    return {
        "place": beside.index + 1,
        "list_query": query,
        "previous": beside.previous,
        "previous_query": urlencode({"list": query, "at": beside.index - 1}),
        "next": beside.next,
        "next_query": urlencode({"list": query, "at": beside.index + 1}),
        "query": urlencode({"list": query, "at": beside.index}),
    }


def _tag_groups(proposal):
    """(what the words are about, the words) for each vocabulary that says something."""
    found = {}
    for tag in proposal.tags.order_by("vocabulary", "pk"):
        label = dict(TAG_CHOICES[tag.vocabulary].choices).get(tag.code, tag.code)
        found.setdefault(tag.vocabulary, []).append(str(label))
    # Said in plainer words than the vocabulary has for itself.
    labels = {TagVocabulary.FOUR_P: gettext("Area of work")}
    return [(labels.get(key, TagVocabulary(key).label), ", ".join(words)) for key, words in found.items()]


def _places(proposal):
    """The places of the proposal, each with the name of its country."""
    places = list(proposal.places.order_by("pk"))
    for place in places:
        place.country_name = country_name(place.country, get_language()) if place.country else ""
    return places


def _language_name(code):
    """The name of a language in the reader's own; the code itself where it is not known."""
    known = LANG_INFO.get(code, {}).get("name")
    return gettext(known) if known else code


def shown_amount(amount):
    """An amount with its thousands apart, without cents where there are none."""
    if amount is None:
        return ""
    return number_format(amount, 0 if amount == int(amount) else 2, force_grouping=True)


def _own_assignment(user, proposal):
    """Her own assignment with its assessment as `found`, or None."""
    assignment = Assignment.objects.filter(proposal=proposal, reviewer=user).select_related("assessment").first()
    if assignment is not None:
        assignment.found = getattr(assignment, "assessment", None)
    return assignment


def _still_owes(assignment):
    """Whether she is asked for her own judgement and has not handed it in."""
    if assignment is None or assignment.state not in ("assigned", "declared"):
        return False
    return assignment.found is None or not assignment.found.is_submitted


def _assignments(proposal, visible):
    """Every assignment of the proposal with the progress of drafts; never what a draft says."""
    rows = list(Assignment.objects.filter(proposal=proposal).with_progress().select_related("reviewer").order_by("pk"))
    drafts = []
    for row in rows:
        assessment = getattr(row, "assessment", None)
        if assessment is not None and not assessment.is_submitted:
            assessment.proposal = proposal
            drafts.append(assessment)
    progress = progress_of(drafts)
    mark_stands(rows, timezone.localdate())
    for row in rows:
        assessment = getattr(row, "assessment", None)
        row.found = assessment
        row.progress = progress.get(assessment.pk) if assessment else None
        row.result = visible.get(assessment.pk) if assessment else None
    return rows
