"""What a plan of assignments is made by, changed by and applied with."""

from crispy_forms.layout import Column, Row
from django import forms
from django.utils.translation import gettext_lazy as _

from proposals.forms.rounds import DateInput
from screening.forms import HelperMixin


class PlanForm(HelperMixin, forms.Form):
    """How many reviewers, how many proposals each, and by which number ties are broken."""

    submit_label = _("Make a plan")

    per_proposal = forms.IntegerField(label=_("Reviewers per proposal"), min_value=1, max_value=20)
    most = forms.IntegerField(
        label=_("Most per reviewer"),
        min_value=1,
        max_value=1000,
        help_text=_("What each has already in this round counts."),
    )
    seed = forms.IntegerField(
        label=_("Number of the draw"),
        min_value=0,
        max_value=2_147_483_647,
        help_text=_("Decides between equally good choices. The same number gives the same plan."),
    )
    overlap = forms.BooleanField(
        label=_("Let reviewers meet many others"),
        required=False,
        help_text=_("They share proposals with different people, so that harsh and lenient ones can be compared."),
    )

    def layout_fields(self):
        return [Row(Column("per_proposal"), Column("most"), Column("seed")), "overlap"]


class ApplyForm(HelperMixin, forms.Form):
    """Until when the people in a plan are asked."""

    submit_label = ""
    form_tag = False

    due_on = forms.DateField(label=_("Assessments due on"), required=False, widget=DateInput())
