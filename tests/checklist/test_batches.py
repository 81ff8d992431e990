"""Many reports at once: shared by workers, taken up again, cancelled, tried again, taken as one file."""

import io
import json
import zipfile
from datetime import timedelta
from hashlib import sha256

import pytest
from django.urls import reverse
from django.utils import timezone

from checklist import jobs
from checklist.actions import batches
from checklist.actions.batches import CannotAskForReports, CannotChangeBatch
from checklist.actions.reports import keep_scorecard
from checklist.models import Assessment, BatchItem, IssuedReport, ReportBatch
from checklist.selectors.batches import batch_for, left_batches, progress_of
from proposals.enums import AccessLevel
from screening.models import AuditEvent, Job
from screening.pdf import MadePdf
from tests.factories import make_member, make_officer, make_round, open_to

from .written import submitted

LOOK = {"language": "en", "paper": "a4", "names": "named"}


@pytest.fixture
def round_(instruments):
    return make_round("MANY")


@pytest.fixture
def officer(round_):
    return make_officer(round_)


def asked(round_, officer, count=3):
    return batches.request_batch(
        round_=round_, kind="scorecard", subjects=submitted(round_, count), options=LOOK, by=officer
    )


def finish(item, data=b"%PDF-1.7 made"):
    """As if the PDF had been made."""
    made = MadePdf(data + str(item.pk).encode(), 4)
    report = keep_scorecard(assessment=item.assessment, content_key=f"key {item.pk}", made=made, language="en")
    batches.end_item(item=item, report=report)
    return report


def work():
    """What a worker does until nothing is left to do."""
    while job := Job.objects.filter(state="queued").order_by("pk").first():
        jobs.handle_make_batch(job)
        Job.objects.filter(pk=job.pk).update(state="done", finished_at=timezone.now())


def states(batch):
    return list(batch.items.order_by("position").values_list("state", flat=True))


# -- Asking -------------------------------------------------------------------------------------


def test_asking_makes_an_item_for_each_and_sets_workers_to_it(round_, officer):
    batch = asked(round_, officer)

    assert states(batch) == ["waiting"] * 3
    assert sorted(Job.objects.values_list("key", flat=True)) == [f"batch:{batch.pk}:{n}:1" for n in (1, 2, 3)]
    event = AuditEvent.objects.get(event="batch_requested")
    assert (event.actor_id, event.round_id, event.after) == (
        officer.pk, round_.pk, {"kind": "scorecard", "reports": 3},
    )  # fmt: skip


def test_the_same_thing_twice_is_made_once(round_, officer):
    (assessment,) = submitted(round_, 1)

    batch = batches.request_batch(
        round_=round_, kind="scorecard", subjects=[assessment, assessment], options=LOOK, by=officer
    )

    assert batch.items.count() == 1


def test_nothing_selected_and_too_much_are_refused(round_, officer, monkeypatch):
    with pytest.raises(CannotAskForReports, match="Nothing in this selection"):
        batches.request_batch(round_=round_, kind="scorecard", subjects=[], options=LOOK, by=officer)
    monkeypatch.setattr(batches, "MOST_ITEMS", 1)
    with pytest.raises(CannotAskForReports, match="more than 1"):
        asked(round_, officer, 2)

    assert not ReportBatch.objects.exists()


# -- Workers ------------------------------------------------------------------------------------


def test_two_workers_never_hold_the_same_item(round_, officer):
    batch = asked(round_, officer, 2)

    first, second = (batches.take_item(batch_pk=batch.pk) for _ in range(2))

    assert {first.pk, second.pk} == set(batch.items.values_list("pk", flat=True))
    assert batches.take_item(batch_pk=batch.pk) is None


def test_what_a_dead_worker_held_is_taken_on_again_and_her_late_word_does_not_count(round_, officer):
    batch = asked(round_, officer, 1)
    held = batches.take_item(batch_pk=batch.pk)
    later = timezone.now() + timedelta(seconds=batches.ABANDONED_SECONDS + 1)

    assert batches.take_item(batch_pk=batch.pk) is None
    again = batches.take_item(batch_pk=batch.pk, now=later)
    batches.end_item(item=held, error="late")

    assert (again.pk, again.attempts, states(batch)) == (held.pk, 2, ["working"])


def test_somebody_who_says_she_is_alive_keeps_her_item(round_, officer):
    batch = asked(round_, officer, 1)
    item = batches.take_item(batch_pk=batch.pk, now=timezone.now() - timedelta(hours=1))

    batches.keep_item(item=item)

    assert batches.take_item(batch_pk=batch.pk) is None


def test_an_item_that_kills_three_workers_fails_with_its_reason(round_, officer):
    batch = asked(round_, officer, 1)
    for hours in (4, 3, 2):
        assert batches.take_item(batch_pk=batch.pk, now=timezone.now() - timedelta(hours=hours))

    assert batches.take_item(batch_pk=batch.pk) is None

    item = batch.items.get()
    batch.refresh_from_db()
    assert (item.state, item.error, batch.state) == ("failed", str(batches.STOPPED), "done")


def test_the_last_item_ends_the_batch(round_, officer):
    batch = asked(round_, officer, 2)
    for ended in ("running", "done"):
        finish(batches.take_item(batch_pk=batch.pk))
        batch.refresh_from_db()
        assert batch.state == ended

    assert batch.finished_at is not None


def test_a_batch_whose_jobs_are_lost_is_taken_up(round_, officer):
    batch = asked(round_, officer, 1)
    assert left_batches() == []
    Job.objects.update(state="failed", finished_at=timezone.now())

    jobs.take_up_batches()

    assert Job.objects.filter(state="queued", subject_id=str(batch.pk)).count() == batches.LANES


def test_a_batch_whose_worker_died_before_she_could_end_it_is_ended(round_, officer, monkeypatch):
    batch = asked(round_, officer, 1)
    monkeypatch.setattr(batches, "end_batch", lambda **_killed: None)
    finish(batches.take_item(batch_pk=batch.pk))
    Job.objects.update(state="failed", finished_at=timezone.now())

    jobs.take_up_batches()
    work()

    batch.refresh_from_db()
    assert (batch.state, states(batch)) == ("done", ["done"])


def test_a_turn_makes_reports_as_they_may_be_seen_and_names_what_cannot_be(round_, officer):
    batch = asked(round_, officer, 3)
    good, closed, gone = (item.assessment for item in batch.items.order_by("position"))
    open_to(closed.proposal, officer, AccessLevel.CLOSED)
    Assessment.objects.filter(pk=gone.pk).update(state="draft", submitted_at=None)

    work()

    batch.refresh_from_db()
    items = list(batch.items.order_by("position"))
    assert [(item.state, item.error) for item in items] == [
        ("done", ""), ("failed", jobs.CLOSED), ("failed", jobs.CLOSED),
    ]  # fmt: skip
    assert items[0].report.assessment_id == good.pk
    assert batch.state == "done"
    # Asked for once more, it is there already.
    again = batches.request_batch(round_=round_, kind="scorecard", subjects=[good], options=LOOK, by=officer)
    work()
    assert again.items.get().report_id == items[0].report_id
    assert IssuedReport.objects.count() == 1


# -- Cancelling and trying again ----------------------------------------------------------------


def test_cancelling_keeps_what_is_made_and_what_is_at_work(round_, officer):
    batch = asked(round_, officer, 3)
    finish(batches.take_item(batch_pk=batch.pk))
    working = batches.take_item(batch_pk=batch.pk)

    batches.cancel_batch(batch=batch, by=officer)

    assert states(batch) == ["done", "working", "cancelled"]
    assert batches.take_item(batch_pk=batch.pk) is None
    finish(working)
    assert states(batch) == ["done", "done", "cancelled"]
    assert AuditEvent.objects.get(event="batch_cancelled").after == {"left_out": 1}
    with pytest.raises(CannotChangeBatch):
        batches.cancel_batch(batch=batch, by=officer)


def test_only_what_failed_is_tried_again(round_, officer):
    batch = asked(round_, officer, 2)
    finish(batches.take_item(batch_pk=batch.pk))
    with pytest.raises(CannotChangeBatch):
        batches.retry_failed(batch=batch, by=officer)
    batches.end_item(item=batches.take_item(batch_pk=batch.pk), error="It was too long.")
    Job.objects.update(state="done", finished_at=timezone.now())

    assert batches.retry_failed(batch=batch, by=officer) == 1

    batch.refresh_from_db()
    assert (states(batch), batch.state) == (["done", "waiting"], "running")
    item = batches.take_item(batch_pk=batch.pk)
    assert (item.position, item.attempts) == (2, 1)
    assert Job.objects.filter(state="queued").count() == 1
    assert AuditEvent.objects.get(event="batch_retried").after == {"reports": 1}


def test_time_left_comes_from_the_speed_so_far(round_, officer):
    batch = asked(round_, officer, 6)
    now = timezone.now()
    for second in range(3):
        finish(batches.take_item(batch_pk=batch.pk))
        BatchItem.objects.filter(position=second + 1).update(finished_at=now + timedelta(seconds=10 * second))

    progress = progress_of(batch, now + timedelta(seconds=20))

    assert (progress.done, progress.left, progress.seconds_left) == (3, 3, 30)


# -- Pages --------------------------------------------------------------------------------------


def taken(client, batch):
    response = client.get(reverse("checklist:batch-zip", args=[batch.pk]))
    return zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))


def finished(round_, officer, count):
    batch = asked(round_, officer, count)
    for _ in range(count):
        finish(batches.take_item(batch_pk=batch.pk))
    return batch


def test_the_zip_holds_every_report_and_their_hashes(client, round_, officer):
    batch = finished(round_, officer, 2)
    client.force_login(officer)

    archive = taken(client, batch)

    manifest = json.loads(archive.read("manifest.json"))
    assert archive.testzip() is None
    assert [(each["name"], each["sha256"]) for each in manifest["files"]] == [
        (name, sha256(archive.read(name)).hexdigest()) for name in archive.namelist()[:-1]
    ]
    assert len(manifest["files"]) == 2
    assert AuditEvent.objects.filter(event="report_downloaded", subject_type="reportbatch").exists()


def test_what_a_conflict_closed_in_between_is_not_in_the_zip(client, round_, officer):
    batch = finished(round_, officer, 2)
    closed = batch.items.order_by("position").first().assessment.proposal
    open_to(closed, officer, AccessLevel.CLOSED)
    client.force_login(officer)

    archive = taken(client, batch)

    assert len(archive.namelist()) == 2
    assert closed.reference not in " ".join(archive.namelist())
    assert json.loads(archive.read("manifest.json"))["not_open_to_you_any_more"] == 1


def test_a_lost_file_is_named_and_the_rest_is_taken(client, round_, officer):
    batch = finished(round_, officer, 2)
    lost = batch.items.order_by("position").first().report
    lost.file.storage.delete(lost.file.name)
    client.force_login(officer)

    archive = taken(client, batch)

    (named,) = json.loads(archive.read("manifest.json"))["files_missing_from_the_store"]
    assert named["assessment"] == lost.assessment_id
    assert len(archive.namelist()) == 2


def test_a_batch_is_hers_alone_and_only_while_she_may_export(round_, officer):
    batch = asked(round_, officer, 1)

    assert batch_for(batch.pk, officer) == batch
    assert batch_for(batch.pk, make_officer(round_)) is None
    officer.grants.all().delete()
    assert batch_for(batch.pk, type(officer).objects.get(pk=officer.pk)) is None


def test_from_the_list_to_the_batch(client, round_, officer):
    first, second = submitted(round_, 2)
    client.force_login(officer)
    address = reverse("checklist:batch-add", args=[round_.reference])

    page = client.get(f"{address}?proposals={first.proposal_id}").content.decode()
    response = client.post(f"{address}?proposals={first.proposal_id}", {"kind": "scorecard", **LOOK})

    assert "Reviewer scorecard: 1 file" in page
    batch = ReportBatch.objects.get()
    assert response.headers["Location"] == reverse("checklist:batch", args=[batch.pk])
    assert [item.assessment_id for item in batch.items.all()] == [first.pk]
    client.post(f"{address}?all=1&q=harbours", {"kind": "scorecard", **LOOK})
    client.post(f"{address}?all=reviews&state=submitted", {"kind": "scorecard", **LOOK, "paper": "letter"})
    client.post(f"{address}?assessments={second.pk}", {"kind": "scorecard", **LOOK})
    assert [each.items.count() for each in ReportBatch.objects.order_by("pk")] == [1, 2, 2, 1]


def test_what_she_may_not_read_cannot_be_asked_for(client, round_, officer):
    (closed,) = submitted(round_, 1)
    open_to(closed.proposal, officer, AccessLevel.CLOSED)
    client.force_login(officer)
    address = reverse("checklist:batch-add", args=[round_.reference])

    for query in (f"proposals={closed.proposal_id}", f"assessments={closed.pk}", "all=1", "all=reviews"):
        page = client.post(f"{address}?{query}", {"kind": "scorecard", **LOOK}).content.decode()
        assert closed.proposal.reference not in page

    assert not ReportBatch.objects.exists()


def test_the_page_says_how_far_it_is_and_why_something_failed(client, round_, officer):
    batch = asked(round_, officer, 3)
    finish(batches.take_item(batch_pk=batch.pk))
    batches.end_item(item=batches.take_item(batch_pk=batch.pk), error="The report took too long and was stopped.")
    client.force_login(officer)
    address = reverse("checklist:batch", args=[batch.pk])

    running = client.get(address).content.decode()
    client.post(reverse("checklist:batch-cancel", args=[batch.pk]))
    stopped = client.get(address).content.decode()

    assert "2 of 3" in running
    assert "The report took too long and was stopped." in running
    assert "1 report was not made" in stopped
    assert "Try the 1 that failed again" in stopped
    client.post(reverse("checklist:batch-retry", args=[batch.pk]))
    assert states(batch) == ["done", "waiting", "cancelled"]


@pytest.mark.parametrize("name", ["batch", "batch-list", "batch-add"])
def test_the_number_of_queries_does_not_grow(client, round_, officer, name, django_assert_max_num_queries):
    client.force_login(officer)
    batch = asked(round_, officer, 1)
    arguments = [batch.pk] if name == "batch" else [round_.reference]
    address = reverse(f"checklist:{name}", args=arguments) + "?all=1"
    client.get(address)
    with django_assert_max_num_queries(40) as once:
        client.get(address)
    for _ in range(2):
        batch = asked(round_, officer, 2)
    for item in BatchItem.objects.filter(batch=batch):
        batches.end_item(item=batches.take_item(batch_pk=item.batch_id), error="No.")
    address = reverse(f"checklist:{name}", args=[batch.pk] if name == "batch" else [round_.reference]) + "?all=1"

    with django_assert_max_num_queries(len(once)):
        client.get(address)


def test_a_chair_makes_reports_and_an_observer_does_not(client, round_):
    for role, status in (("chair", 200), ("observer", 403)):
        client.force_login(make_member(round_, role))
        assert client.get(reverse("checklist:batch-list", args=[round_.reference])).status_code == status
