"""Every address, who sees it, who may not, and who must not know of it. `PAGES` is the promise.

A new page needs its line here; `tests/test_permissions.py` fails without it.
"""

from dataclasses import dataclass

EVERYBODY = (
    "officer", "chair", "observer", "drafting", "submitted", "undeclared", "unassigned", "conflicted",
    "conflicted_officer", "other_officer", "administrator", "auditor", "instrument_editor", "stranger",
)  # fmt: skip
MEMBERS = tuple(who for who in EVERYBODY if who not in ("other_officer", "instrument_editor", "stranger"))
PROPOSAL_READERS = ("officer", "chair", "observer", "drafting", "submitted", "auditor")


@dataclass(frozen=True)
class Page:
    """`seen_by` get the page, `refused` a 403; everybody else a 404."""

    place: str
    seen_by: tuple[str, ...]
    refused: tuple[str, ...] = ()


def rest(*excepted):
    return tuple(who for who in EVERYBODY if who not in excepted)


REVIEWERS = ("drafting", "submitted", "undeclared", "unassigned", "conflicted")
OFFICERS = ("officer", "conflicted_officer")

PANEL_READERS = ("officer", "chair", "observer", "submitted", "auditor")
DECISION_READERS = (*OFFICERS, "chair", "observer", "auditor")
PANEL_FOLLOWERS = (*OFFICERS, "chair", "observer", *REVIEWERS, "auditor")

PAGES = {
    "checklist:home": Page("nothing", EVERYBODY),
    "checklist:search": Page("nothing", EVERYBODY),
    "checklist:round-list": Page("nothing", EVERYBODY),
    "checklist:round-add": Page(
        "nothing", (*OFFICERS, "other_officer", "administrator"), rest(*OFFICERS, "other_officer", "administrator")
    ),
    "checklist:round-detail": Page("round", MEMBERS),
    "checklist:round-setup": Page(
        "round", (*OFFICERS, "administrator"), tuple(w for w in MEMBERS if w not in (*OFFICERS, "administrator"))
    ),
    "checklist:round-edit": Page(
        "round", (*OFFICERS, "administrator"), tuple(w for w in MEMBERS if w not in (*OFFICERS, "administrator"))
    ),
    "checklist:round-instruments": Page(
        "round", (*OFFICERS, "administrator"), tuple(w for w in MEMBERS if w not in (*OFFICERS, "administrator"))
    ),
    "checklist:round-critical": Page(
        "round", (*OFFICERS, "administrator"), tuple(w for w in MEMBERS if w not in (*OFFICERS, "administrator"))
    ),
    "checklist:round-review": Page(
        "round", (*OFFICERS, "administrator"), tuple(w for w in MEMBERS if w not in (*OFFICERS, "administrator"))
    ),
    "checklist:round-money": Page(
        "round", (*OFFICERS, "administrator"), tuple(w for w in MEMBERS if w not in (*OFFICERS, "administrator"))
    ),
    "checklist:round-checks": Page(
        "round", (*OFFICERS, "administrator"), tuple(w for w in MEMBERS if w not in (*OFFICERS, "administrator"))
    ),
    "checklist:round-ready": Page(
        "round", (*OFFICERS, "administrator"), tuple(w for w in MEMBERS if w not in (*OFFICERS, "administrator"))
    ),
    "checklist:round-people": Page(
        "round", (*OFFICERS, "administrator"), tuple(w for w in MEMBERS if w not in (*OFFICERS, "administrator"))
    ),
    "checklist:round-reports": Page(
        "round",
        (*OFFICERS, "chair", "auditor"),
        tuple(w for w in MEMBERS if w not in (*OFFICERS, "chair", "auditor")),
    ),
    "checklist:score-export": Page(
        "scores",
        (*OFFICERS, "chair", "auditor"),
        tuple(w for w in MEMBERS if w not in (*OFFICERS, "chair", "auditor")),
    ),
    "checklist:score-columns": Page(
        "round",
        (*OFFICERS, "chair", "auditor"),
        tuple(w for w in MEMBERS if w not in (*OFFICERS, "chair", "auditor")),
    ),
    "checklist:score-codebook": Page(
        "scores",
        (*OFFICERS, "chair", "auditor"),
        tuple(w for w in MEMBERS if w not in (*OFFICERS, "chair", "auditor")),
    ),
    "checklist:round-dossier": Page(
        "round",
        (*OFFICERS, "chair", "auditor"),
        tuple(w for w in MEMBERS if w not in (*OFFICERS, "chair", "auditor")),
    ),
    "checklist:round-dossier-zip": Page(
        "round",
        (*OFFICERS, "chair", "auditor"),
        tuple(w for w in MEMBERS if w not in (*OFFICERS, "chair", "auditor")),
    ),
    "checklist:proposal-dossier": Page(
        "proposal", ("officer", "chair", "auditor"), ("observer", "drafting", "submitted")
    ),
    "checklist:proposal-dossier-zip": Page(
        "proposal", ("officer", "chair", "auditor"), ("observer", "drafting", "submitted")
    ),
    "checklist:batch-list": Page(
        "round",
        (*OFFICERS, "chair", "auditor"),
        tuple(w for w in MEMBERS if w not in (*OFFICERS, "chair", "auditor")),
    ),
    "checklist:batch-add": Page(
        "round",
        (*OFFICERS, "chair", "auditor"),
        tuple(w for w in MEMBERS if w not in (*OFFICERS, "chair", "auditor")),
    ),
    "checklist:batch": Page("batch", ("officer",)),
    "checklist:batch-zip": Page("batch", ("officer",)),
    "checklist:proposal-list": Page(
        "round",
        (*OFFICERS, "chair", "observer", "auditor"),
        tuple(w for w in MEMBERS if w not in (*OFFICERS, "chair", "observer", "auditor")),
    ),
    "checklist:proposal-detail": Page("proposal", PROPOSAL_READERS),
    "checklist:proposal-assessments": Page("proposal", PROPOSAL_READERS),
    "checklist:proposal-history": Page(
        "proposal", ("officer", "chair", "auditor"), ("observer", "drafting", "submitted")
    ),
    "checklist:assignment-list": Page(
        "round",
        (*OFFICERS, "chair", "auditor"),
        tuple(w for w in MEMBERS if w not in (*OFFICERS, "chair", "auditor")),
    ),
    "checklist:eligibility-list": Page(
        "round",
        (*OFFICERS, "chair", "observer", "auditor"),
        tuple(w for w in MEMBERS if w not in (*OFFICERS, "chair", "observer", "auditor")),
    ),
    "checklist:eligibility-pass": Page("round", OFFICERS, tuple(w for w in MEMBERS if w not in OFFICERS)),
    "checklist:proposal-eligibility": Page(
        "proposal", ("officer",), tuple(w for w in PROPOSAL_READERS if w != "officer")
    ),
    "checklist:assign": Page("round", OFFICERS, tuple(w for w in MEMBERS if w not in OFFICERS)),
    "checklist:conflict-list": Page(
        "round",
        (*OFFICERS, "chair", "auditor"),
        tuple(w for w in MEMBERS if w not in (*OFFICERS, "chair", "auditor")),
    ),
    "checklist:conflict-decide": Page(
        "suspicion", ("officer", "chair"), ("observer", "drafting", "submitted", "undeclared", "auditor")
    ),
    "checklist:plan-start": Page("round", OFFICERS, tuple(w for w in MEMBERS if w not in OFFICERS)),
    "checklist:plan-detail": Page("plan", OFFICERS, tuple(w for w in MEMBERS if w not in OFFICERS)),
    "checklist:plan-proposal": Page("planned", ("officer",), tuple(w for w in MEMBERS if w not in OFFICERS)),
    "checklist:round-practice": Page(
        "round", (*OFFICERS, "chair"), tuple(w for w in MEMBERS if w not in (*OFFICERS, "chair"))
    ),
    "checklist:practice-set": Page("proposal", ("officer", "chair"), ("observer", "drafting", "submitted", "auditor")),
    "checklist:proposal-practice": Page("practice", (*OFFICERS, "chair"), ("observer", "submitted", "auditor")),
    "checklist:assessment-practice": Page("practised", (*OFFICERS, "chair", "submitted"), ("observer", "auditor")),
    "checklist:reviewer-profile": Page("reviewer", OFFICERS, tuple(w for w in MEMBERS if w not in OFFICERS)),
    "checklist:own-profile": Page("nothing", EVERYBODY),
    "checklist:organisation-list": Page(
        "nothing", (*OFFICERS, "other_officer", "administrator"), rest(*OFFICERS, "other_officer", "administrator")
    ),
    "checklist:organisation-detail": Page(
        "organisation", (*OFFICERS, "other_officer", "administrator"), rest(*OFFICERS, "other_officer", "administrator")
    ),
    "checklist:my-reviews": Page("round", REVIEWERS, tuple(w for w in MEMBERS if w not in REVIEWERS)),
    "checklist:declare": Page("undeclared", ("undeclared",), ("officer", "chair", "auditor")),
    "checklist:decline": Page("undeclared", ("undeclared",), ("officer", "chair", "auditor")),
    "checklist:abstain": Page("begun", ("drafting",), ("officer", "chair", "auditor")),
    "checklist:withdraw": Page("undeclared", ("officer",), ("chair", "undeclared", "auditor")),
    "checklist:assessment-edit": Page("draft", ("drafting",)),
    "checklist:assessment-submit": Page("draft", ("drafting",)),
    "checklist:offline": Page("nothing", EVERYBODY),
    "checklist:offline-upload": Page("upload", ("drafting",)),
    "checklist:assessment-reopen": Page("done", ("officer",), ("chair", "observer", "submitted", "auditor")),
    "checklist:assessment-result": Page("done", ("officer", "chair", "observer", "submitted", "auditor")),
    "checklist:assessment-history": Page("done", ("officer", "chair", "observer", "submitted", "auditor")),
    "checklist:scorecard": Page("done", ("officer", "chair", "observer", "submitted", "auditor")),
    "checklist:scorecard-pdf": Page("done", ("officer", "chair", "observer", "submitted", "auditor")),
    "checklist:scorecard-print": Page("done", ("officer", "chair", "observer", "submitted", "auditor")),
    "checklist:scorecard-state": Page("done", ("officer", "chair", "observer", "submitted", "auditor")),
    "checklist:proposal-reports": Page("proposal", ("officer", "chair", "auditor")),
    "checklist:report": Page("report", ("officer", "chair", "auditor")),
    "checklist:report-pdf": Page("report", ("officer", "chair", "auditor")),
    "checklist:report-state": Page("report", ("officer", "chair", "auditor")),
    "checklist:report-issue": Page("report", ("officer",), ("chair", "auditor")),
    "checklist:report-issue-state": Page("report", ("officer",), ("chair", "auditor")),
    "checklist:issued-file": Page("issued", ("officer", "chair", "auditor")),
    "checklist:issued-list": Page(
        "round",
        (*OFFICERS, "chair", "auditor"),
        tuple(w for w in MEMBERS if w not in (*OFFICERS, "chair", "auditor")),
    ),
    "checklist:verify": Page("nothing", EVERYBODY),
    "checklist:house-letterhead": Page("nothing", ("administrator",), rest("administrator")),
    "checklist:letterhead-logo": Page("letterhead", MEMBERS),
    "checklist:letterhead-colour": Page("letterhead", MEMBERS),
    "checklist:round-letterhead": Page("round", OFFICERS, tuple(w for w in MEMBERS if w not in OFFICERS)),
    "checklist:letter-list": Page("round", OFFICERS, tuple(w for w in MEMBERS if w not in OFFICERS)),
    "checklist:letter-text": Page("letter", OFFICERS, tuple(w for w in MEMBERS if w not in OFFICERS)),
    "checklist:feedback-words": Page("proposal", ("officer",), tuple(w for w in PROPOSAL_READERS if w != "officer")),
    "checklist:round-panel": Page("round", PANEL_FOLLOWERS, ("administrator",)),
    "checklist:proposal-panel": Page("proposal", PANEL_READERS, ("drafting",)),
    "checklist:consensus-criterion": Page("settled", ("chair",), ("officer", "observer", "submitted", "auditor")),
    "checklist:consensus-conclusion": Page("consensus", ("chair",), ("officer", "observer", "submitted", "auditor")),
    "checklist:consensus-reopen": Page("consensus", ("chair",), ("officer", "observer", "submitted", "auditor")),
    "checklist:question-list": Page("round", DECISION_READERS, tuple(w for w in MEMBERS if w not in DECISION_READERS)),
    "checklist:proposal-questions": Page("proposal", PANEL_READERS, ("drafting",)),
    "checklist:question-letter": Page(
        "proposal", ("officer",), ("chair", "observer", "drafting", "submitted", "auditor")
    ),
    "checklist:decision-list": Page("round", DECISION_READERS, tuple(w for w in MEMBERS if w not in DECISION_READERS)),
    "checklist:decide-many": Page("round", OFFICERS, tuple(w for w in MEMBERS if w not in OFFICERS)),
    "checklist:decision-apply": Page("round", OFFICERS, tuple(w for w in MEMBERS if w not in OFFICERS)),
    "checklist:reserve-list": Page("round", DECISION_READERS, tuple(w for w in MEMBERS if w not in DECISION_READERS)),
    "checklist:proposal-decision": Page(
        "proposal", ("officer", "chair", "observer", "auditor"), ("drafting", "submitted")
    ),
    "checklist:meeting": Page("round", PANEL_FOLLOWERS, ("administrator",)),
    "checklist:meeting-state": Page("meeting", PANEL_FOLLOWERS, ("administrator",)),
    "checklist:meeting-minutes": Page("meeting", PANEL_FOLLOWERS, ("administrator",)),
    "checklist:round-agreement": Page(
        "round",
        (*OFFICERS, "chair", "observer", "auditor"),
        tuple(w for w in MEMBERS if w not in (*OFFICERS, "chair", "observer", "auditor")),
    ),
    "checklist:round-ranking": Page(
        "round",
        (*OFFICERS, "chair", "observer", "auditor"),
        tuple(w for w in MEMBERS if w not in (*OFFICERS, "chair", "observer", "auditor")),
    ),
    "checklist:notice-list": Page("nothing", EVERYBODY),
    "checklist:notice-open": Page("notice", ("observer",)),
    "checklist:notice-settings": Page("nothing", EVERYBODY),
    "checklist:message-list": Page("round", OFFICERS, tuple(w for w in MEMBERS if w not in OFFICERS)),
    "checklist:message-write": Page("round", OFFICERS, tuple(w for w in MEMBERS if w not in OFFICERS)),
    "checklist:instrument-list": Page("nothing", EVERYBODY),
    "checklist:version-detail": Page("version", EVERYBODY),
    "checklist:version-yaml": Page("version", EVERYBODY),
    "checklist:version-xlsx": Page("version", EVERYBODY),
    "checklist:version-xlsform": Page("version", EVERYBODY),
    "checklist:version-print": Page("version", EVERYBODY),
    "checklist:version-blank-pdf": Page("version", EVERYBODY),
    "checklist:draft-start": Page("nothing", ("instrument_editor",), rest("instrument_editor")),
    "checklist:draft-edit": Page("written", ("instrument_editor",), ("administrator", "auditor")),
    "checklist:draft-criterion": Page("written_item", ("instrument_editor",), ("administrator", "auditor")),
    "checklist:draft-languages": Page("written", ("instrument_editor",), ("administrator", "auditor")),
    "checklist:draft-language": Page("written_language", ("instrument_editor",), ("administrator", "auditor")),
    "checklist:draft-history": Page("written", ("instrument_editor", "administrator", "auditor")),
    "checklist:version-try": Page("version", EVERYBODY),
    "checklist:version-check": Page("written", ("instrument_editor", "administrator", "auditor")),
    "checklist:version-compare": Page("written", ("instrument_editor", "administrator", "auditor")),
    "checklist:version-publish": Page("written", ("instrument_editor",), ("administrator", "auditor")),
    "checklist:version-remove": Page("written", ("instrument_editor",), ("administrator", "auditor")),
    "checklist:version-retire": Page("version", ("instrument_editor",), rest("instrument_editor")),
    "checklist:results-over-time": Page("instrument", EVERYBODY),
    "checklist:round-newer": Page(
        "round",
        (*OFFICERS, "administrator", "instrument_editor"),
        tuple(w for w in MEMBERS if w not in (*OFFICERS, "administrator")),
    ),
    "checklist:instrument-import": Page("nothing", ("instrument_editor",), rest("instrument_editor")),
    "checklist:audit-list": Page("nothing", ("auditor",), rest("auditor")),
    "proposals:proposal-add": Page("round", OFFICERS, tuple(w for w in MEMBERS if w not in OFFICERS)),
    "proposals:proposal-edit": Page("proposal", ("officer",), tuple(w for w in PROPOSAL_READERS if w != "officer")),
    "proposals:import-list": Page("round", OFFICERS, tuple(w for w in MEMBERS if w not in OFFICERS)),
    "proposals:import-add": Page("round", OFFICERS, tuple(w for w in MEMBERS if w not in OFFICERS)),
    "proposals:import-columns": Page("import", OFFICERS, tuple(w for w in MEMBERS if w not in OFFICERS)),
    "proposals:import-preview": Page("import", OFFICERS, tuple(w for w in MEMBERS if w not in OFFICERS)),
    "proposals:document-add": Page("proposal", ("officer",), tuple(w for w in PROPOSAL_READERS if w != "officer")),
    "proposals:document-remove": Page("document", ("officer",), tuple(w for w in PROPOSAL_READERS if w != "officer")),
    "proposals:document-view": Page("document", PROPOSAL_READERS),
    "proposals:document-state": Page("document", PROPOSAL_READERS),
    "proposals:document-file": Page("document", PROPOSAL_READERS),
    "proposals:document-page": Page("page", PROPOSAL_READERS),
    "screening:user-list": Page("nothing", ("administrator", "auditor"), rest("administrator", "auditor")),
    "screening:user-add": Page("nothing", ("administrator",), rest("administrator")),
    "screening:user-edit": Page("person", ("administrator",), rest("administrator")),
    "screening:settings": Page("nothing", EVERYBODY),
    "screening:components": Page("nothing", ("administrator",), rest("administrator")),
}

# Addresses that only take what a form sends; their refusals are tested beside their views.
POSTED = {
    "checklist:columns-remove": Page("columns", ("officer",)),
    "checklist:batch-cancel": Page("batch", ("officer",)),
    "checklist:batch-retry": Page("batch", ("officer",)),
    "checklist:conflict-look": Page("round", OFFICERS),
    "checklist:plan-apply": Page("plan", OFFICERS),
    "checklist:practice-ask": Page("round", (*OFFICERS, "chair")),
    "checklist:reference-begin": Page("proposal", ("officer", "chair")),
    "checklist:plan-discard": Page("plan", OFFICERS),
    "checklist:draft-save": Page("written", ("instrument_editor",)),
    "checklist:instrument-import-confirm": Page("nothing", ("instrument_editor",)),
    "checklist:response-save": Page("criterion", ("drafting",)),
    "checklist:conclusion-save": Page("draft", ("drafting",)),
    "checklist:offline-form": Page("draft", ("drafting",)),
    "checklist:begin": Page("begun", ("drafting",)),
    "checklist:message-send": Page("round", OFFICERS),
    "checklist:notices-read": Page("nothing", EVERYBODY),
    "checklist:consensus-begin": Page("proposal", ("chair",)),
    "checklist:consensus-close": Page("consensus", ("chair",)),
    "checklist:decision-withdraw": Page("decision", ("officer",)),
    "checklist:meeting-start": Page("round", ("chair",)),
    "checklist:meeting-call": Page("meeting", ("chair",)),
    "checklist:meeting-agenda": Page("meeting", ("chair",)),
    "checklist:meeting-end": Page("meeting", ("chair",)),
    "screening:view-keep": Page("nothing", EVERYBODY),
    "screening:view-remove": Page("view", ("observer",)),
    "proposals:document-read-again": Page("document", ("officer",)),
    "proposals:import-discard": Page("import", OFFICERS),
}
