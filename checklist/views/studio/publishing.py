"""From a draft to a published version: comparing, deciding what may be compared, publishing."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from checklist import rules
from checklist.actions.publishing import (
    CannotDecideMatch,
    CannotPublishVersion,
    MatchDecision,
    decide_matches,
    publish_draft,
)
from checklist.checking import check, stands_in_the_way
from checklist.comparing import STILL_ALIKE
from checklist.enums import Comparability, VersionState
from checklist.forms.publishing import PublishForm
from checklist.languages import language_name
from checklist.selectors.comparisons import compare_versions, decisions, earlier_of, others_to_compare
from checklist.selectors.studio import file_of

from .compare_words import row_line, text_lines
from .frame import version_tabs
from .loading import load_draft, load_version


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def version_compare(request, slug, number):
    """Two versions word by word; of a draft and the one before it, what became of each criterion is decided."""
    version = load_version(request, slug, number)
    is_draft = version.state == VersionState.DRAFT
    may_decide = is_draft and rules.can_edit_instruments(request.user)
    if request.method == "POST":
        return _decide(request, version, may_decide)
    # Taken before the rest is read: what somebody writes meanwhile was not seen.
    seen = file_of(version).content_hash if may_decide else ""
    others = others_to_compare(version)
    first = earlier_of(version)
    earlier = _asked_for(request, others) or first or next(iter(others), None)
    said = decisions(version) if is_draft and earlier and first and earlier.pk == first.pk else None
    context = {
        "version": version,
        "tabs": version_tabs(request.user, version, "version-compare"),
        "earlier": earlier,
        "others": others,
        "is_decided_here": said is not None,
        "may_decide": may_decide and said is not None,
        "first": first,
        "still_alike": round(STILL_ALIKE * 100),
        "seen": seen,
    }
    if said is not None:
        context |= _decision_context(said)
    elif earlier is not None:
        comparison = compare_versions(earlier, version)
        context |= {
            "comparison": comparison,
            "texts": text_lines(comparison.texts),
            "lines": [row_line(row) for row in comparison.rows],
        }
    return render(request, "checklist/studio/compare.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def version_publish(request, slug, number):
    """What still stands in the way, what will be frozen, and the note that says what changed."""
    version = load_draft(request, slug, number)
    content = file_of(version)
    form = PublishForm(request.POST or None, initial={"change_note": version.change_note, "seen": content.content_hash})
    if request.method == "POST" and form.is_valid():
        try:
            published = publish_draft(version=version, by=request.user, **form.cleaned_data)
        except CannotPublishVersion as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request,
                _("Published: %(version)s. New rounds can use it; it never changes again.") % {"version": published},
            )
            return redirect(published)
    findings = check(content)
    said = decisions(version)
    wrong = len(stands_in_the_way(findings))
    languages = [content.language, *sorted({each.language for each in content.translations})]
    context = {
        "version": version,
        "tabs": version_tabs(request.user, version, "version-publish"),
        "form": form,
        "wrong_count": wrong,
        "doubtful_count": len(findings) - wrong,
        "said": said,
        "is_ready": not wrong and (said is None or not said.open_count),
        "content": content,
        "sub_count": sum(len(criterion.subs) for criterion in content.criteria),
        "languages": [language_name(code) for code in languages],
    }
    return render(request, "checklist/studio/publish.html", context)


def _asked_for(request, others):
    """The version named by ?with=, when it is one of those offered; 404 for any other."""
    asked = request.GET.get("with", "")
    if not asked:
        return None
    for other in others:
        if str(other.pk) == asked:
            return other
    raise Http404


def _decision_context(said):
    dropped = said.dropped
    lines = [row_line(each.row, verdict=each.verdict, is_stale=each.is_stale, dropped=dropped) for each in said.rows]
    return {
        "comparison": said.comparison,
        "texts": text_lines(said.comparison.texts),
        "lines": lines,
        "open_count": said.open_count,
    }


def _decide(request, version, may_decide):
    if not may_decide:
        raise PermissionDenied
    try:
        decided, seen = list(_posted(request.POST)), request.POST.get("seen", "")
        decide_matches(version=version, decided=decided, by=request.user, seen=seen)
    except CannotDecideMatch as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The decisions are saved."))
    return redirect("checklist:version-compare", version.instrument.slug, version.number)


def _posted(data):
    """The decisions that a form holds: row-<key>, dropped-<key>, with the pair in hidden fields."""
    continued = {value.partition(":")[2] for value in data.values() if ":" in value}
    for field, value in data.items():
        verdict, _colon, continues = value.partition(":")
        if field.startswith("row-"):
            key = field.removeprefix("row-")
            yield MatchDecision(key, continues or data.get(f"earlier-{key}", ""), verdict)
        elif field.startswith("dropped-") and field.removeprefix("dropped-") not in continued:
            yield MatchDecision("", field.removeprefix("dropped-"), Comparability.DROPPED.value)
