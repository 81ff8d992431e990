"""The questions on one proposal: what nobody took up, what is to be sent, what came back, and who looked again."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from checklist import rules
from checklist.actions import answers, questions
from checklist.enums import QuestionState
from checklist.forms.questions import AnswerForm, CorrectionForm, NewQuestionForm, QuestionForm
from checklist.models import ApplicantQuestion, Criterion, QuestionLetter
from checklist.report_rules import can_take_reports_on
from checklist.selectors.asking import candidates_of
from checklist.selectors.naming import names_for
from checklist.selectors.panels import individual_assessments
from checklist.selectors.questions import (
    asking_refusal,
    content_of,
    in_state,
    inviting_refusal,
    letters_of,
    looked_again,
    questions_of,
    to_invite,
)
from proposals.views.loading import load_proposal
from screening.row_ids import row_id, row_ids

from .proposals import proposal_frame


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def proposal_questions(request, pk):
    """Reviewers read what was sent and answered; whoever sees questions by role reads all; the officer asks."""
    proposal = load_proposal(request, pk, needs=rules.can_read_answers)
    can_ask = rules.can_ask_applicant(request.user, proposal)
    refused = None
    if request.method == "POST":
        if not can_ask:
            raise PermissionDenied
        refused = _taken(request, proposal)
        if refused is None:
            return redirect("checklist:proposal-questions", proposal.pk)
    sees_all = rules.can_see_questions(request.user, proposal)
    found = questions_of(proposal)
    context = proposal_frame(request, proposal, "questions")
    context |= {
        "can_ask": can_ask,
        "sees_all": sees_all,
        "letters": _letters(proposal, found, can_ask, refused),
        "refused": refused,
    }
    if sees_all:
        context |= _all_of(request, proposal, found, can_ask, refused)
    return render(request, "checklist/proposal_questions.html", context)


def _letters(proposal, found, can_ask, refused):
    letters = letters_of(proposal, found)
    for letter in letters:
        letter.proposal = proposal
        sent_on = timezone.localtime(letter.sent_at).date()
        texts = [question.text for question in letter.asked]
        letter.content = content_of(letter, texts, contact=letter.sent_by, dated_on=sent_on)
        for question in letter.asked:
            question.form = _form_of(question, refused) if can_ask else None
    return letters


def _all_of(request, proposal, found, can_ask, refused):
    """What reviewers do not see: in whose words, what is not sent, and who looked again."""
    names = names_for(proposal, request.user)
    reviewers = {each.pk: names(each.reviewer) for each in individual_assessments(proposal)}
    drafts = in_state(found, QuestionState.DRAFT)
    for question in found:
        question.reviewers = [names(each.reviewer) for each in question.from_assessments]
    for question in drafts:
        question.form = _form_of(question, refused) if can_ask else None
        question.is_raw = bool(question.about) and not question.revision
    _put_orders(drafts)
    again = looked_again(proposal)
    asking, inviting = asking_refusal(proposal), inviting_refusal(proposal)
    return {
        "candidates": [_candidate(each, reviewers) for each in candidates_of(proposal, language=request.LANGUAGE_CODE)],
        "drafts": drafts,
        "dropped": in_state(found, QuestionState.DROPPED),
        "to_invite": [names(each.reviewer) for each, _pks in to_invite(proposal)],
        "again": [(names(each.assessment.reviewer), each) for each in again],
        "asking_refusal": asking,
        "inviting_refusal": inviting,
        "may_word": can_ask and not asking,
        "can_take_reports": can_take_reports_on(request.user, proposal),
        "new_form": _new_form(refused) if can_ask and not asking else None,
    }


def _candidate(candidate, reviewers):
    """(candidate, [(words, names)], number of reviewers)"""
    said = [(words, [reviewers[pk] for pk in words.assessments]) for words in candidate.words]
    return candidate, said, len(candidate.assessments)


def _put_orders(drafts):
    """The order that each arrow asks for, as ids; "" where it stands at the end already."""
    pks = [str(question.pk) for question in drafts]
    for place, question in enumerate(drafts):
        up, down = list(pks), list(pks)
        up[place - 1 : place + 1] = reversed(up[place - 1 : place + 1]) if place else []
        down[place : place + 2] = reversed(down[place : place + 2])
        question.up_order = ",".join(up) if place else ""
        question.down_order = ",".join(down) if place + 1 < len(pks) else ""


# -- Forms --------------------------------------------------------------------------------------


def _form_of(question, refused):
    """The form at a question, the one that was refused with what was typed; None where nothing is typed there."""
    if refused is not None and refused.question_pk == question.pk:
        return refused
    kinds = {
        QuestionState.DRAFT: (QuestionForm, {"text": question.text}),
        QuestionState.SENT: (AnswerForm, {"answered_on": timezone.localdate()}),
        QuestionState.ANSWERED: (CorrectionForm, {"answer": question.answer, "answered_on": question.answered_on}),
    }
    if question.state not in kinds:
        return None
    kind, initial = kinds[question.state]
    return kind(initial={**initial, "revision": question.revision}, auto_id=f"q{question.pk}-%s")


def _new_form(refused):
    return refused if refused is not None and refused.question_pk is None else NewQuestionForm(auto_id="new-%s")


# -- Steps --------------------------------------------------------------------------------------


def _taken(request, proposal):
    """None when the step was taken or refused with a message; else the form that was refused."""
    step = request.POST.get("step", "")
    if step in TYPED:
        return _typed(request, proposal, step)
    if step not in PRESSED:
        raise Http404
    try:
        messages.success(request, PRESSED[step](request, proposal))
    except (questions.CannotAsk, answers.CannotInvite) as refusal:
        messages.error(request, str(refusal))
    return None


def _typed(request, proposal, step):
    """The form that was refused, else None."""
    kind, act, said = TYPED[step]
    question = None if step == "add" else _question(request, proposal)
    form = kind(request.POST, auto_id=f"q{question.pk}-%s" if question else "new-%s")
    form.question_pk = question.pk if question else None
    if not form.is_valid():
        return form
    given = dict(form.cleaned_data)
    given["revision"] = given["revision"] or 0
    try:
        act(question or proposal, given, request.user)
    except questions.QuestionConflict as conflict:
        # What was typed stays; saving again goes on from what is stored now.
        form.data = form.data.copy()
        form.data["revision"] = conflict.question.revision
        form.add_error(None, str(conflict))
        return form
    except questions.CannotAsk as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return form
    messages.success(request, said())
    return None


def _question(request, proposal):
    return get_object_or_404(ApplicantQuestion, pk=row_id(request.POST.get("question", "")), proposal=proposal)


TYPED = {
    "add": (
        NewQuestionForm,
        lambda proposal, given, by: questions.add_question(proposal=proposal, text=given["text"], by=by),
        lambda: _("The question is added."),
    ),
    "edit": (
        QuestionForm,
        lambda question, given, by: questions.edit_question(question=question, by=by, **given),
        lambda: _("The wording is saved."),
    ),
    "answer": (
        AnswerForm,
        lambda question, given, by: answers.record_answer(
            question=question, answer=given["answer"], answered_on=given["answered_on"], by=by
        ),
        lambda: _("The answer is recorded."),
    ),
    "correct": (
        CorrectionForm,
        lambda question, given, by: answers.correct_answer(question=question, by=by, **given),
        lambda: _("The answer is corrected. What stood there stays in the history."),
    ),
}


def _take_up(request, proposal):
    criteria = list(Criterion.objects.filter(pk__in=row_ids(request.POST.getlist("criteria"))))
    made = questions.take_up(proposal=proposal, criteria=criteria, by=request.user)
    said = ngettext("%(n)s question is taken up.", "%(n)s questions are taken up.", len(made)) % {"n": len(made)}
    return _("%(said)s Word them for the applicant before they go out.") % {"said": said}


def _drop(request, proposal):
    questions.drop_question(question=_question(request, proposal), by=request.user)
    return _("The question is left out. It stands below and can come back.")


def _restore(request, proposal):
    questions.restore_question(question=_question(request, proposal), by=request.user)
    return _("The question is back.")


def _order(request, proposal):
    order = row_ids(request.POST.get("order", "").split(","))
    questions.order_questions(proposal=proposal, order=order, by=request.user)
    return _("The order is changed.")


def _mail_again(request, proposal):
    letter = get_object_or_404(QuestionLetter, pk=row_id(request.POST.get("letter", "")), proposal=proposal)
    questions.mail_again(letter=letter, by=request.user)
    return _("The e-mail is on its way again.")


def _invite(request, proposal):
    invited = answers.invite_reviewers(proposal=proposal, by=request.user)
    said = ngettext("%(n)s reviewer is invited", "%(n)s reviewers are invited", len(invited)) % {"n": len(invited)}
    return _("%(said)s to look again. What each had submitted is kept.") % {"said": said}


PRESSED = {
    "take_up": _take_up,
    "drop": _drop,
    "restore": _restore,
    "order": _order,
    "mail_again": _mail_again,
    "invite": _invite,
}
