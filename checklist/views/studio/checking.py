"""What is wrong or doubtful in a version, each with a link to its place."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.views.decorators.http import require_safe

from checklist import rules
from checklist.checking import check
from checklist.enums import VersionState
from checklist.selectors.studio import file_of

from .finding_words import finding_lines, wanted_languages
from .frame import version_tabs
from .loading import load_version


@login_required
@require_safe
def version_check(request, slug, number):
    version = load_version(request, slug, number)
    if not rules.can_see_drafts(request.user):
        raise PermissionDenied
    content = file_of(version)
    is_draft = version.state == VersionState.DRAFT
    may_edit = is_draft and rules.can_edit_instruments(request.user)
    lines = finding_lines(check(content, wanted_languages(content)), version, content, may_edit=may_edit)
    context = {
        "version": version,
        "is_draft": is_draft,
        "may_edit": may_edit,
        "tabs": version_tabs(request.user, version, "version-check"),
        "wrong": [line for line in lines if line.is_wrong],
        "doubtful": [line for line in lines if not line.is_wrong],
        "criteria_count": len(content.criteria),
    }
    return render(request, "checklist/studio/check.html", context)
