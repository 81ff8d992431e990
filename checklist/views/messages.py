"""Messages to many of a round: what was sent, writing one, and who gets what before it is sent."""

from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from checklist.actions.messages import CannotSendMessage, send_message
from checklist.enums import Audience
from checklist.forms.notices import MessageForm
from checklist.rules import can_send_messages
from checklist.selectors.messages import messages_of, overdue_people, people_of, recipients_of, roles_of
from proposals.views.loading import load_round
from screening.row_ids import row_ids

PAGE_SIZE = 25


@login_required
@require_safe
def message_list(request, reference):
    round_ = load_round(request, reference, needs=can_send_messages)
    page = Paginator(messages_of(round_), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "checklist/message_list.html", {"round": round_, "page": page})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def message_write(request, reference):
    """The words and to whom; then the preview, from which one can come back to change them."""
    round_ = load_round(request, reference, needs=can_send_messages)
    people = people_of(round_, but=request.user)
    form = MessageForm(request.POST or None, people=people, initial=_reminder(request, round_, people))
    if request.method == "POST" and "change" not in request.POST and form.is_valid():
        return _preview(request, round_, form)
    return _form(request, round_, form)


@login_required
@require_POST
def message_send(request, reference):
    """Send what the preview showed to the people whom it showed."""
    round_ = load_round(request, reference, needs=can_send_messages)
    form = MessageForm(request.POST, people=people_of(round_, but=request.user))
    if not form.is_valid():
        return _form(request, round_, form)
    shown = list(people_of(round_, but=request.user).filter(pk__in=row_ids(request.POST.getlist("recipients"))))
    try:
        message = send_message(
            round_=round_,
            recipients=shown,
            subject=form.cleaned_data["subject"],
            text=form.cleaned_data["text"],
            token=request.POST.get("token", ""),
            by=request.user,
        )
    except CannotSendMessage as refusal:
        form.add_error(None, str(refusal))
        return _form(request, round_, form)
    number = message.recipients.count()
    said = ngettext("The message is sent to %(n)s person.", "The message is sent to %(n)s people.", number)
    messages.success(request, said % {"n": number})
    return redirect("checklist:message-list", round_.reference)


def _reminder(request, round_, people):
    """What a reminder begins with: `remind` is "overdue" for all who are late, else the ids of people."""
    wanted = request.GET.getlist("remind")
    if not wanted:
        return {}
    late = overdue_people(round_, by=request.user, today=timezone.localdate())
    return {
        "audience": Audience.NAMED,
        "people": list(people.filter(pk__in=late if wanted == ["overdue"] else row_ids(wanted))),
        "subject": _("A reminder: your assessment is overdue"),
        "text": _(
            "An assessment that you were asked for is overdue. Please hand it in, or tell me by when you can. "
            "You find it under “My reviews”."
        ),
    }


def _form(request, round_, form):
    return render(request, "checklist/message_form.html", {"round": round_, "form": form})


def _preview(request, round_, form):
    given = form.cleaned_data
    found = recipients_of(round_, given["audience"], given["people"], by=request.user)
    roles = roles_of(round_, found.people)
    rows = [(person, roles.get(person.pk, ""), person.pk in found.by_mail) for person in found.people]
    context = {
        "round": round_,
        "rows": rows,
        "left_out": found.left_out,
        "given": given,
        "token": uuid4().hex,
    }
    return render(request, "checklist/message_preview.html", context)
