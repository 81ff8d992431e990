"""Every address as every role: who sees it, who may not, who must not know of it.

`PAGES` in `tests/pages.py` is the promise. An address that is missing there fails the last test, so a new page
cannot be forgotten.
"""

import logging
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied
from django.core.handlers import exception
from django.core.handlers.exception import response_for_exception
from django.db import connection
from django.http import Http404, HttpResponse
from django.template import loader
from django.urls import URLResolver, get_resolver, reverse

from checklist.models import Assessment
from checklist.views.studio import exchange
from proposals import rules
from proposals.models import Document, Proposal
from tests.pages import EVERYBODY, PAGES, POSTED
from tests.world import world as world

pytestmark = pytest.mark.django_db


def shown(response):
    """200 for a page or a redirect within the site; else the status."""
    is_shown = response.status_code in (200, 302) and "/accounts/" not in response.headers.get("Location", "")
    if is_shown and response.streaming:
        b"".join(response.streaming_content)  # closes the file that it sends
    return 200 if is_shown else response.status_code


@pytest.fixture
def plain_refusals(monkeypatch):
    """The number alone: two of three answers are refusals, and their page is always the same."""

    def refuse(request, problem):
        status = {Http404: 404, PermissionDenied: 403}.get(type(problem))
        return HttpResponse(status=status) if status else response_for_exception(request, problem)

    monkeypatch.setattr(exception, "response_for_exception", refuse)
    monkeypatch.setattr(logging.getLogger("django.request"), "disabled", True)


@pytest.fixture
def files_made_once(monkeypatch):
    """Whoever takes the file of a version gets the same: made for the first, kept for the others."""
    for name in ("write_workbook", "write_xlsform"):
        monkeypatch.setattr(exchange, name, _kept(getattr(exchange, name)))


@pytest.fixture
def pages_drawn_once(monkeypatch):
    """A view decides who sees its page before the page is drawn: that is done for the first who sees it.

    How it is drawn for each of the others is seen in the walk of who sees what, which asks for all addresses too.
    """
    draw, drawn = loader.render_to_string, set()

    def once(template, context=None, request=None, using=None):
        page = (template, request.path) if request else None
        if page in drawn:
            return ""
        if page:
            drawn.add(page)
        return draw(template, context, request, using=using)

    monkeypatch.setattr(loader, "render_to_string", once)


def _kept(write):
    made = {}

    def once(content):
        if content.spec.slug not in made:
            with write(content) as file:
                made[content.spec.slug] = file.read()
        return BytesIO(made[content.spec.slug])

    return once


def asking(page):
    """Who tries an address. On PostgreSQL its queries are what can differ: one who sees it and one who does not."""
    if connection.vendor == "sqlite":
        return EVERYBODY
    return {page.seen_by[0], next((who for who in EVERYBODY if who not in page.seen_by), EVERYBODY[0])}


def test_every_page_is_shown_to_the_right_people(client, world, plain_refusals, files_made_once, pages_drawn_once):
    wrong = []
    for who, person in world.people.items():
        client.force_login(person)
        for name, page in PAGES.items():
            if who not in asking(page):
                continue
            expected = 200 if who in page.seen_by else 403 if who in page.refused else 404
            found = shown(client.get(reverse(name, args=world.places[page.place])))
            if found != expected:
                wrong.append(f"{name} as {who}: {found}, not {expected}")

    assert wrong == []


def test_forms_are_taken_from_the_right_people_only(client, world, plain_refusals):
    wrong = []
    for who, person in world.people.items():
        client.force_login(person)
        for name, page in POSTED.items():
            if who not in asking(page):
                continue
            response = client.post(reverse(name, args=world.places[page.place]), {"revision": "0"})
            if (response.status_code not in (403, 404)) != (who in page.seen_by):
                wrong.append(f"{name} as {who}: {response.status_code}")

    assert wrong == []


def test_nothing_is_shown_without_signing_in(client, world):
    wrong = []
    for name, page in PAGES.items():
        response = client.get(reverse(name, args=world.places[page.place]))
        if not response.headers.get("Location", "").startswith(reverse("account_login")):
            wrong.append(f"{name}: {response.status_code}")

    assert wrong == []


def test_predicate_and_queryset_agree_for_everybody(world):
    proposal = Proposal.objects.counted().get()
    for who, person in world.people.items():
        visible = Proposal.objects.visible_to(person).filter(pk=proposal.pk).exists()
        named = Proposal.objects.named_to(person).filter(pk=proposal.pk).exists()
        documents = Document.objects.visible_to(person).exists()
        assert (visible, named) == (
            rules.can_read_proposal(person, proposal),
            rules.can_see_proposal_name(person, proposal),
        ), who
        assert documents == visible, who


def test_nobody_sees_a_draft_but_its_reviewer(world):
    drafts = Assessment.objects.individual().filter(state="draft")

    readers = {who for who, person in world.people.items() if drafts.visible_to(person).exists()}

    assert readers == {"drafting"}


def test_every_address_is_in_the_table():
    # Own addresses of allauth, health and language stand under other rules.
    named = {f"{space}:{name}" for space in ("checklist", "proposals", "screening") for name in _names(space)}
    by_person_alone = {"checklist:shortcuts", "screening:shortcuts-switch", "checklist:assessment-language"}

    assert named - set(PAGES) - set(POSTED) - by_person_alone == set()


def _names(space):
    resolvers = [
        each for each in get_resolver().url_patterns if isinstance(each, URLResolver) and each.namespace == space
    ]
    return [pattern.name for resolver in resolvers for pattern in resolver.url_patterns]
