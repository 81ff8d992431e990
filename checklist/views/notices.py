"""What I was told, and what of it comes by e-mail."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from checklist import notice_words
from checklist.actions.notices import change_settings, mark_all_read, mark_read
from checklist.forms.notices import NoticeSettingsForm
from checklist.selectors.notices import kinds_by_mail, notices_of
from screening.row_ids import row_id

PAGE_SIZE = 25


@login_required
@require_safe
def notice_list(request):
    page = Paginator(notices_of(request.user), PAGE_SIZE).get_page(request.GET.get("page"))
    for notice in page.object_list:
        notice.sentence, notice.text = notice_words.sentence(notice), notice_words.text(notice)
    context = {
        "page": page,
        "new": request.user.unread_notices,
        "newest": max((notice.pk for notice in page.object_list), default=0),
    }
    return render(request, "checklist/notice_list.html", context)


@login_required
@require_safe
def notice_open(request, pk):
    """Put the notice away as read and go on to the page it is about; links in e-mails lead here too."""
    notice = get_object_or_404(notices_of(request.user), pk=pk)
    mark_read(notice=notice, by=request.user)
    return redirect(notice_words.place(notice))


@login_required
@require_POST
def notices_read(request):
    """Put everything away as read that was there when the page was made."""
    number = mark_all_read(by=request.user, until=row_id(request.POST.get("until", "")) or 0)
    said = ngettext("%(n)s notice is marked as read.", "%(n)s notices are marked as read.", number)
    messages.success(request, said % {"n": number})
    return redirect("checklist:notice-list")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def notice_settings(request):
    # A form without a tick sends nothing but its token.
    given = request.POST if request.method == "POST" else None
    form = NoticeSettingsForm(given, initial={"by_mail": sorted(kinds_by_mail(request.user))})
    if given is not None and form.is_valid():
        change_settings(by_mail=form.cleaned_data["by_mail"], by=request.user)
        messages.success(request, _("Saved. It holds from the next e-mail on."))
        return redirect("checklist:notice-settings")
    return render(request, "checklist/notice_settings.html", {"form": form})
