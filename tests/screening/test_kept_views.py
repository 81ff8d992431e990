"""Views of a list that somebody keeps: filter and order under a name."""

import pytest
from django.urls import reverse

from screening.actions import MOST_VIEWS, CannotKeepView, keep_view, remove_view
from screening.listing import kept_views
from screening.models import AuditEvent, SavedView
from tests.factories import make_user

pytestmark = pytest.mark.django_db

PAGE = "checklist:round-ranking R"


@pytest.fixture
def user():
    return make_user()


def test_a_view_is_kept_and_on_record(user):
    view = keep_view(page=PAGE, name=" Cambodia ", query="country=KH", by=user)

    assert (view.name, view.query) == ("Cambodia", "country=KH")
    event = AuditEvent.objects.get(event="view_kept")
    assert (event.actor_id, event.after) == (user.pk, {"page": PAGE, "query": "country=KH"})


def test_the_same_name_replaces_the_view_before(user):
    keep_view(page=PAGE, name="Mine", query="country=KH", by=user)
    keep_view(page=PAGE, name="Mine", query="country=LA", by=user)

    assert [view.query for view in SavedView.objects.all()] == ["country=LA"]


def test_a_view_needs_a_name_and_there_are_not_endlessly_many(user):
    with pytest.raises(CannotKeepView):
        keep_view(page=PAGE, name="  ", query="", by=user)
    SavedView.objects.bulk_create(SavedView(user=user, page=PAGE, name=str(n)) for n in range(MOST_VIEWS))

    with pytest.raises(CannotKeepView):
        keep_view(page=PAGE, name="One more", query="", by=user)


def test_a_view_is_removed_by_its_owner_alone(user):
    view = keep_view(page=PAGE, name="Mine", query="", by=user)

    with pytest.raises(CannotKeepView):
        remove_view(view=view, by=make_user("Sam Stranger"))
    remove_view(view=view, by=user)

    assert not SavedView.objects.exists()
    assert AuditEvent.objects.filter(event="view_removed").count() == 1


def test_keeping_leads_back_to_the_list_as_it_was_shown(client, user):
    client.force_login(user)

    response = client.post(
        reverse("screening:view-keep"),
        {"page": PAGE, "name": "Mine", "query": "country=KH&sort=-mean", "back": "/rounds/R/ranking/"},
    )

    assert response.headers["Location"] == "/rounds/R/ranking/?country=KH&sort=-mean"
    assert SavedView.objects.get().user == user


@pytest.mark.parametrize("back", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)", ""])
def test_no_form_leads_away_from_this_site(client, user, back):
    client.force_login(user)

    response = client.post(reverse("screening:view-keep"), {"page": PAGE, "name": "Mine", "back": back})

    assert response.headers["Location"] == "/"


def test_another_persons_view_cannot_be_found(client, user):
    view = keep_view(page=PAGE, name="Mine", query="", by=user)
    client.force_login(make_user("Sam Stranger"))

    assert client.post(reverse("screening:view-remove", args=[view.pk])).status_code == 404


def test_a_list_shows_only_ones_own_views_of_it(rf, user):
    keep_view(page=PAGE, name="B", query="", by=user)
    keep_view(page=PAGE, name="A", query="", by=user)
    keep_view(page="another list", name="C", query="", by=user)
    keep_view(page=PAGE, name="D", query="", by=make_user("Sam Stranger"))
    request = rf.get("/rounds/R/ranking/?country=KH&page=2")
    request.user = user

    kept = kept_views(request, PAGE)

    assert [view.name for view in kept["views"]] == ["A", "B"]
    assert kept["query"] == "country=KH"
