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
    PROFILE = "profile", _("Profile of levels")
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
    WITHDRAWN = "withdrawn", _("Taken back")


class AssessmentKind(models.TextChoices):
    INDIVIDUAL = "individual", _("Individual")
    CONSENSUS = "consensus", _("Consensus")


class AssessmentState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")


class Conclusion(models.TextChoices):
    """One reviewer's overall view. Advice, not the donor's decision."""

    RECOMMEND = "recommend", _("Recommend")
    RECOMMEND_WITH_CHANGES = "recommend_with_changes", _("Recommend with changes")
    DO_NOT_RECOMMEND = "do_not_recommend", _("Do not recommend")
