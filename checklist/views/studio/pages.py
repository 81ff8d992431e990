"""What the pages of a draft share: where they are, the undo button, the time of the last save, the preview."""

from dataclasses import replace

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from checklist import paths, scoring
from checklist.enums import EditKind
from checklist.models import Assessment
from checklist.selectors.drafts import Draft
from checklist.selectors.instruments import sheet
from checklist.selectors.results import AssessmentContent, InstrumentAnswers

from .frame import version_tabs
from .trying import TrialView


def page_url(version, at=""):
    """The page of a draft: "" the overview, "criteria/5" an item, "translations/fr" a language."""
    args = [version.instrument.slug, version.number]
    kind, _slash, key = at.partition("/")
    if "/" in key:
        key = ""
    if kind == "criteria" and key:
        return reverse("checklist:draft-criterion", args=[*args, key])
    if kind == "translations" and key:
        return reverse("checklist:draft-language", args=[*args, key])
    return reverse("checklist:draft-edit", args=args)


def frame(request, version, current, at=""):
    """The context that every page of a draft needs. `at` is the page's own place, as in `page_url`."""
    return {
        "version": version,
        "at": at,
        "tabs": version_tabs(request.user, version, current),
        "save_url": reverse("checklist:draft-save", args=[version.instrument.slug, version.number]),
        "undo": undo_html(version, request.user),
        "numbers": numbers_of(version),
    }


def numbers_of(version):
    """{key: number} of the criteria in their order, for saying where something is."""
    return dict(version.criteria.order_by("position", "pk").values_list("key", "number"))


def step_words(step, numbers):
    """What a step did, in a few words: "wording of item 5", "added item 12"."""
    if step.kind == EditKind.TEXT and step.path == "criteria":
        return _("numbers of the items")
    place = paths.label(step.path, numbers)
    if step.kind == EditKind.ADD:
        return _("adding %(place)s") % {"place": place}
    if step.kind == EditKind.REMOVE:
        return _("removing %(place)s") % {"place": place}
    return place


def undo_html(version, user):
    """The button that takes back the last step, and says which; nothing when there is none."""
    step = version.edits.filter(undone_at=None).select_related("by").order_by("-number").first()
    if step is None:
        return SafeString("")
    words = _("Undo: %(what)s") % {"what": step_words(step, numbers_of(version))}
    if step.by_id != user.pk:
        words = _("%(undo)s (by %(name)s)") % {"undo": words, "name": step.by or _("somebody")}
    return format_html(
        '<button class="btn btn-small" form="draft-form" name="do" value="undo:{}">{}</button>', step.number, words
    )


def saved_html():
    """ "Saved 12:04" """
    at = timezone.localtime()
    clock = format_html('<time datetime="{}" data-clock>{}</time>', at.isoformat(), time_format(at, "H:i"))
    return format_html(_("Saved {}"), clock)


def preview_html(version, key):
    """One criterion as its reviewers will see it, with nothing filled in; "" when it is gone."""
    whole = sheet(version.pk, version.language)
    criterion = next((each for each in whole.criteria if each.key == key), None)
    if criterion is None:
        return SafeString("")
    alone = replace(whole, criteria=(criterion,), spec=replace(whole.spec, items=(criterion.spec,)))
    context = scoring.RoundContext()
    answers = InstrumentAnswers(alone, alone.spec, {}, context, scoring.FormLength.SHORT)
    content = AssessmentContent(Assessment(language=version.language), (answers,))
    trial = TrialView(Draft(content, (), (), {}))
    return trial.criterion_html(trial.views[criterion.pk])
