"""Fixed vocabularies of how proposals are judged. The codes of answers live in `answer_kinds`."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class VersionState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    RETIRED = "retired", _("Retired")


class ResultKind(models.TextChoices):
    """What an instrument's answers add up to; never a total over several instruments."""

    SHARE = "share", _("Share of favourable answers")
    PROFILE = "profile", _("Profile, item by item")
    FLAGS = "flags", _("List of flags")
    COVERAGE = "coverage", _("What is covered")


class InstrumentScope(models.TextChoices):
    """Which proposals an instrument is for; the others are judged without it."""

    ALL = "all", _("All proposals")
    PREVENTION = "prevention", _("Prevention proposals only")


class EditKind(models.TextChoices):
    """What one step in the making of a draft did."""

    TEXT = "text", _("Changed")
    ADD = "add", _("Added")
    REMOVE = "remove", _("Removed")
    MOVE = "move", _("Moved")


class Comparability(models.TextChoices):
    """What became of a criterion from one version to the next, as the administrator decided."""

    SAME = "same", _("Same")
    REWORDED = "reworded", _("Reworded, same meaning")
    CHANGED = "changed", _("Changed in meaning")
    NEW = "new", _("New")
    DROPPED = "dropped", _("Dropped")


class Polarity(models.TextChoices):
    YES_IS_GOOD = "yes_is_good", _("Yes is favourable")
    YES_IS_BAD = "yes_is_bad", _("Yes is adverse")


class CriticalRule(models.TextChoices):
    NONE = "none", _("None")
    EXPLAIN = "explain", _("Needs an explanation to go on")
    BLOCK = "block", _("Blocks a recommendation unless overridden in writing")


class CriticalCondition(models.TextChoices):
    ALWAYS = "always", _("Always")
    FULL_PROPOSAL = "full_proposal_stage", _("For full proposals")
    VICTIM_CONTACT = "direct_contact_with_victims", _("Where the project has direct contact with victims")


class LinkStrength(models.TextChoices):
    MAIN = "main", _("Main evidence")
    SUPPORTING = "supporting", _("Supporting")


class AssignmentState(models.TextChoices):
    ASSIGNED = "assigned", _("Waiting for the declaration")
    DECLARED = "declared", _("Declared, may assess")
    CONFLICTED = "conflicted", _("Conflict of interest")
    DECLINED = "declined", _("Declined")
    ABSTAINED = "abstained", _("Abstained")
    WITHDRAWN = "withdrawn", _("Taken back")


class AssessmentKind(models.TextChoices):
    INDIVIDUAL = "individual", _("Individual")
    CONSENSUS = "consensus", _("Consensus")
    REFERENCE = "reference", _("Reference for practice")


class AssessmentState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")


class Conclusion(models.TextChoices):
    """One reviewer's overall view. Advice, not the donor's decision."""

    RECOMMEND = "recommend", _("Recommend")
    RECOMMEND_WITH_CHANGES = "recommend_with_changes", _("Recommend with changes")
    DO_NOT_RECOMMEND = "do_not_recommend", _("Do not recommend")


class NamesShown(models.TextChoices):
    """Whose names reviewers of a round see. Officers and chairs always see them."""

    ALL = "all", _("Reviewers see each other's names")
    LETTERS = "letters", _("Reviewers see each other as A, B, C")


class CheckOutcome(models.TextChoices):
    PASSED = "passed", _("Passed")
    FAILED = "failed", _("Failed")


class TieKind(models.TextChoices):
    """How a person is tied to an organisation, as she declared it."""

    EMPLOYED = "employed", _("Works or worked there")
    BOARD = "board", _("On its board")
    PAID = "paid", _("Was paid by it")
    FAMILY = "family", _("Family or close friend works there")
    FUNDER = "funder", _("Decides on its funding elsewhere")
    OTHER = "other", _("Other tie")


class SuspicionKind(models.TextChoices):
    """Why the program suspects a conflict of interest."""

    SAME_ORGANISATION = "same_organisation", _("Same organisation")
    EMAIL_DOMAIN = "email_domain", _("Same e-mail domain")
    DECLARED_TIE = "declared_tie", _("A tie that was declared")
    EARLIER_PARTNERSHIP = "earlier_partner", _("Earlier partnership")


class SuspicionState(models.TextChoices):
    OPEN = "open", _("To be looked at")
    CONFIRMED = "confirmed", _("Confirmed")
    DISMISSED = "dismissed", _("Dismissed")
    GONE = "gone", _("No longer found")


class SkillVocabulary(models.TextChoices):
    """What a reviewer brings; compared with the proposal when reviewers are chosen."""

    LANGUAGE = "language", _("Language")
    COUNTRY = "country", _("Country")
    EXPLOITATION = "exploitation", _("Form of exploitation")
    POPULATION = "population", _("Population")
    FOUR_P = "four_p", _("Which P it serves")


class PlanState(models.TextChoices):
    DRAFT = "draft", _("Not applied")
    APPLIED = "applied", _("Applied")
    DISCARDED = "discarded", _("Discarded")


class MeetingState(models.TextChoices):
    RUNNING = "running", _("Running")
    ENDED = "ended", _("Ended")


class Outcome(models.TextChoices):
    """What a panel recommends, and what a funder decides."""

    FUND = "fund", _("Fund")
    FUND_WITH_CONDITIONS = "fund_with_conditions", _("Fund with conditions")
    RESERVE = "reserve", _("Reserve list")
    DECLINE = "decline", _("Decline")


class DecisionState(models.TextChoices):
    PENDING = "pending", _("Pending")
    APPLIED = "applied", _("Applied")
    REPLACED = "replaced", _("Replaced by a later decision")
    WITHDRAWN = "withdrawn", _("Taken back before it was applied")


class QuestionState(models.TextChoices):
    DRAFT = "draft", _("Not sent")
    SENT = "sent", _("Sent")
    ANSWERED = "answered", _("Answered")
    DROPPED = "dropped", _("Left out")


class LetterChannel(models.TextChoices):
    EMAIL = "email", _("By e-mail")
    LETTER = "letter", _("As a letter")


class NoticeKind(models.TextChoices):
    ASSIGNED = "assigned", _("A proposal was assigned to me")
    DUE_SOON = "due_soon", _("An assessment is due in 7 or 2 days")
    OVERDUE = "overdue", _("An assessment is overdue")
    REOPENED = "reopened", _("My assessment was reopened")
    LOOK_AGAIN = "look_again", _("The applicant answered a question")
    CONFLICT = "conflict", _("A conflict of interest was declared or suspected")
    MENTIONED = "mentioned", _("Somebody named me in a discussion")
    DECIDED = "decided", _("A decision was applied")
    MESSAGE = "message", _("A message from the programme officer")


class Audience(models.TextChoices):
    """To whom of a round a message goes."""

    REVIEWERS = "reviewers", _("All reviewers")
    OWING = "owing", _("Reviewers who still owe an assessment")
    PANEL = "panel", _("The panel: chairs and reviewers")
    NAMED = "named", _("People whom I name")


class ReportKind(models.TextChoices):
    """The reports there are; the code stands in addresses, file names and the JSON inside the PDF."""

    SCORECARD = "scorecard", _("Reviewer scorecard")
    PROPOSAL = "proposal", _("Proposal assessment report")
    FEEDBACK = "feedback", _("Feedback to the applicant")
    QUESTIONS = "questions", _("Questions letter")
    DECISION = "decision", _("Decision letter")
    ROUND = "round", _("Round report")
    BLANK = "blank", _("Blank form")


class BatchState(models.TextChoices):
    RUNNING = "running", _("Being made")
    DONE = "done", _("Done")
    CANCELLED = "cancelled", _("Cancelled")


class ItemState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    WORKING = "working", _("Being made")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


class UploadState(models.TextChoices):
    """What became of a form that was filled in offline."""

    READ = "read", _("To be compared and confirmed")
    CONFIRMED = "confirmed", _("Taken over")
    DISCARDED = "discarded", _("Discarded")
    REFUSED = "refused", _("Refused")
