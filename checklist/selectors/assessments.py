"""Reads around one assessment: the form's own row, its facts and its languages."""

from django.conf import settings
from django.db.models import Exists, OuterRef, prefetch_related_objects

from checklist.models import Assessment, RoundRules, Translation
from screening.statements import KeptModels, KeptQuery


def assessment_with_round(pk):
    """The assessment with all that its permissions and its form look at, or None."""
    return next(iter(_WITH_ROUND(pk)), None)


_PRACTICE_FIRST = RoundRules.objects.filter(round_id=OuterRef("proposal__round_id"), practice_first=True)
_WITH_ROUND = KeptModels(
    lambda pk: (
        Assessment.objects.select_related("assignment", "reviewer", "proposal__round", "proposal__applicant")
        .annotate(asks_for_practice=Exists(_PRACTICE_FIRST))
        .filter(pk=pk)
    )
)


def load_facts(proposal):
    """Read what the facts of a proposal are made of, in four queries; returns the proposal."""
    prefetch_related_objects([proposal], "participations__organisation", "places", "tags")
    return proposal


def form_languages(instruments):
    """Codes of the languages in which these InstrumentAnswers can be shown, the originals' first."""
    versions = [each.sheet.pk for each in instruments]
    originals = dict.fromkeys(each.sheet.original_language for each in instruments)
    translated = sorted(language for (language,) in _LANGUAGES(versions))
    known = dict(settings.LANGUAGES)
    return [(code, known[code]) for code in dict.fromkeys([*originals, *translated]) if code in known]


_LANGUAGES = KeptQuery(lambda pks: Translation.objects.filter(version_id__in=pks).values_list("language").distinct())
