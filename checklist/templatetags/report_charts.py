"""Tags of the scorecard, on paper and on screen: its charts and the short sentences beside them."""

import unicodedata

from django import template
from django.utils.translation import gettext as _

from checklist import charts

register = template.Library()

# The letters that decide the direction of a paragraph, by their class in Unicode.
STRONG = {"L": "ltr", "R": "rtl", "AL": "rtl"}

register.simple_tag(charts.strip, name="strip_chart")
register.simple_tag(charts.share_range, name="range_chart")
register.simple_tag(charts.profile, name="profile_chart")
register.simple_tag(charts.shares_over_reviewers, name="shares_chart")
register.simple_tag(charts.levels_over_reviewers, name="levels_chart")
register.simple_tag(charts.portfolio, name="portfolio_chart")


@register.filter
def direction(text):
    """ "rtl" where the first letter belongs to a script written from the right, else "ltr".

    Browsers know dir="auto"; what makes the PDF does not.
    """
    for letter in str(text):
        kind = unicodedata.bidirectional(letter)
        if kind in STRONG:
            return STRONG[kind]
    return "ltr"


@register.simple_tag
def counts_text(part):
    """ "6 favourable, 2 partly, 3 not enough information"."""
    return charts.counts(part)


@register.simple_tag
def cited_text(part):
    """How many answers point to a place in a document."""
    return _("%(title)s: %(cited)s of %(total)s answers cite a place in a document.") % {
        "title": part.short_title,
        "cited": sum(1 for item in part.items if item.evidence),
        "total": part.total,
    }


@register.simple_tag
def evidence_place(evidence):
    """ "Narrative.pdf, page 12", or what is known of it."""
    page = evidence.page.strip()
    if page and page[0].isdigit():
        page = _("page %(page)s") % {"page": page}
    parts = [evidence.document, _("removed since") if evidence.is_removed else "", page]
    return ", ".join(part for part in parts if part)
