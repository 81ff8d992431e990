"""What the form says beside a criterion where instruments pull apart, or shares of a budget cannot be right.

Nothing is changed by it; see `checklist.tensions`.
"""

from __future__ import annotations

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from checklist import presentation, scoring
from checklist.selectors.tensions import tension_texts, tensions_of


class TensionNotices:
    """The tensions of one draft, found once; their words are read only when one shows."""

    def __init__(self, draft):
        self._draft = draft
        self._found = tensions_of(draft.content, draft.tensions) if len(draft.content.instruments) > 1 else ()
        self._texts = tension_texts([each.slug for each in self._found], get_language())

    def beside(self, slug, key, title_links):
        """The notices that criterion `key` of instrument `slug` brought up; `title_links` by (instrument, key)."""
        shown = [each for each in self._found if (slug, key) in each.places]
        rows = ((*self._texts[each.slug], _others(title_links, each.places, (slug, key))) for each in shown)
        frame = '<div class="bearing"><p class="bearing-title">{}</p><p class="bearing-notice">{} {}</p></div>'
        return format_html_join("", frame, rows) + self._budget(slug, key)

    def places_beside(self, slug, key):
        """Every (instrument, criterion) whose notices may change with this one."""
        rules = [rule.places for rule in self._draft.tensions if (slug, key) in rule.places]
        instrument = next(each for each in self._draft.content.instruments if each.sheet.slug == slug)
        if any(sub.answer_kind.is_percent for sub in instrument.spec.item(key).subs):
            rules.append(frozenset((slug, item.key) for item in instrument.spec.items))
        return frozenset().union(*rules)

    def _budget(self, slug, key):
        instrument = next(each for each in self._draft.content.instruments if each.sheet.slug == slug)
        result = instrument.result
        if not isinstance(result, scoring.CoverageResult) or result.item(key).budget_share is None:
            return SafeString("")
        remark = presentation.budget_text(result)
        return format_html('<p class="bearing-notice">{}</p>', remark) if remark else SafeString("")


def _others(title_links, places, own):
    return format_html_join(", ", "{}", ((title_links[place],) for place in places if place != own))
