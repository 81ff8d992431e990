"""An instrument as its reviewers will see it, to be filled in without anything being stored."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods

from checklist import presentation, rules, scoring
from checklist.checking import check
from checklist.forms.trying import CircumstancesForm, tried_answers
from checklist.models import Assessment
from checklist.scorecard_parts import part_of
from checklist.selectors.drafts import Draft
from checklist.selectors.instruments import sheet
from checklist.selectors.results import AssessmentContent, InstrumentAnswers
from checklist.selectors.studio import file_of
from checklist.views.assessment_form import FormView, problem_text

from .finding_words import BREAKS_THE_FORM, finding_lines
from .frame import version_tabs
from .loading import load_version


class TrialView(FormView):
    """The form of an assessment that is nobody's."""

    is_trial = True

    def save_url(self, place):
        return SafeString("")

    @property
    def instrument(self):
        return self.draft.content.instruments[0]

    @property
    def fired(self):
        """(link to the criterion, sentences) for every criterion on which a rule says something."""
        found = ((view, list(self._rules_on(view))) for view in self.views.values())
        return [(view.title_link, list(dict.fromkeys(sentences))) for view, sentences in found if sentences]

    def _rules_on(self, view):
        key, result = view.place.criterion.key, self.instrument.result
        if view.derived_sentence:
            yield view.derived_sentence
        for problem in view.problems:
            # What is merely not filled in yet is said at its place.
            if problem.kind is not scoring.ProblemKind.MISSING or problem.code == "sub_needed_for_answer":
                yield problem_text(problem, view.place.criterion)
        if result.item(key).needs_reason and all(problem.field != "rationale" for problem in view.problems):
            yield _("A reason is needed here, and you gave one.")
        yield from (presentation.critical_text(critical) for critical in result.criticals if critical.key == key)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def version_try(request, slug, number):
    """The form with what was filled in, the rules that fire, and what the result would say."""
    version = load_version(request, slug, number)
    content = file_of(version)
    breaking = [finding for finding in check(content) if finding.code in BREAKS_THE_FORM]
    context = {"version": version, "tabs": version_tabs(request.user, version, "version-try")}
    if breaking:
        may_edit = rules.can_edit_instruments(request.user)
        context["lines"] = finding_lines(breaking, version, content, may_edit=may_edit)
        return render(request, "checklist/studio/try_broken.html", context)
    posted = request.POST if request.method == "POST" else None
    languages = [version.language, *sorted({each.language for each in content.translations})]
    form = CircumstancesForm(posted, languages=languages)
    trial = _trial(version, form, posted)
    with override(trial.assessment.language):
        part = part_of(trial.instrument)
    context |= {
        "form": form,
        "trial": trial,
        "sheet": trial.instrument.sheet,
        "criteria": [trial.criterion_html(view) for view in trial.views.values()],
        "part": part,
        "harm": [item for item in part.items if item.is_harm],
        "glance": list(zip(part.items, trial.views, strict=True)),
        "is_filled": any(view.is_answered for view in trial.views.values()),
        "languages": languages,
    }
    return render(request, "checklist/studio/try.html", context)


def _trial(version, form, posted):
    language = form.chosen("language")
    shown = sheet(version.pk, language)
    stored = tried_answers(posted, shown) if posted else {}
    instrument = InstrumentAnswers(shown, shown.spec, stored, form.context, form.length)
    content = AssessmentContent(Assessment(language=language), (instrument,))
    return TrialView(Draft(content, (), (), {}))
