"""The pages that are measured, at one size: who asks for what, and the floor beside it."""

from dataclasses import replace
from itertools import count

from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from benchmarks.measuring import measure_page, measure_stream, read
from checklist.demo.building import build_demo
from checklist.demo.content import read_content
from checklist.management.commands.create_demo import FOLDER
from checklist.models import Assessment, Response
from proposals.models import FundingRound
from screening.models import User

LIST_ROWS = 50
FORM_ROWS = 17
OFFICER, REVIEWER = "officer@demo.example", "reviewer1@demo.example"
HALF_DONE = "12-new-dawn"  # a proposal with documents that the first reviewer has begun to assess
MOST_REPEATS_OF_EXPORT = 3


def add_work_in_progress():
    """One proposal with documents and a half-done assessment, beside the large round."""
    content = read_content(FOLDER)
    chosen = tuple(each for each in content.proposals if each.file == HALF_DONE)
    build_demo(content=replace(content, proposals=chosen), stage="review", today=timezone.localdate())


def client_of(email):
    """A browser in which this person is signed in, and which sends the token of forms."""
    client = Client(enforce_csrf_checks=True, SERVER_NAME="127.0.0.1")
    client.force_login(User.objects.get(email=email), backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


class Cases:
    """An installation with a large round, and one proposal on which somebody is at work."""

    def __init__(self, size, repeats):
        self.size, self.repeats = size, repeats
        self.round = FundingRound.objects.get(reference=f"BENCH-{size}")
        self.draft = Assessment.objects.get(reviewer__email=REVIEWER, state="draft")
        self.officer, self.reviewer = client_of(OFFICER), client_of(REVIEWER)

    def run(self):
        """Every case in turn, as Measured."""
        proposals = reverse("checklist:proposal-list", args=[self.round.reference])
        last = max(1, self.size // LIST_ROWS)
        yield self.page("home, officer", "home", self.officer, "/")
        yield self.page("home, reviewer", "home", self.reviewer, "/")
        yield self.page("proposal list", "list", self.officer, proposals)
        yield self.page("proposal list, last page", "list", self.officer, f"{proposals}?page={last}")
        # Both match every proposal: the same number of rows at every size, and the most to count and sort.
        yield self.page("list, filtered and sorted", "list", self.officer, f"{proposals}?review=complete&sort=-amount")
        yield self.page("list, searched", "list", self.officer, f"{proposals}?q=invented&review=complete")
        yield self.page("assessment form", "form", self.reviewer, self.form_address, FORM_ROWS)
        yield self.save()
        yield self.page("result page", "result", self.officer, self.submitted.get_absolute_url(), FORM_ROWS)
        for shape in ("wide", "long"):
            yield self.export("csv", shape)

    @property
    def form_address(self):
        return reverse("checklist:assessment-edit", args=[self.draft.pk])

    @property
    def submitted(self):
        return Assessment.objects.submitted().filter(proposal__round=self.round).earliest("pk")

    def page(self, name, kind, client, address, rows=None):
        """The floor shows as many rows as the page has, or as many as are said."""
        rows = rows or max(1, read(client.get(address)).count(b"<tr"))
        floor = f"/floor/list/{self.round.pk}/{rows}/"
        return measure_page(
            name, kind, lambda: client.get(address), lambda: client.get(floor), repeats=self.repeats, rows=rows
        )

    def save(self):
        """The rationale of one answer, each time another one, as the script of the form sends it."""
        response = self.draft.responses.select_related("criterion").earliest("pk")
        name, client = f"c{response.criterion_id}", self.reviewer
        read(client.get(self.form_address))  # sets the cookie with the token
        headers = {"x-csrftoken": client.cookies["csrftoken"].value, "accept": "application/json"}
        address = reverse("checklist:response-save", args=[self.draft.pk, response.criterion_id])
        other = Response.objects.filter(assessment=self.draft).exclude(pk=response.pk).earliest("pk")
        words = (f"Another wording, number {number}." for number in count())
        revisions = count(response.revision)

        def ours():
            data = {f"{name}-revision": next(revisions), f"{name}-answer": response.answer}
            return client.post(address, {**data, f"{name}-rationale": next(words)}, headers=headers)

        def bare():
            return client.post(f"/floor/save/{other.pk}/", {"rationale": next(words)}, headers=headers)

        return measure_page("saving one answer", "save", ours, bare, repeats=self.repeats, rows=1)

    def export(self, file_format, shape):
        address = reverse("checklist:score-export", args=[self.round.reference, file_format])
        return measure_stream(
            f"export of all scores, {shape}",
            "export",
            lambda: self.officer.get(f"{address}?shape={shape}"),
            repeats=1 if self.size > 1_000 else min(self.repeats, MOST_REPEATS_OF_EXPORT),
            rows=self.size * 3 * (1 if shape == "wide" else FORM_ROWS),
        )
