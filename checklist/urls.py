"""Addresses of pages that judge, and of pages that show proposals together with judgements."""

from django.urls import path

from .views import assessments, history, instruments, responses, results, rounds
from .views.pending import pending

app_name = "checklist"

urlpatterns = [
    # views/home.py
    path("", pending, name="home"),
    path("search/", pending, name="search"),
    # views/rounds.py
    path("rounds/", rounds.round_list, name="round-list"),
    path("rounds/new/", rounds.round_add, name="round-add"),
    path("rounds/<slug:reference>/", rounds.round_detail, name="round-detail"),
    path("rounds/<slug:reference>/edit/", rounds.round_edit, name="round-edit"),
    path("rounds/<slug:reference>/instruments/", rounds.round_instruments, name="round-instruments"),
    path("rounds/<slug:reference>/people/", rounds.round_people, name="round-people"),
    path("rounds/<slug:reference>/reports/", pending, name="round-reports"),
    # views/proposals.py
    path("rounds/<slug:reference>/proposals/", pending, name="proposal-list"),
    path("proposals/<int:pk>/", pending, name="proposal-detail"),
    path("proposals/<int:pk>/history/", pending, name="proposal-history"),
    # views/assignments.py
    path("rounds/<slug:reference>/assignments/", pending, name="assignment-list"),
    path("rounds/<slug:reference>/assign/", pending, name="assign"),
    path("rounds/<slug:reference>/my-reviews/", pending, name="my-reviews"),
    path("assignments/<int:pk>/declare/", pending, name="declare"),
    path("assignments/<int:pk>/decline/", pending, name="decline"),
    path("assignments/<int:pk>/withdraw/", pending, name="withdraw"),
    # views/assessments.py
    path("assessments/<int:pk>/", assessments.assessment_edit, name="assessment-edit"),
    path("assessments/<int:pk>/criteria/<int:criterion_pk>/", responses.response_save, name="response-save"),
    path("assessments/<int:pk>/conclusion/", responses.conclusion_save, name="conclusion-save"),
    path("assessments/<int:pk>/language/", assessments.assessment_language, name="assessment-language"),
    path("assessments/<int:pk>/submit/", assessments.assessment_submit, name="assessment-submit"),
    path("assessments/<int:pk>/reopen/", assessments.assessment_reopen, name="assessment-reopen"),
    path("assessments/shortcuts/", assessments.shortcuts, name="shortcuts"),
    # views/results.py
    path("assessments/<int:pk>/result/", results.assessment_result, name="assessment-result"),
    path("assessments/<int:pk>/history/", results.assessment_history, name="assessment-history"),
    path("assessments/<int:pk>/scorecard/", results.scorecard, name="scorecard"),
    path("assessments/<int:pk>/scorecard/state/", results.scorecard_state, name="scorecard-state"),
    path("assessments/<int:pk>/scorecard/print/", results.scorecard_print, name="scorecard-print"),
    path("assessments/<int:pk>/scorecard.pdf", results.scorecard_pdf, name="scorecard-pdf"),
    # views/exports.py
    path("rounds/<slug:reference>/scores.<str:file_format>", pending, name="score-export"),
    # views/instruments.py
    path("instruments/", instruments.instrument_list, name="instrument-list"),
    path("instruments/<slug:slug>/<int:number>/", instruments.version_detail, name="version-detail"),
    # views/history.py
    path("audit/", history.audit_list, name="audit-list"),
]
