"""What is typed when an applicant is asked, and when the answer comes."""

from django import forms
from django.utils.translation import gettext_lazy as _

from checklist.enums import LetterChannel
from proposals.forms.rounds import DateInput
from screening.forms import HelperMixin

LONGEST_ANSWER = 20_000


class QuestionForm(HelperMixin, forms.Form):
    """The wording of one question. `revision` says on which wording it was opened."""

    submit_label = _("Save the wording")
    marks_required = False

    text = forms.CharField(
        label=_("Question"),
        help_text=_("The applicant reads exactly this. No names, no scores, nothing of other proposals."),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)


class NewQuestionForm(QuestionForm):
    """A question that no reviewer asked."""

    submit_label = _("Add the question")


class AnswerForm(HelperMixin, forms.Form):
    """What the applicant answered to one question."""

    submit_label = _("Record the answer")
    marks_required = False

    answer = forms.CharField(
        label=_("Answer of the applicant"),
        help_text=_("In the applicant's words. Add documents that came with it to the proposal, and name them here."),
        max_length=LONGEST_ANSWER,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    answered_on = forms.DateField(label=_("Answered on"), widget=DateInput())
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)


class CorrectionForm(AnswerForm):
    """The same, once it was recorded."""

    submit_label = _("Correct the answer")


class LetterForm(HelperMixin, forms.Form):
    """The letter around the questions. The template brings the buttons."""

    submit_label = ""
    form_tag = False
    marks_required = False

    channel = forms.ChoiceField(label=_("How it is sent"), choices=LetterChannel.choices, widget=forms.RadioSelect)
    recipient = forms.CharField(
        label=_("To"),
        required=False,
        max_length=300,
        help_text=_(
            "For an e-mail the address of the applicant; for a letter the postal address, if it is to stand on it."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    reply_by = forms.DateField(label=_("Answer by"), required=False, widget=DateInput())
    subject = forms.CharField(label=_("Subject"), max_length=200)
    body = forms.CharField(
        label=_("Text"),
        max_length=8000,
        help_text=_(
            "The questions stand where {questions} stands. Filled in for you: {title}, {reference}, {round}, {donor}, "
            "{applicant}, {reply_by}."
        ),
        widget=forms.Textarea(attrs={"rows": 12}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["recipient"].needed_when = _("(needed for an e-mail)")

    def refuse_letter(self, refusal):
        """Show why the letter cannot go out, at the field it is about."""
        self.add_error(refusal.field if refusal.field in self.fields else None, str(refusal))
