"""The letter with questions to one applicant: written, looked at exactly as it goes out, sent."""

import datetime as dt

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from checklist import rules
from checklist.actions.questions import (
    CannotAsk,
    LetterGiven,
    NotLookedAt,
    check_letter,
    letter_of,
    send_questions,
    sensitive_words,
)
from checklist.actions.responses import clean_text
from checklist.enums import LetterChannel
from checklist.forms.questions import LetterForm
from checklist.history_words import SENSITIVE_KINDS
from checklist.selectors.questions import asking_refusal, content_of, drafts_of, last_recipient, letter_wording
from proposals.views.loading import load_proposal
from screening.row_ids import row_id

DAYS_TO_ANSWER = 14


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def question_letter(request, pk):
    """First the form; then what goes out word for word, with the button that sends it."""
    proposal = load_proposal(request, pk, needs=rules.can_ask_applicant)
    drafts = drafts_of(proposal)
    refusal = asking_refusal(proposal)
    if refusal or not drafts:
        messages.error(request, refusal or _("There is no question to send yet. Take one up, or write one."))
        return redirect("checklist:proposal-questions", proposal.pk)
    form, step = _form(request, proposal), request.POST.get("do", "")
    if step in ("look", "send") and form.is_valid():
        try:
            if step == "send":
                letter = send_questions(proposal=proposal, given=_given(request, form, drafts), by=request.user)
                messages.success(request, _sent(letter))
                return redirect("checklist:proposal-questions", proposal.pk)
            return _preview(request, proposal, form, drafts)
        except NotLookedAt as refused:
            messages.error(request, str(refused))
            return _preview(request, proposal, form, drafts)
        except CannotAsk as refused:
            form.refuse_letter(refused)
    context = {"proposal": proposal, "round": proposal.round, "form": form, "drafts": drafts}
    return render(request, "checklist/question_letter.html", context)


def _form(request, proposal):
    if request.method == "POST":
        return LetterForm(request.POST)
    subject, body = letter_wording(proposal)
    initial = {
        "channel": LetterChannel.EMAIL,
        "recipient": last_recipient(proposal),
        "reply_by": timezone.localdate() + dt.timedelta(days=DAYS_TO_ANSWER),
        "subject": subject,
        "body": body,
    }
    return LetterForm(initial=initial)


def _preview(request, proposal, form, drafts):
    given = _given(request, form, drafts)
    letter, texts = letter_of(proposal, given), [each.text for each in drafts]
    check_letter(letter, texts, request.user)
    context = {
        "proposal": proposal,
        "round": proposal.round,
        "form": form,
        "letter": letter,
        "content": content_of(letter, texts, contact=request.user, dated_on=timezone.localdate()),
        "seen": ",".join(f"{pk}:{revision}" for pk, revision in given.drafts),
        "raw": sum(each.is_raw for each in drafts),
        "findings": [
            (SENSITIVE_KINDS[each.kind], each, each.text in given.let_stand) for each in sensitive_words(letter, texts)
        ],
    }
    return render(request, "checklist/question_letter_look.html", context)


def _given(request, form, drafts):
    """The letter as it was written, with the questions as she saw them in it."""
    seen = [(each.pk, each.revision) for each in drafts]
    if request.POST.get("do") == "send":
        pairs = (pair.partition(":") for pair in request.POST.get("seen", "").split(","))
        seen = [(row_id(pk), row_id(revision)) for pk, _colon, revision in pairs]
    # A browser sends every line end as two characters.
    stands = tuple(clean_text(words) for words in request.POST.getlist("stands"))
    return LetterGiven(drafts=tuple(seen), let_stand=stands, **form.cleaned_data)


def _sent(letter):
    if letter.channel == LetterChannel.EMAIL:
        return _("The e-mail to %(recipient)s is on its way.") % {"recipient": letter.recipient}
    return _("The letter is recorded. Print it and post it.")
