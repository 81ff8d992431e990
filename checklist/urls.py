"""Addresses of pages that judge, and of pages that show proposals together with judgements."""

from django.urls import path

from .views import (
    agreement,
    assessments,
    assignments,
    batches,
    columns,
    conflicts,
    consensus,
    decisions,
    dossiers,
    eligibility,
    exports,
    history,
    home,
    instruments,
    issuing,
    letterhead,
    letters,
    meeting,
    messages,
    notices,
    offline,
    organisations,
    panel,
    plans,
    practice,
    proposal_decision,
    proposal_questions,
    proposals,
    question_letter,
    questions,
    ranking,
    reports,
    responses,
    results,
    reviewers,
    rounds,
    setup,
    verify,
)
from .views.studio import checking, drafts, exchange, languages, publishing, saving, steps, trying, use

app_name = "checklist"

urlpatterns = [
    # What is asked for most comes first: addresses are looked through in turn.
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
    # views/home.py
    path("", home.home, name="home"),
    path("search/", home.search, name="search"),
    # views/rounds.py
    path("rounds/", rounds.round_list, name="round-list"),
    path("rounds/new/", setup.round_add, name="round-add"),
    path("rounds/<slug:reference>/", rounds.round_detail, name="round-detail"),
    path("rounds/<slug:reference>/instruments/newer/", use.round_newer, name="round-newer"),
    path("rounds/<slug:reference>/people/", rounds.round_people, name="round-people"),
    # views/setup.py
    path("rounds/<slug:reference>/setup/", setup.round_setup, name="round-setup"),
    path("rounds/<slug:reference>/setup/facts/", setup.round_edit, name="round-edit"),
    path("rounds/<slug:reference>/setup/instruments/", setup.round_instruments, name="round-instruments"),
    path("rounds/<slug:reference>/setup/critical/", setup.round_critical, name="round-critical"),
    path("rounds/<slug:reference>/setup/review/", setup.round_review, name="round-review"),
    path("rounds/<slug:reference>/setup/money/", setup.round_money, name="round-money"),
    path("rounds/<slug:reference>/setup/eligibility/", setup.round_checks, name="round-checks"),
    path("rounds/<slug:reference>/setup/ready/", setup.round_ready, name="round-ready"),
    # views/eligibility.py
    path("rounds/<slug:reference>/eligibility/", eligibility.eligibility_list, name="eligibility-list"),
    path("rounds/<slug:reference>/eligibility/pass/", eligibility.eligibility_pass, name="eligibility-pass"),
    path("proposals/<int:pk>/eligibility/", eligibility.proposal_eligibility, name="proposal-eligibility"),
    path("rounds/<slug:reference>/reports/", exports.round_reports, name="round-reports"),
    # views/proposals.py
    path("rounds/<slug:reference>/proposals/", proposals.proposal_list, name="proposal-list"),
    path("proposals/<int:pk>/", proposals.proposal_detail, name="proposal-detail"),
    path("proposals/<int:pk>/assessments/", proposals.proposal_assessments, name="proposal-assessments"),
    path("proposals/<int:pk>/history/", proposals.proposal_history, name="proposal-history"),
    # views/assignments.py
    path("rounds/<slug:reference>/assignments/", assignments.assignment_list, name="assignment-list"),
    path("rounds/<slug:reference>/assign/", assignments.assign, name="assign"),
    path("rounds/<slug:reference>/my-reviews/", assignments.my_reviews, name="my-reviews"),
    path("assignments/<int:pk>/declare/", assignments.declare, name="declare"),
    path("assignments/<int:pk>/begin/", assignments.begin, name="begin"),
    path("assignments/<int:pk>/decline/", assignments.decline, name="decline"),
    path("assignments/<int:pk>/abstain/", assignments.abstention, name="abstain"),
    path("assignments/<int:pk>/withdraw/", assignments.withdraw, name="withdraw"),
    # views/conflicts.py
    path("rounds/<slug:reference>/conflicts/", conflicts.conflict_list, name="conflict-list"),
    path("rounds/<slug:reference>/conflicts/look/", conflicts.conflict_look, name="conflict-look"),
    path("conflicts/<int:pk>/", conflicts.conflict_decide, name="conflict-decide"),
    # views/plans.py
    path("rounds/<slug:reference>/plan/", plans.plan_start, name="plan-start"),
    path("plans/<int:pk>/", plans.plan_detail, name="plan-detail"),
    path("plans/<int:pk>/apply/", plans.plan_apply, name="plan-apply"),
    path("plans/<int:pk>/discard/", plans.plan_discard, name="plan-discard"),
    path("plans/<int:pk>/proposals/<int:proposal_pk>/", plans.plan_proposal, name="plan-proposal"),
    # views/practice.py
    path("rounds/<slug:reference>/practice/", practice.round_practice, name="round-practice"),
    path("rounds/<slug:reference>/practice/ask/", practice.practice_ask, name="practice-ask"),
    path("proposals/<int:pk>/practice/", practice.proposal_practice, name="proposal-practice"),
    path("proposals/<int:pk>/practice/set/", practice.practice_set, name="practice-set"),
    path("proposals/<int:pk>/practice/reference/", practice.reference_begin, name="reference-begin"),
    path("assessments/<int:pk>/practice/", practice.assessment_practice, name="assessment-practice"),
    # views/reviewers.py, views/organisations.py
    path("settings/profile/", reviewers.own_profile, name="own-profile"),
    path("rounds/<slug:reference>/reviewers/<int:pk>/", reviewers.reviewer_profile, name="reviewer-profile"),
    path("organisations/", organisations.organisation_list, name="organisation-list"),
    path("organisations/<int:pk>/", organisations.organisation_detail, name="organisation-detail"),
    # views/offline.py
    path("offline/", offline.offline_page, name="offline"),
    path("offline/forms/<int:pk>/", offline.offline_form, name="offline-form"),
    path("offline/uploads/<int:pk>/", offline.offline_upload, name="offline-upload"),
    # views/panel.py
    path("rounds/<slug:reference>/panel/", panel.round_panel, name="round-panel"),
    path("proposals/<int:pk>/panel/", panel.proposal_panel, name="proposal-panel"),
    # views/consensus.py
    path("proposals/<int:pk>/consensus/", consensus.consensus_begin, name="consensus-begin"),
    path("consensus/<int:pk>/criteria/<int:criterion_pk>/", consensus.consensus_criterion, name="consensus-criterion"),
    path("consensus/<int:pk>/view/", consensus.consensus_conclusion, name="consensus-conclusion"),
    path("consensus/<int:pk>/close/", consensus.consensus_close, name="consensus-close"),
    path("consensus/<int:pk>/reopen/", consensus.consensus_reopen, name="consensus-reopen"),
    # views/meeting.py
    path("rounds/<slug:reference>/meeting/", meeting.meeting, name="meeting"),
    path("rounds/<slug:reference>/meeting/start/", meeting.meeting_start, name="meeting-start"),
    path("meetings/<int:pk>/state/", meeting.meeting_state, name="meeting-state"),
    path("meetings/<int:pk>/call/", meeting.meeting_call, name="meeting-call"),
    path("meetings/<int:pk>/agenda/", meeting.meeting_agenda, name="meeting-agenda"),
    path("meetings/<int:pk>/end/", meeting.meeting_end, name="meeting-end"),
    path("meetings/<int:pk>/minutes/", meeting.meeting_minutes, name="meeting-minutes"),
    # views/questions.py, views/proposal_questions.py, views/question_letter.py
    path("rounds/<slug:reference>/questions/", questions.question_list, name="question-list"),
    path("proposals/<int:pk>/questions/", proposal_questions.proposal_questions, name="proposal-questions"),
    path("proposals/<int:pk>/questions/letter/", question_letter.question_letter, name="question-letter"),
    # views/agreement.py, views/ranking.py
    path("rounds/<slug:reference>/agreement/", agreement.round_agreement, name="round-agreement"),
    path("rounds/<slug:reference>/ranking/", ranking.round_ranking, name="round-ranking"),
    # views/decisions.py, views/proposal_decision.py
    path("rounds/<slug:reference>/decisions/", decisions.decision_list, name="decision-list"),
    path("rounds/<slug:reference>/decisions/new/", decisions.decide_many, name="decide-many"),
    path("rounds/<slug:reference>/decisions/apply/", decisions.decision_apply, name="decision-apply"),
    path("rounds/<slug:reference>/decisions/reserve/", decisions.reserve, name="reserve-list"),
    path("proposals/<int:pk>/decision/", proposal_decision.proposal_decision, name="proposal-decision"),
    path("decisions/<int:pk>/withdraw/", decisions.decision_withdraw, name="decision-withdraw"),
    # views/dossiers.py
    path("rounds/<slug:reference>/dossier/", dossiers.round_dossier_page, name="round-dossier"),
    path("rounds/<slug:reference>/dossier.zip", dossiers.round_dossier_zip, name="round-dossier-zip"),
    path("proposals/<int:pk>/dossier/", dossiers.proposal_dossier_page, name="proposal-dossier"),
    path("proposals/<int:pk>/dossier.zip", dossiers.proposal_dossier_zip, name="proposal-dossier-zip"),
    # views/columns.py
    path("rounds/<slug:reference>/scores/", columns.score_columns, name="score-columns"),
    path("rounds/<slug:reference>/scores.<str:file_format>", columns.score_export, name="score-export"),
    path("rounds/<slug:reference>/codebook.<str:file_format>", columns.score_codebook, name="score-codebook"),
    path("columns/<int:pk>/remove/", columns.columns_remove, name="columns-remove"),
    # views/batches.py
    path("rounds/<slug:reference>/reports/many/", batches.batch_list, name="batch-list"),
    path("rounds/<slug:reference>/reports/many/new/", batches.batch_add, name="batch-add"),
    path("batches/<int:pk>/", batches.batch, name="batch"),
    path("batches/<int:pk>/cancel/", batches.batch_cancel, name="batch-cancel"),
    path("batches/<int:pk>/retry/", batches.batch_retry, name="batch-retry"),
    path("batches/<int:pk>/reports.zip", batches.batch_zip, name="batch-zip"),
    # views/reports.py
    path("proposals/<int:pk>/reports/", exports.proposal_reports, name="proposal-reports"),
    path("reports/<str:kind>/<int:pk>/", reports.report_page, name="report"),
    path("reports/<str:kind>/<int:pk>/state/", reports.report_state, name="report-state"),
    path("reports/<str:kind>/<int:pk>/report.pdf", reports.report_pdf, name="report-pdf"),
    # views/issuing.py, views/verify.py
    path("reports/<str:kind>/<int:pk>/issue/", issuing.issue_page, name="report-issue"),
    path("reports/<str:kind>/<int:pk>/issue/state/", issuing.issue_state, name="report-issue-state"),
    path("reports/issued/<int:pk>/file.pdf", issuing.issued_file, name="issued-file"),
    path("rounds/<slug:reference>/issued/", issuing.issued_list, name="issued-list"),
    path("verify/", verify.verify, name="verify"),
    # views/letterhead.py, views/letters.py
    path("letterhead/", letterhead.house_letterhead, name="house-letterhead"),
    path("letterhead/<int:pk>/logo/", letterhead.letterhead_logo, name="letterhead-logo"),
    path("letterhead/<int:pk>/colour.css", letterhead.letterhead_colour, name="letterhead-colour"),
    path("rounds/<slug:reference>/letterhead/", letterhead.round_letterhead, name="round-letterhead"),
    path("rounds/<slug:reference>/letters/", letters.letter_list, name="letter-list"),
    path("rounds/<slug:reference>/letters/<slug:kind>/<str:language>/", letters.letter_text, name="letter-text"),
    path("proposals/<int:pk>/feedback/", letters.feedback_words, name="feedback-words"),
    # views/instruments.py
    path("instruments/", instruments.instrument_list, name="instrument-list"),
    path("instruments/<slug:slug>/<int:number>/", instruments.version_detail, name="version-detail"),
    # views/studio/exchange.py
    path("instruments/import/", exchange.instrument_import, name="instrument-import"),
    path("instruments/import/confirm/", exchange.instrument_import_confirm, name="instrument-import-confirm"),
    path("instruments/<slug:slug>/<int:number>/export.yaml", exchange.version_yaml, name="version-yaml"),
    path("instruments/<slug:slug>/<int:number>/export.xlsx", exchange.version_xlsx, name="version-xlsx"),
    path("instruments/<slug:slug>/<int:number>/xlsform.xlsx", exchange.version_xlsform, name="version-xlsform"),
    path("instruments/<slug:slug>/<int:number>/print/", exchange.version_print, name="version-print"),
    path("instruments/<slug:slug>/<int:number>/blank.pdf", exchange.version_blank_pdf, name="version-blank-pdf"),
    # views/studio: drafts, saving, languages, steps
    path("instruments/new/", drafts.draft_start, name="draft-start"),
    path("instruments/<slug:slug>/<int:number>/edit/", drafts.draft_edit, name="draft-edit"),
    path("instruments/<slug:slug>/<int:number>/edit/save/", saving.draft_save, name="draft-save"),
    path(
        "instruments/<slug:slug>/<int:number>/edit/criteria/<str:key>/", drafts.draft_criterion, name="draft-criterion"
    ),
    path("instruments/<slug:slug>/<int:number>/edit/languages/", languages.draft_languages, name="draft-languages"),
    path(
        "instruments/<slug:slug>/<int:number>/edit/languages/<str:code>/",
        languages.draft_language,
        name="draft-language",
    ),
    path("instruments/<slug:slug>/<int:number>/edit/history/", steps.draft_history, name="draft-history"),
    # views/studio: checking, trying, publishing, use
    path("instruments/<slug:slug>/<int:number>/try/", trying.version_try, name="version-try"),
    path("instruments/<slug:slug>/<int:number>/check/", checking.version_check, name="version-check"),
    path("instruments/<slug:slug>/<int:number>/compare/", publishing.version_compare, name="version-compare"),
    path("instruments/<slug:slug>/<int:number>/publish/", publishing.version_publish, name="version-publish"),
    path("instruments/<slug:slug>/<int:number>/retire/", use.version_retire, name="version-retire"),
    path("instruments/<slug:slug>/<int:number>/remove/", use.version_remove, name="version-remove"),
    path("instruments/<slug:slug>/results-over-time/", use.instrument_results, name="results-over-time"),
    # views/notices.py, views/messages.py
    path("notices/", notices.notice_list, name="notice-list"),
    path("notices/read/", notices.notices_read, name="notices-read"),
    path("notices/<int:pk>/", notices.notice_open, name="notice-open"),
    path("settings/notices/", notices.notice_settings, name="notice-settings"),
    path("rounds/<slug:reference>/messages/", messages.message_list, name="message-list"),
    path("rounds/<slug:reference>/messages/new/", messages.message_write, name="message-write"),
    path("rounds/<slug:reference>/messages/send/", messages.message_send, name="message-send"),
    # views/history.py
    path("audit/", history.audit_list, name="audit-list"),
]
