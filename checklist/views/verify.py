"""Is this file one of ours, and does it still count?"""

import hashlib

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from checklist.forms.reports import VerifyForm
from checklist.models import IssuedReport
from checklist.selectors.issued import report_with_hash

CURRENT, SUPERSEDED, NOT_ISSUED, UNKNOWN = "current", "superseded", "not_issued", "unknown"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request):
    """Compare a file, or its fingerprint, with every report that left the house.

    Everybody who is signed in gets the answer and the number; what the report is about, and the file, only
    who may see it. The file that was sent is not kept.
    """
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = VerifyForm(*sent)
    context = {"form": form, "answer": ""}
    if form.is_valid():
        context |= _answer(form, request.user)
    return render(request, "checklist/verify.html", context)


def _answer(form, user):
    sha256 = form.cleaned_data["sha256"] or _fingerprint(form.cleaned_data["file"])
    report = report_with_hash(sha256)
    if report is None:
        return {"answer": UNKNOWN, "sha256": sha256}
    newer = getattr(report, "superseded_by", None)
    if not report.number:
        answer = NOT_ISSUED
    else:
        answer = SUPERSEDED if newer else CURRENT
    return {
        "answer": answer,
        "sha256": sha256,
        "report": report,
        "newer": newer,
        "newest": _last(newer),
        "may_see": IssuedReport.objects.visible_to(user).filter(pk=report.pk).exists(),
    }


def _last(report):
    """The end of the line of issues; each names one only, so there is one way."""
    while report is not None and getattr(report, "superseded_by", None):
        report = report.superseded_by
    return report


def _fingerprint(file):
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    return digest.hexdigest()
