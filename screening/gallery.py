"""Invented values for the gallery page, which shows every component in every state."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.utils.translation import gettext_lazy as _

from . import svg
from .forms import HelperMixin

SHORT_LABELS = (
    "Evidence",
    "Proven",
    "No double",
    "Focus",
    "Time, funds",
    "Learning",
    "Linked",
    "Culture",
    "Urgency",
    "Standards",
    "Impact",
)
ANSWERS = (
    "favourable",
    "partly",
    "adverse",
    "favourable",
    "nei",
    "favourable",
    "favourable",
    "partly",
    "na",
    "favourable",
    "empty",
)
PRINCIPLES = (
    ("1 Collaborative", 3),
    ("2 Empirically based", 2),
    ("3 Technical support", 4),
    ("4 Sense of urgency", 0),
    ("5 Relevant to the real world", "nei"),
    ("6 Measurable, lasting impact", None),
)


class SampleForm(HelperMixin, forms.Form):
    """Every kind of field once."""

    submit_label = _("Save and open the next proposal")
    cancel_url = "#forms"

    title = forms.CharField(label=_("Title"), help_text=_("As it stands on the first page of the proposal."))
    summary = forms.CharField(label=_("Summary"), widget=forms.Textarea, required=False)
    starts_on = forms.DateField(label=_("Starts on"), widget=forms.DateInput(attrs={"type": "date"}))
    country = forms.ChoiceField(label=_("Country"), choices=[("", ""), ("KH", "Cambodia"), ("LA", "Laos")])
    kind = forms.ChoiceField(
        label=_("Kind of document"),
        widget=forms.RadioSelect,
        choices=[("narrative", _("Narrative")), ("budget", _("Budget"))],
    )
    populations = forms.MultipleChoiceField(
        label=_("Populations"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        choices=[("women", _("Women")), ("men", _("Men")), ("children", _("Children"))],
    )
    document = forms.FileField(label=_("Document"), required=False, help_text=_("PDF, DOCX or XLSX, up to 25 MB."))
    sure = forms.BooleanField(label=_("I have read the whole proposal"))


class SampleFilter(forms.Form):
    """The fields above a list."""

    q = forms.CharField(label=_("Words"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("Any")), ("open", _("Open"))])
    mine = forms.BooleanField(label=_("Only mine"), required=False)


def samples() -> Mapping[str, Any]:
    """The context of templates/screening/components.html."""
    wrong_form = SampleForm({"wrong-title": "", "wrong-kind": "other"}, prefix="wrong")
    wrong_form.submit_label = ""
    at = datetime(2026, 3, 4, 12, 4, tzinfo=UTC)
    strip = [(number, state, label) for number, (state, label) in enumerate(zip(ANSWERS, SHORT_LABELS, strict=True), 1)]
    return {
        "states": svg.STATES,
        "strip": strip,
        "strip_plain": [(number, state, "") for number, state, _label in strip],
        "answers": ANSWERS,
        "principles": PRINCIPLES,
        "ranges": [(44.0, 72.0, 81.0), (100.0, 100.0, 100.0), (0.0, None, 100.0), (2.0, 3.0, 8.0)],
        "tags": [
            ("Draft", ""),
            ("Open", "open"),
            ("Submitted", "good"),
            ("Due tomorrow", "warn"),
            ("Conflict", "bad"),
            ("Withdrawn", "off"),
        ],
        "columns": [
            {"label": _("Reference"), "sort": "reference", "css": "fit"},
            {"label": _("Title"), "sort": "title"},
            {"label": _("State")},
            {"label": _("Reviews"), "sort": "reviews", "css": "num"},
            {"label": _("Checklist")},
        ],
        "rows": SAMPLE_ROWS,
        "page": Paginator(range(1, 241), 25).page(4),
        "facts": [
            (_("Applicant"), "Mekong Migrant Support Network"),
            (_("Amount"), "USD 240,000"),
            (_("Ends on"), None),
        ],
        "tab_items": [
            {"label": _("Proposal"), "url": "#tabs", "current": True},
            {"label": _("Documents"), "url": "#tabs", "count": 4},
            {"label": _("History"), "url": "#tabs"},
        ],
        "chosen": ["GMS-2026-004 Safe return for fishers", "GMS-2026-007 Border desk"],
        "history": [
            {
                "at": at,
                "by": "Amara Diallo",
                "text": "Answered item 3",
                "changes": [("Answer", "No", "Partly"), ("Reason", "", "Two shelters share the referral list.")],
            },
            {"at": at, "by": "Lien Pham", "text": "Assigned a reviewer"},
        ],
        "form": SampleForm(),
        "wrong_form": wrong_form,
        "filter": SampleFilter({"q": "shelter"}),
        "scripts": [
            ("th", "ภาษาไทย: การค้ามนุษย์"),
            ("km", "ភាសាខ្មែរ៖ អំពើជួញដូរមនុស្ស"),
            ("lo", "ພາສາລາວ: ການຄ້າມະນຸດ"),
            ("my", "မြန်မာဘာသာ- လူကုန်ကူးမှု"),
            ("vi", "Tiếng Việt: phòng, chống mua bán người"),
        ],
    }


SAMPLE_ROWS = (
    (
        "GMS-2026-001",
        "Safe return and legal aid for fishers",
        "Mekong Migrant Support Network",
        "Submitted",
        "good",
        "3/3",
        ANSWERS,
    ),
    (
        "GMS-2026-002",
        "Community watch against recruitment by debt",
        "Lotus Rural Development",
        "Open",
        "open",
        "2/3",
        ANSWERS[::-1],
    ),
    (
        "GMS-2026-003",
        "Shelter and counselling in two border towns",
        "House of Quiet Waters",
        "Due tomorrow",
        "warn",
        "0/3",
        ("empty",) * 11,
    ),
)
