"""The texts of a version beside their translation into one language."""

from dataclasses import dataclass

from django.db.models import Count

from checklist import scoring
from checklist.paths import (
    LEVEL_FIELDS,
    TRANSLATED_CRITERION_FIELDS,
    TRANSLATED_SUB_FIELDS,
    TRANSLATED_VERSION_FIELDS,
)


@dataclass(frozen=True)
class TextPair:
    """One text and what it says in the other language, "" while that is missing."""

    path: str
    original: str
    text: str

    @property
    def is_missing(self):
        return not self.text


def text_pairs(version, language):
    """(heading, TextPairs) of all that can be translated: the instrument, its groups, every criterion.

    The heading is None for the instrument, "domains" for the groups, else the criterion. Five queries.
    """
    translated = dict(version.translations.filter(language=language).values_list("path", "text"))
    groups = [(None, [(name, getattr(version, name)) for name in TRANSLATED_VERSION_FIELDS])]
    domains = version.domains.order_by("position", "pk")
    groups.append(("domains", [(f"domains/{domain.key}/title", domain.title) for domain in domains]))
    criteria = version.criteria.prefetch_related("sub_questions", "levels").order_by("position", "pk")
    groups += [(criterion, list(_texts_of(criterion))) for criterion in criteria]
    for heading, texts in groups:
        pairs = [TextPair(path, original, translated.get(path, "")) for path, original in texts if original]
        if pairs:
            yield heading, pairs


def language_counts(version):
    """[(language, texts translated, whether official)] of the languages that have any."""
    rows = version.translations.values("language").annotate(n=Count("pk")).order_by("language")
    marks = {}
    for language, official in version.translations.values_list("language", "is_official"):
        marks[language] = marks.get(language, True) and official
    return [(row["language"], row["n"], marks[row["language"]]) for row in rows]


def _texts_of(criterion):
    path = f"criteria/{criterion.key}"
    yield from ((f"{path}/{name}", getattr(criterion, name)) for name in TRANSLATED_CRITERION_FIELDS)
    for sub in sorted(criterion.sub_questions.all(), key=lambda each: (each.position, each.pk)):
        yield from ((f"{path}/sub/{sub.key}/{name}", getattr(sub, name)) for name in TRANSLATED_SUB_FIELDS)
    known = [option.code for option in scoring.ANSWER_KINDS[criterion.kind].options]
    levels = {level.code: level for level in criterion.levels.all()}
    for code in (each for each in known if each in levels):
        yield from ((f"{path}/levels/{code}/{name}", getattr(levels[code], name)) for name in LEVEL_FIELDS)
