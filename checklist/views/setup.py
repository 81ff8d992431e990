"""The set-up of a round in steps that can be left and resumed. Each step is one form with its own address."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from checklist.actions import setup
from checklist.actions.eligibility import CannotSetChecks
from checklist.actions.rounds import CannotPin
from checklist.actions.rules import CannotSetRules
from checklist.forms.rounds import (
    ConditionFormSet,
    CriticalForm,
    InstrumentsForm,
    MoneyRulesForm,
    ReviewRulesForm,
)
from checklist.models import Assessment
from checklist.selectors.eligibility import checks_of
from checklist.selectors.instruments import critical_modes, pinned_versions, sheet
from checklist.selectors.moving import newer_versions
from checklist.selectors.readiness import findings_of, rules_of
from checklist.setup_steps import DONE, STEPS, next_step
from proposals import rules
from proposals.actions.rounds import CannotSetPhases
from proposals.forms.rounds import RoundForm
from proposals.models import FundingRound
from proposals.selectors import windows_of
from proposals.views.loading import load_round
from screening.enums import RoundRole

NAMES = {
    "facts": gettext_lazy("What and when"),
    "instruments": gettext_lazy("Instruments"),
    "critical": gettext_lazy("Critical items"),
    "review": gettext_lazy("Review"),
    "people": gettext_lazy("People"),
    "money": gettext_lazy("Money and decisions"),
    "eligibility": gettext_lazy("Eligibility"),
    "ready": gettext_lazy("Check and open"),
}
URL_NAMES = {
    "facts": "checklist:round-edit",
    "instruments": "checklist:round-instruments",
    "critical": "checklist:round-critical",
    "review": "checklist:round-review",
    "people": "checklist:round-people",
    "money": "checklist:round-money",
    "eligibility": "checklist:round-checks",
    "ready": "checklist:round-ready",
}
# Empty rows offered for further conditions.
MORE_ROWS = 2


@dataclass(frozen=True)
class Step:
    """One step as the list of steps shows it."""

    number: int
    name: object
    url: str
    is_current: bool
    is_reached: bool
    missing: int
    doubtful: int

    @property
    def tag(self):
        """(words, kind of tag), or None where there is nothing to say."""
        if self.missing:
            return ngettext("%(n)s thing missing", "%(n)s things missing", self.missing) % {"n": self.missing}, "warn"
        return None


def step_url(round_, step):
    return reverse(URL_NAMES[step], args=[round_.reference])


def steps_frame(round_, current, findings=None):
    """What every page of the set-up shows around its form: the steps, where it stands, what follows."""
    findings = findings_of(round_) if findings is None else findings
    reached = rules_of(round_).setup_step
    furthest = len(STEPS) if reached == DONE else STEPS.index(reached) if reached else 0
    steps = [
        Step(
            number=number,
            name=NAMES[step],
            url=step_url(round_, step),
            is_current=step == current,
            is_reached=number <= furthest,
            missing=sum(each.step == step and each.is_missing for each in findings),
            doubtful=sum(each.step == step and not each.is_missing for each in findings),
        )
        for number, step in enumerate(STEPS, start=1)
    ]
    place = STEPS.index(current)
    return {
        "round": round_,
        "steps": steps,
        "step": steps[place],
        "step_findings": [each for each in findings if each.step == current],
        "next_url": step_url(round_, next_step(current)),
        "is_finished": reached == DONE,
    }


@login_required
def round_add(request):
    """A new round begins with the first step."""
    if not rules.can_open_round(request.user):
        raise PermissionDenied
    is_officer = request.user.grants.filter(role=RoundRole.PROGRAMME_OFFICER).exists()
    form = RoundForm(request.POST or None, asks_for_officer=not is_officer)
    if request.method == "POST" and form.is_valid():
        officer = form.cleaned_data.get("officer") or request.user
        try:
            round_ = setup.begin_round(
                round_=form.save(commit=False), windows=form.windows(), officer=officer, by=request.user
            )
        except CannotSetPhases as refusal:
            form.refuse_phases(refusal)
        else:
            messages.success(request, _("The round is there. You can leave the set-up at any time and go on later."))
            return redirect(step_url(round_, next_step("facts")))
    return render(request, "checklist/round_add.html", {"form": form})


@login_required
def round_setup(request, reference):
    """To the step the set-up has come to."""
    round_ = load_round(request, reference, needs=rules.can_change_round)
    reached = rules_of(round_).setup_step
    return redirect(step_url(round_, reached if reached in STEPS else "ready" if reached == DONE else "facts"))


@login_required
def round_edit(request, reference):
    round_ = load_round(request, reference, needs=rules.can_change_round)
    form = RoundForm(request.POST or None, instance=round_, windows=windows_of(round_))
    if request.method == "POST" and form.is_valid():
        try:
            setup.save_facts(round_=form.save(commit=False), windows=form.windows(), by=request.user)
        except CannotSetPhases as refusal:
            form.refuse_phases(refusal)
        else:
            return _saved(request, round_, "facts")
    return _form_page(request, _stored(request, round_), "facts", form)


@login_required
def round_instruments(request, reference):
    round_ = load_round(request, reference, needs=rules.can_change_round)
    form = InstrumentsForm(request.POST or None, round_=round_)
    if request.method == "POST" and form.is_valid():
        try:
            setup.save_instruments(
                round_=round_, versions=form.versions(), ranks=form.ranks(), limits=form.limits(), by=request.user
            )
        except CannotPin as refusal:
            form.add_error(None, str(refusal))
        except CannotSetRules as refusal:
            form.refuse_rules(refusal)
        else:
            return _saved(request, round_, "instruments")
    submitted = Assessment.objects.individual().submitted().counted().filter(proposal__round=round_).count()
    newer = newer_versions(round_)
    return _form_page(request, round_, "instruments", form, submitted=submitted, newer=newer)


@login_required
def round_critical(request, reference):
    round_ = load_round(request, reference, needs=rules.can_change_round)
    sheets = [sheet(pk, request.user.language) for pk in pinned_versions(round_)]
    form = CriticalForm(request.POST or None, sheets=sheets, modes=critical_modes(round_))
    if request.method == "POST" and form.is_valid():
        setup.save_critical(round_=round_, rules=form.rules(), by=request.user)
        return _saved(request, round_, "critical")
    return _form_page(request, round_, "critical", form, template="setup_critical.html", sheets=sheets)


@login_required
def round_review(request, reference):
    round_ = load_round(request, reference, needs=rules.can_change_round)
    form = ReviewRulesForm(request.POST or None, instance=rules_of(round_), round_=round_)
    if request.method == "POST" and form.is_valid():
        try:
            setup.save_review(round_=form.changed_round(), rules=form.rules(), by=request.user)
        except CannotSetRules as refusal:
            form.add_error(refusal.field or None, str(refusal))
        else:
            return _saved(request, round_, "review")
    return _form_page(request, _stored(request, round_), "review", form)


@login_required
def round_money(request, reference):
    round_ = load_round(request, reference, needs=rules.can_change_round)
    form = MoneyRulesForm(request.POST or None, instance=round_, rules=rules_of(round_))
    if request.method == "POST" and form.is_valid():
        setup.save_money(round_=form.save(commit=False), rules=form.rules(), by=request.user)
        return _saved(request, round_, "money")
    return _form_page(request, _stored(request, round_), "money", form)


@login_required
def round_checks(request, reference):
    """The conditions of eligibility; “add another” saves and stays."""
    round_ = load_round(request, reference, needs=rules.can_change_round)
    stays = "more" in request.POST
    known = [
        {"pk": check.pk, "wording": check.wording, "guidance": check.guidance, "place": place}
        for place, check in enumerate(checks_of(round_), start=1)
    ]
    if request.method == "POST":
        formset = ConditionFormSet(request.POST, prefix="condition")
        if formset.is_valid():
            try:
                setup.save_checks(round_=round_, conditions=formset.conditions(), by=request.user, stays=stays)
            except CannotSetChecks as refusal:
                formset.refuse(refusal)
            else:
                return redirect(request.path) if stays else _saved(request, round_, "eligibility")
    else:
        formset = ConditionFormSet(prefix="condition", initial=known)
        formset.extra = MORE_ROWS
    return _form_page(request, round_, "eligibility", formset, template="setup_checks.html")


@login_required
def round_ready(request, reference):
    """What is missing or doubtful; finishing says that the set-up is complete."""
    round_ = load_round(request, reference, needs=rules.can_change_round)
    if request.method == "POST":
        try:
            setup.finish_setup(round_=round_, by=request.user)
        except setup.CannotFinish as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("The set-up is complete. Everything can still be changed, on record."))
            return redirect(round_)
        return redirect(step_url(round_, "ready"))
    findings = findings_of(round_)
    context = steps_frame(round_, "ready", findings) | {
        "missing": with_places(round_, (each for each in findings if each.is_missing)),
        "doubtful": with_places(round_, (each for each in findings if not each.is_missing)),
    }
    return render(request, "checklist/setup_ready.html", context)


def with_places(round_, findings):
    """(text, name of the step, its address) of each finding."""
    return [(each.text, NAMES[each.step], step_url(round_, each.step)) for each in findings]


def _saved(request, round_, step):
    messages.success(request, _("Saved: %(step)s.") % {"step": NAMES[step]})
    return redirect(step_url(round_, next_step(step)))


def _form_page(request, round_, step, form, *, template="setup_form.html", **context):
    context = {"submitted": 0, "newer": (), **steps_frame(round_, step), "form": form, **context}
    return render(request, f"checklist/{template}", context)


def _stored(request, round_):
    """The round as it is stored: after a failed validation the instance holds what was typed."""
    request.round = FundingRound.objects.filter(pk=round_.pk).first()
    if request.round is None:
        raise Http404
    return request.round
