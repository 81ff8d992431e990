"""Making the zip of many reports: what is asked of the database for each."""

import io
import zipfile

import pytest

from checklist.actions import batches
from checklist.actions.reports import keep_scorecard
from checklist.reporting.many import zip_of
from screening.models import User
from screening.pdf import MadePdf
from tests.factories import answer_all, make_assessment, make_proposal

from .written import submit

pytestmark = pytest.mark.django_db

LOOK = {"language": "en", "paper": "a4", "names": "named"}
COUNT = 4


@pytest.fixture
def assessments(instruments, round_):
    made = [make_assessment(proposal=make_proposal(round_)) for _ in range(COUNT)]
    for assessment in made:
        answer_all(assessment)
    return [submit(assessment) for assessment in made]


@pytest.mark.parametrize("kind", ["scorecard", "proposal"])
def test_the_zip_asks_little_for_each_report(round_, officer, assessments, kind, django_assert_max_num_queries):
    subjects = assessments if kind == "scorecard" else [each.proposal for each in assessments]
    batch = batches.request_batch(round_=round_, kind=kind, subjects=subjects, options=LOOK, by=officer)
    for assessment in assessments:
        item = batches.take_item(batch_pk=batch.pk)
        made = MadePdf(b"%PDF-1.7", 1)
        report = keep_scorecard(assessment=assessment, content_key=f"key {item.pk}", made=made, language="en")
        batches.end_item(item=item, report=report)

    # Four that do not depend on how many there are; of each what is closed to her, and what she owes.
    with django_assert_max_num_queries(4 + 2 * COUNT):
        pieces = b"".join(zip_of(batch, User.objects.get(pk=officer.pk)))

    assert len(zipfile.ZipFile(io.BytesIO(pieces)).namelist()) == 1 + COUNT
