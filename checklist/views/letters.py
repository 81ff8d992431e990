"""The wording of letters of a round, and of the feedback to one applicant."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from checklist import letters, report_rules
from checklist.actions.feedback import drop_feedback_text, set_feedback_text
from checklist.actions.letterheads import drop_letter_text, set_letter_text
from checklist.forms.reports import FeedbackForm, LetterTextForm
from checklist.reporting.feedback import points
from checklist.reporting.sample import sample_letter
from checklist.selectors.letter_texts import own_wordings, wording_of
from checklist.selectors.letterheads import letterhead_row, look_of
from checklist.selectors.outside import STRONG, WEAK, consensus_reasons, feedback_text, findings_for_outside
from proposals.views.loading import load_proposal, load_round

from .letterhead import preview_of

NAMES = {
    "questions": gettext_lazy("Questions to the applicant"),
    "feedback": gettext_lazy("Feedback to the applicant"),
    "decision/fund": gettext_lazy("Decision: fund"),
    "decision/fund_with_conditions": gettext_lazy("Decision: fund with conditions"),
    "decision/reserve": gettext_lazy("Decision: reserve list"),
    "decision/decline": gettext_lazy("Decision: decline"),
}
PLACE_WORDS = {
    "applicant": gettext_lazy("name of the applicant"),
    "title": gettext_lazy("title of the proposal"),
    "reference": gettext_lazy("reference of the proposal"),
    "round": gettext_lazy("title of the round"),
    "donor": gettext_lazy("name of the donor"),
    "questions": gettext_lazy("the numbered questions"),
    "reply_by": gettext_lazy("day until which an answer is asked for"),
    "amount": gettext_lazy("amount granted"),
    "conditions": gettext_lazy("conditions of the decision"),
    "reasons": gettext_lazy("reasons of the decision"),
    "reserve_place": gettext_lazy("place on the reserve list"),
    "decided_on": gettext_lazy("day of the decision"),
}


@login_required
@require_safe
def letter_list(request, reference):
    """Every kind of letter in every language, and which of them the round words itself."""
    round_ = load_round(request, reference, needs=report_rules.can_issue_in_round)
    own = own_wordings(round_)
    rows = [
        (
            NAMES[kind],
            [(code, name, letter_url(round_, kind, code), (kind, code) in own) for code, name in settings.LANGUAGES],
        )
        for kind in letters.KINDS
    ]
    return render(request, "checklist/letter_list.html", {"round": round_, "rows": rows})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def letter_text(request, reference, kind, language):
    """The wording of one kind of letter in one language."""
    round_ = load_round(request, reference, needs=report_rules.can_issue_in_round)
    kind = kind.replace("-", "/")
    if kind not in letters.KINDS or language not in dict(settings.LANGUAGES):
        raise Http404
    if request.method == "POST" and request.POST.get("do") == "drop":
        drop_letter_text(round_=round_, kind=kind, language=language, by=request.user)
        messages.success(request, _("The letter has our wording again."))
        return redirect("checklist:letter-list", reference)
    subject, body = wording_of(round_, kind, language)
    data = request.POST if request.method == "POST" else None
    form = LetterTextForm(data, kind=kind, initial={"subject": subject, "body": body})
    form.form_tag, form.submit_label = False, ""
    only_looks = request.POST.get("do") == "look"
    if form.is_valid() and only_looks:
        subject, body = form.cleaned_data["subject"], form.cleaned_data["body"]
    elif form.is_valid():
        set_letter_text(round_=round_, kind=kind, language=language, by=request.user, **form.cleaned_data)
        messages.success(request, _("The wording is saved. Letters that were issued stay as they are."))
        return redirect("checklist:letter-list", reference)
    places = letters.PLACES[kind]
    context = {
        "round": round_,
        "form": form,
        "sample": sample_letter(round_, kind, language, subject, body),
        "language": language,
        "look": look_of(round_),
        **preview_of(letterhead_row(round_)),
        "is_unsaved": only_looks and form.is_valid(),
        "name": NAMES[kind],
        "language_name": dict(settings.LANGUAGES)[language],
        "is_own": (kind, language) in own_wordings(round_),
        "places": [(f"{{{each}}}", PLACE_WORDS[each], each in places.needed) for each in places.known],
    }
    return render(request, "checklist/letter_text.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def feedback_words(request, pk):
    """What one applicant is told: proposed from the findings, worded by the officer."""
    proposal = load_proposal(request, pk, needs=report_rules.can_issue_on)
    language = request.GET.get("lang", request.LANGUAGE_CODE)
    if language not in dict(settings.LANGUAGES):
        raise Http404
    own = feedback_text(proposal, language)
    back = f"{reverse('checklist:report', args=['feedback', pk])}?lang={language}"
    if request.method == "POST" and request.POST.get("do") == "drop":
        drop_feedback_text(proposal=proposal, language=language, by=request.user)
        messages.success(request, _("The feedback holds the criteria and findings alone again."))
        return redirect(back)
    form = FeedbackForm(request.POST if request.method == "POST" else None, initial=_proposed(proposal, language, own))
    form.cancel_url = back
    if form.is_valid():
        set_feedback_text(proposal=proposal, language=language, by=request.user, **form.cleaned_data)
        messages.success(request, _("The feedback now says this. Read the PDF before you issue it."))
        return redirect(back)
    context = {"proposal": proposal, "form": form, "own": own, "language": language, "languages": settings.LANGUAGES}
    return render(request, "checklist/feedback_words.html", context | {"back_url": back})


def letter_url(round_, kind, language):
    return reverse("checklist:letter-text", args=[round_.reference, kind.replace("/", "-"), language])


def _proposed(proposal, language, own):
    """What stands in the form at first: the officer's own words, else one line per finding."""
    if own:
        return {"strengths": own.strengths, "weaknesses": own.weaknesses, "advice": own.advice}
    parts, _judged_at = findings_for_outside(proposal, language)
    reasons = consensus_reasons(proposal)
    return {
        "strengths": "\n".join(points(parts, STRONG, reasons)),
        "weaknesses": "\n".join(points(parts, WEAK, reasons)),
    }
