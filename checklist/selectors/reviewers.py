"""What reviewers bring: languages, countries, subjects; and their ties."""

import re
from collections import defaultdict

from django.db.models import Q
from django.utils import timezone

from checklist.enums import SkillVocabulary
from checklist.languages import language_name
from checklist.models import ReviewerSkill
from proposals.countries import country_name, is_country
from proposals.enums import ExploitationForm, FourP, Population
from proposals.models import Organisation, Participation, Proposal

SUBJECTS = {
    SkillVocabulary.EXPLOITATION: ExploitationForm,
    SkillVocabulary.POPULATION: Population,
    SkillVocabulary.FOUR_P: FourP,
}
# How many organisations a field offers while one writes.
MOST_OFFERED = 300


def is_skill(vocabulary, code):
    """Whether the code may be said in this vocabulary."""
    if vocabulary == SkillVocabulary.LANGUAGE:
        # Languages are codes of ISO 639; proposals may name more of them than we have names for.
        return re.fullmatch(r"[a-z]{2,3}", code) is not None
    if vocabulary == SkillVocabulary.COUNTRY:
        return is_country(code)
    return code in SUBJECTS[SkillVocabulary(vocabulary)].values


def skill_word(vocabulary, code):
    """A code in the reader's words."""
    if vocabulary == SkillVocabulary.LANGUAGE:
        return language_name(code)
    if vocabulary == SkillVocabulary.COUNTRY:
        return country_name(code) if is_country(code) else code
    return str(dict(SUBJECTS[SkillVocabulary(vocabulary)].choices).get(code, code))


def skills_of(users):
    """{user id: {vocabulary: set of codes}}; one query."""
    found = {user.pk: defaultdict(set) for user in users}
    rows = ReviewerSkill.objects.filter(user__in=list(found))
    for user, vocabulary, code in rows.values_list("user_id", "vocabulary", "code"):
        found[user][vocabulary].add(code)
    return found


def ties_of(user):
    """Her ties, those that hold first; `has_ended` says which do not."""
    rows = list(user.ties.select_related("organisation").order_by("organisation__name", "pk"))
    today = timezone.localdate()
    for row in rows:
        row.has_ended = row.until is not None and row.until < today
    return sorted(rows, key=lambda row: row.has_ended)


def organisations_offered(user):
    """Names of organisations in proposals that the reader may know of, to choose from while she writes."""
    named = Proposal.objects.named_to(user).values("pk")
    partner = Participation.objects.filter(proposal__in=named).values("organisation_id")
    rows = Organisation.objects.filter(Q(proposals__in=named) | Q(pk__in=partner)).order_by("name").distinct()
    return rows.values_list("name", flat=True)[:MOST_OFFERED]
