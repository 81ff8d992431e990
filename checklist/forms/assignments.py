"""What is typed when reviewers are asked, and when they declare, decline, abstain or are released."""

from django import forms
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from proposals.models import Proposal
from screening.forms import HelperMixin
from screening.models import User


class ReviewerField(forms.ModelMultipleChoiceField):
    """Reviewers to tick, each with her load in the round; `words` adds what speaks for and against her."""

    widget = forms.CheckboxSelectMultiple
    words = {}

    def label_from_instance(self, user):
        asked = ngettext("%(n)s asked", "%(n)s asked", user.asked_count) % {"n": user.asked_count}
        done = gettext("%(n)s submitted") % {"n": user.submitted_count}
        about = f" ({user.organisation_name})" if user.organisation_name else ""
        more = f"; {self.words[user.pk]}" if self.words.get(user.pk) else ""
        return f"{user}{about} – {asked}, {done}{more}"


class AssignForm(HelperMixin, forms.Form):
    """Which proposals, which reviewers, until when. The template brings the buttons."""

    submit_label = ""
    form_tag = False

    proposals = forms.ModelMultipleChoiceField(
        Proposal.objects.none(), widget=forms.MultipleHiddenInput, error_messages={"required": _("Select a proposal.")}
    )
    reviewers = ReviewerField(
        User.objects.none(), label=_("Reviewers"), error_messages={"required": _("Choose at least one reviewer.")}
    )
    due_on = forms.DateField(
        label=_("Assessments due on"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    ask_again = forms.BooleanField(label=_("Also ask people who declined or abstained before"), required=False)

    def __init__(self, *args, proposals, reviewers, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["proposals"].queryset = proposals
        self.fields["reviewers"].queryset = reviewers

    def layout_fields(self):
        return ["reviewers", "due_on", "ask_again"]


class DeclarationForm(HelperMixin, forms.Form):
    """A reviewer says in words whether she has a conflict of interest."""

    NONE, CONFLICT = "none", "conflict"
    submit_label = _("Declare and go on")

    answer = forms.ChoiceField(
        label=_("Your declaration"),
        widget=forms.RadioSelect,
        choices=[
            (NONE, _("I have no conflict of interest with this proposal.")),
            (CONFLICT, _("I have a conflict of interest, or it could look like one.")),
        ],
        error_messages={"required": _("Choose one of the two.")},
    )
    words = forms.CharField(
        label=_("In your own words"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Needed where there is a conflict: with whom, and what it is. Stays on record."),
        max_length=4000,
    )

    def __init__(self, *args, only_conflict=False, **kwargs):
        super().__init__(*args, **kwargs)
        if only_conflict:
            del self.fields["answer"]
            self.submit_label = _("Declare the conflict and close the proposal to me")

    @property
    def has_conflict(self):
        return self.cleaned_data.get("answer", self.CONFLICT) == self.CONFLICT

    def clean(self):
        cleaned = super().clean()
        if "answer" not in self.errors and self.has_conflict and not cleaned.get("words", "").strip():
            self.add_error("words", gettext("Say with whom you have the conflict and what it is."))
        return cleaned

    @property
    def declaration(self):
        """The words that are kept on record."""
        words = self.cleaned_data.get("words", "").strip()
        if self.has_conflict or words:
            return words
        return gettext("I have no conflict of interest with this proposal.")


class ReasonForm(HelperMixin, forms.Form):
    """A reason that stays on record."""

    reason = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        help_text=_("Stays on record."),
        error_messages={"required": _("Say why.")},
    )

    def __init__(self, *args, submit_label, cancel_url, **kwargs):
        super().__init__(*args, **kwargs)
        self.submit_label, self.cancel_url = submit_label, cancel_url
