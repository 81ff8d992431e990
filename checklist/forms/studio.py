"""What the pages of the studio send, as clean values."""

import re
from dataclasses import dataclass

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from checklist.enums import ResultKind, VersionState
from checklist.languages import language_names
from checklist.models import InstrumentVersion
from screening.forms import HelperMixin

VALUE, BEFORE = "v:", "b:"
STEP = re.compile(r"\d{1,9}", re.ASCII)
WORDS = {"save", "add", "duplicate", "remove", "up", "down", "renumber", "order", "undo"}


class UnreadableDraftForm(Exception):
    """The page did not send what its form holds."""


@dataclass(frozen=True)
class GivenPage:
    """What a page of a draft sends: (path, before, after) of its fields, and which button was pressed.

    `word` is one of WORDS, `path` what the button is about, `order` the (before, after) of a list.
    """

    changes: tuple[tuple[str, str, str], ...]
    word: str
    path: str
    order: tuple[list[str], list[str]]


def given_page(data):
    """What a POST of a draft's page says. Raises UnreadableDraftForm."""
    word, _colon, path = data.get("do", "save").partition(":")
    if word not in WORDS or (word == "undo" and path and not STEP.fullmatch(path)):
        raise UnreadableDraftForm(word)
    paths = [name.removeprefix(BEFORE) for name in data if name.startswith(BEFORE)]
    # Boxes that belong together are one value; one that is not ticked is not sent at all.
    changes = tuple((path, data[BEFORE + path], ",".join(data.getlist(VALUE + path))) for path in paths)
    return GivenPage(_chosen(data, changes), word, path, (data.getlist("order-before"), data.getlist("order-after")))


def _chosen(data, changes):
    """Without what the person gave up on the page that showed both texts."""
    return tuple(change for change in changes if data.get(f"choice:{change[0]}") != "theirs")


class CopyForm(HelperMixin, forms.Form):
    """A draft that begins with what a version says."""

    NEXT, OWN = "next", "own"
    version = forms.ModelChoiceField(label=_("Start from"), queryset=InstrumentVersion.objects.none(), empty_label=None)
    what = forms.ChoiceField(
        label=_("What will it be?"),
        choices=[
            (NEXT, _("The next version of the same instrument")),
            (OWN, _("An instrument of our own, which begins as a copy")),
        ],
        initial=NEXT,
        widget=forms.RadioSelect,
    )
    title = forms.CharField(
        label=_("Title of our own instrument"),
        max_length=200,
        required=False,
        help_text=_("Only for an instrument of your own, such as: Checklist of our fund."),
    )
    short_title = forms.CharField(
        label=_("Short title of our own instrument"),
        max_length=60,
        required=False,
        help_text=_("Two or three words for tables."),
    )
    submit_label = _("Start the draft")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["version"].queryset = (
            InstrumentVersion.objects.exclude(state=VersionState.DRAFT)
            .select_related("instrument")
            .order_by("title", "-number")
        )

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("what") == self.OWN:
            for name in ("title", "short_title"):
                if not cleaned.get(name):
                    self.add_error(name, _("An instrument of your own needs this."))
        return cleaned


class EmptyForm(HelperMixin, forms.Form):
    """A draft that begins with nothing."""

    title = forms.CharField(label=_("Title"), max_length=200)
    short_title = forms.CharField(label=_("Short title"), max_length=60, help_text=_("Two or three words for tables."))
    source = forms.CharField(
        label=_("Source"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Where the questions come from: a document with its date and page, or: our own."),
    )
    result_kind = forms.ChoiceField(
        label=_("What the answers come to"), choices=ResultKind.choices, widget=forms.RadioSelect, initial="share"
    )
    language = forms.ChoiceField(label=_("Language of the original"))
    submit_label = _("Start with an empty sheet")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = list(language_names().items())
        self.fields["language"].initial = get_language()


class LanguageForm(forms.Form):
    """Which language to translate into."""

    language = forms.ChoiceField(label=_("Add a language"), widget=forms.Select(attrs={"class": "form-select"}))

    def __init__(self, *args, without=(), **kwargs):
        super().__init__(*args, **kwargs)
        names = language_names().items()
        self.fields["language"].choices = [(code, name) for code, name in names if code not in without]
