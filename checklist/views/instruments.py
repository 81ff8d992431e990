"""Pages on which everybody can read what is judged, with its source."""

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _

from checklist import rules, scoring
from checklist.enums import CriticalCondition, CriticalRule, Polarity, VersionState
from checklist.languages import language_name
from checklist.models import InstrumentVersion
from checklist.selectors.instruments import sheet

from .studio.frame import version_tabs


@login_required
def instrument_list(request):
    versions = _readable(request.user).order_by("instrument__title", "-number").prefetch_related("round_pins")
    context = {"versions": versions, "can_edit": rules.can_edit_instruments(request.user)}
    return render(request, "checklist/instrument_list.html", context)


@login_required
def version_detail(request, slug, number):
    version = _readable(request.user).filter(instrument__slug=slug, number=number).first()
    if version is None:
        raise Http404
    languages = [version.language, *_languages(version)]
    chosen = request.GET.get("language", request.user.language)
    shown = sheet(version.pk, chosen if chosen in languages else version.language)
    context = {
        "version": version,
        "sheet": shown,
        "rows": [(criterion, _rules_in_words(criterion)) for criterion in shown.criteria],
        "languages": [(code, language_name(code)) for code in languages],
        "can_edit": rules.can_edit_instruments(request.user),
        "tabs": version_tabs(request.user, version, "version-detail"),
    }
    return render(request, "checklist/version_detail.html", context)


def _readable(user):
    """Published and retired versions for everybody; drafts for those who look after instruments."""
    versions = InstrumentVersion.objects.select_related("instrument")
    if rules.can_see_drafts(user):
        return versions
    return versions.exclude(state=VersionState.DRAFT)


def _languages(version):
    return list(version.translations.order_by("language").values_list("language", flat=True).distinct())


def _rules_in_words(criterion):
    """(term, sentence) for every rule of a criterion that changes how it is answered or counted."""
    spec = criterion.spec
    yield _("Answers"), _(spec.answer_kind.label)
    if spec.answer_kind.is_reversible:
        yield _("Counts as favourable"), Polarity(spec.polarity.value).label
    if spec.combining:
        yield _("From the parts"), _(scoring.COMBINING_RULES[spec.combining].sentence)
    yield _("Reason"), _(scoring.REASON_RULES[spec.reason_rule].sentence)
    if spec.critical.mode is not scoring.CriticalMode.NONE:
        rule = CriticalRule(spec.critical.mode.value).label
        condition = CriticalCondition(spec.critical.condition.value).label
        scope = ", ".join(f"{criterion.number}{key}" for key in spec.critical.scope)
        yield _("Critical by default"), f"{rule}. {condition}."
        if scope:
            yield _("The critical rule looks at"), scope
    if not spec.answer_kind.is_level:
        yield _("Weight"), f"{float(spec.weight):g}"
