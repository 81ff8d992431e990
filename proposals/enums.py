"""Fixed vocabularies of what was received."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RoundPhase(models.TextChoices):
    """Where a funding round stands. Later phases keep what earlier ones allowed to read."""

    INTAKE = "intake", _("Intake")
    ELIGIBILITY = "eligibility", _("Eligibility")
    REVIEW = "review", _("Review")
    PANEL = "panel", _("Panel")
    DECISION = "decision", _("Decision")
    DECIDED = "decided", _("Decided")


class RoundStage(models.TextChoices):
    """What kind of text applicants were asked for; some critical items wait for the full one."""

    CONCEPT = "concept", _("Concept notes")
    FULL = "full", _("Full proposals")


class FormLength(models.TextChoices):
    SHORT = "short", _("Short form: the items; sub-questions are optional")
    FULL = "full", _("Full form: the items and every sub-question")


class ProposalStatus(models.TextChoices):
    RECEIVED = "received", _("Received")
    INELIGIBLE = "ineligible", _("Not eligible")
    IN_REVIEW = "in_review", _("In review")
    FUNDED = "funded", _("Funded")
    FUNDED_WITH_CONDITIONS = "funded_with_conditions", _("Funded with conditions")
    RESERVE = "reserve", _("On the reserve list")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class ParticipationRole(models.TextChoices):
    PARTNER = "partner", _("Partner")
    FUNDER = "funder", _("Other funder")


class TagVocabulary(models.TextChoices):
    EXPLOITATION = "exploitation", _("Form of exploitation")
    POPULATION = "population", _("Population")
    FOUR_P = "four_p", _("Which P it serves")


class ExploitationForm(models.TextChoices):
    SEXUAL = "sexual", _("Sexual exploitation")
    FORCED_LABOUR = "forced_labour", _("Forced labour")
    FISHING = "fishing", _("Forced labour at sea")
    DOMESTIC = "domestic", _("Domestic servitude")
    FORCED_MARRIAGE = "forced_marriage", _("Forced marriage")
    FORCED_CRIME = "forced_crime", _("Forced crime, online scams included")
    BEGGING = "begging", _("Forced begging")
    ORGAN_REMOVAL = "organ_removal", _("Removal of organs")
    ONLINE_CHILD = "online_child", _("Online sexual abuse of children")
    OTHER = "other", _("Other")


class Population(models.TextChoices):
    WOMEN = "women", _("Women")
    MEN = "men", _("Men")
    GIRLS = "girls", _("Girls")
    BOYS = "boys", _("Boys")
    MIGRANT_WORKERS = "migrant_workers", _("Migrant workers")
    ETHNIC_MINORITIES = "ethnic_minorities", _("Ethnic minorities")
    STATELESS = "stateless", _("Stateless people")
    REFUGEES = "refugees", _("Refugees and displaced people")
    LGBTQI = "lgbtqi", _("LGBTQI+ people")
    DISABILITIES = "disabilities", _("People with disabilities")
    SURVIVORS = "survivors", _("Survivors")
    OFFICIALS = "officials", _("Officials and front-line staff")
    PUBLIC = "public", _("General public")


class FourP(models.TextChoices):
    PREVENTION = "prevention", _("Prevention")
    PROTECTION = "protection", _("Protection")
    PROSECUTION = "prosecution", _("Prosecution")
    PARTNERSHIP = "partnership", _("Partnership")


TAG_CHOICES = {
    TagVocabulary.EXPLOITATION: ExploitationForm,
    TagVocabulary.POPULATION: Population,
    TagVocabulary.FOUR_P: FourP,
}


class VictimContact(models.TextChoices):
    """Whether the project works with victims face to face; some critical items depend on it."""

    UNKNOWN = "unknown", _("Not stated")
    YES = "yes", _("Yes, direct contact with victims")
    NO = "no", _("No direct contact with victims")


class DocumentKind(models.TextChoices):
    NARRATIVE = "narrative", _("Narrative")
    BUDGET = "budget", _("Budget")
    LOGFRAME = "logframe", _("Logframe")
    ANNEX = "annex", _("Annex")


class ReadingState(models.TextChoices):
    """Whether the text and page pictures of a document have been made."""

    WAITING = "waiting", _("Being prepared")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Could not be read")


class ImportState(models.TextChoices):
    UPLOADED = "uploaded", _("Columns to be matched")
    MAPPED = "mapped", _("Ready to check")
    FINISHED = "finished", _("Imported")
    DISCARDED = "discarded", _("Discarded")


class AccessLevel(models.TextChoices):
    """What one person may see of one proposal (see `models.ProposalAccess`)."""

    NAMED = "named", _("Title, applicant and partners")
    FULL = "full", _("Everything")
    CLOSED = "closed", _("Closed because of a conflict of interest")
