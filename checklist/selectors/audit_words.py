"""What the audit trail stored in the words of whoever acted, said in the language of whoever reads.

The rows themselves never change: the words are put on the events in memory.
"""

import re
from collections import Counter
from functools import cache

from django.conf import settings
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from checklist.enums import VersionState
from checklist.models import InstrumentVersion, Response

from .instruments import sheet

# Sentences that an action stores with a name or a number in them, by where they stand.
LABELS = ("scorecard by %(reviewer)s",)
NOTES = ("%(file)s, line %(line)s",)


def in_reader_language(events):
    """The same events with label, note and names of instruments in the language in force.

    At most two queries, besides the texts of instruments that are not in memory yet.
    """
    events = list(events)
    titles = _titles_of_criteria(events)
    names = _names_of_instruments(events)
    for event in events:
        if event.subject_type == "response":
            event.subject_label = titles.get(event.subject_id, event.subject_label)
        event.subject_label = _said_anew(event.subject_label, LABELS)
        event.note = _said_anew(event.note, NOTES)
        if event.after and isinstance(event.after.get("versions"), list):
            event.after = {**event.after, "versions": _titles_of_versions(event.after["versions"])}
        if names and event.after:
            event.after = {names.get(key, key): value for key, value in event.after.items()}
    return events


def _titles_of_criteria(events):
    """{id of a response: "3. Overlap"} for the responses that the events are about."""
    keys = {event.subject_id for event in events if event.subject_type == "response"}
    if not keys:
        return {}
    rows = Response.objects.filter(pk__in=keys).values_list("pk", "criterion__key", "criterion__version_id")
    found = {}
    for pk, key, version in rows:
        criterion = sheet(version, get_language()).criterion(key)
        found[str(pk)] = f"{criterion.number}. {criterion.short_title}"
    return found


def _names_of_instruments(events):
    """{slug: name} of the instruments whose scores the events hold; by the newest version that is published.

    Of several with one name each keeps its slug, so that the scores of none take the place of another's.
    """
    slugs = {key for event in events for key, value in (event.after or {}).items() if _is_score(value)}
    if not slugs:
        return {}
    versions = InstrumentVersion.objects.filter(instrument__slug__in=slugs).exclude(state=VersionState.DRAFT)
    newest = dict(versions.order_by("number").values_list("instrument__slug", "pk"))
    names = {slug: sheet(pk, get_language()).short_title for slug, pk in newest.items()}
    shared = Counter(names.values())
    return {slug: name for slug, name in names.items() if shared[name] == 1}


def _is_score(value):
    return isinstance(value, dict) and "marks" in value


def _titles_of_versions(keys):
    return [sheet(key, get_language()).short_title if isinstance(key, int) else key for key in keys]


def _said_anew(text, patterns):
    """The text in the language in force, where it is one of these sentences in any of our languages."""
    for pattern in patterns if text else ():
        for expression in _expressions(pattern):
            match = expression.fullmatch(text)
            if match:
                return _(pattern) % match.groupdict()
    return text


@cache
def _expressions(pattern):
    """The sentence in every language, each as an expression that finds what was put in."""
    found = []
    for code, _name in settings.LANGUAGES:
        with override(code):
            escaped = re.escape(_(pattern))
        found.append(re.compile(re.sub(r"%\\\((\w+)\\\)s", r"(?P<\1>.+)", escaped), re.DOTALL))
    return found
