"""What the demo's reviewers know well, and one tie in which the program sees a possible conflict."""

from checklist.actions.reviewers import Tie, declare_tie, set_skills
from checklist.enums import TieKind

SKILLS = {
    "reviewer1": {
        "language": ["en", "ne", "km"],
        "country": ["KH", "TH"],
        "four_p": ["protection"],
        "population": ["survivors", "women", "girls"],
    },
    "reviewer2": {
        "language": ["en", "th"],
        "country": ["TH", "MM"],
        "four_p": ["prosecution", "prevention"],
        "exploitation": ["fishing", "forced_labour", "forced_crime"],
    },
    "reviewer3": {
        "language": ["en", "fr", "vi"],
        "country": ["VN", "LA"],
        "four_p": ["prevention", "partnership"],
        "exploitation": ["forced_marriage", "online_child"],
    },
}
TIED = "reviewer3"


def introduce_reviewers(people, content, proposals):
    """Let each say what she knows well; one declares a tie to an applicant whom she was not asked about.

    `proposals` maps the files of `content` to what was registered. What is said already is kept.
    """
    for name, skills in SKILLS.items():
        person = people[name]
        if not person.skills.exists():
            set_skills(user=person, skills=skills, by=person)
    tied = people[TIED]
    free = [
        each
        for each in content.proposals
        if not each.ineligible and TIED not in {review.reviewer for review in each.reviews}
    ]
    if free and not tied.ties.exists():
        tie = Tie(proposals[free[0].file].applicant.name, TieKind.BOARD, "Sat on its advisory board until last year.")
        declare_tie(user=tied, tie=tie, by=tied)
