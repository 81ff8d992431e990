"""How the pages of an assessment are entered: who asks, signed in or not, and what was typed before."""

from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, JsonResponse, QueryDict
from django.shortcuts import resolve_url
from django.urls import reverse

from checklist import rules
from checklist.enums import AssessmentKind, AssignmentState
from checklist.selectors.assessments import assessment_with_round

# What somebody posted after her session or the review had ended, kept until she is back: [assessment id, data].
UNSAVED = "unsaved_assessment"
LARGEST_KEPT = 400_000


def wants_json(request):
    return request.headers.get("Accept", "").startswith("application/json")


def keeps_what_was_typed(view):
    """Like login_required, but an answer posted after the session ended is not lost.

    A script is told where to sign in. A plain form is kept in the anonymous session and shown as
    not saved yet when she is back.
    """

    @wraps(view)
    def entered(request, pk, *args, **kwargs):
        if request.user.is_authenticated:
            return view(request, pk, *args, **kwargs)
        if wants_json(request):
            return JsonResponse({"login_url": resolve_url("account_login")}, status=401)
        keep_unsaved(request, pk)
        return redirect_to_login(reverse("checklist:assessment-edit", args=[pk]))

    return entered


def load_own_assessment(request, pk):
    """The person's own assessment with its round, which is remembered as `request.round`.

    Others' are forbidden where she may read them, and unknown where she may not. A conflict of
    interest closes her own as well.
    """
    assessment = assessment_with_round(pk)
    if assessment is not None and assessment.kind == AssessmentKind.REFERENCE:
        return _load_reference(request, assessment)
    if assessment is None or not rules.is_own_assessment(request.user, assessment):
        forget_unsaved(request, pk)
        if assessment is not None and rules.can_read_assessment(request.user, assessment):
            raise PermissionDenied
        raise Http404
    if assessment.assignment is None or assessment.assignment.state == AssignmentState.CONFLICTED:
        forget_unsaved(request, pk)
        raise Http404
    request.round = assessment.proposal.round
    return assessment


def _load_reference(request, reference):
    """A reference for practice, which is everybody's who prepares practice."""
    if not rules.can_read_assessment(request.user, reference):
        raise Http404
    if not rules.can_write_reference(request.user, reference.proposal):
        raise PermissionDenied
    request.round = reference.proposal.round
    return reference


def keep_unsaved(request, pk):
    """Keep what was posted and could not be saved, until the form can show it again; whether that was done."""
    posted = request.POST.urlencode()
    is_kept = 0 < len(posted) <= LARGEST_KEPT
    if is_kept:
        request.session[UNSAVED] = [pk, posted]
    return is_kept


def unsaved_data(request, pk):
    """What she had typed when her session or the review ended, as a QueryDict; empty when there is nothing."""
    kept = request.session.get(UNSAVED)
    return QueryDict(kept[1]) if kept and kept[0] == pk else QueryDict()


def forget_unsaved(request, pk):
    """Drop what was kept for this assessment: it is saved, or it was never hers."""
    kept = request.session.get(UNSAVED)
    if kept and kept[0] == pk:
        del request.session[UNSAVED]
