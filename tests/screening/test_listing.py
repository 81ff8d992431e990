"""Lists: order, pages, export, neighbours."""

import io

import django_filters
import openpyxl
import pytest
from django.core.exceptions import PermissionDenied

from screening.listing import Column, build_listing, export_response, neighbours
from screening.models import AuditEvent, User
from tests.factories import make_user

pytestmark = pytest.mark.django_db

COLUMNS = [
    Column("name", "Name", ("name",), lambda row: row.name),
    Column("organisation", "Organisation", ("organisation_name", "name"), lambda row: row.organisation_name),
    Column("signed_in", "Signed in", ("last_login",), blanks_last=True),
    Column("tick", "Tick", hidden=True, css="fit"),
]


class NameFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(field_name="name", lookup_expr="icontains")

    class Meta:
        model = User
        fields = ()


def listing_of(rf, query="", **more):
    more.setdefault("default_sort", "name")
    return build_listing(rf.get(f"/?{query}"), User.objects.all(), COLUMNS, filterset=NameFilter, **more)


def names(listing):
    return [row.name for row in listing.rows]


@pytest.fixture
def people():
    return [
        make_user(name, organisation_name=organisation)
        for name, organisation in [("Cara", "Boat"), ("Ada", "Lamp"), ("Bea", "Boat")]
    ]


def test_a_list_is_in_its_default_order(rf, people):
    assert names(listing_of(rf)) == ["Ada", "Bea", "Cara"]


@pytest.mark.parametrize(
    "query, expected",
    [
        ("sort=-name", ["Cara", "Bea", "Ada"]),
        ("sort=organisation", ["Bea", "Cara", "Ada"]),
        ("sort=-organisation", ["Ada", "Cara", "Bea"]),
    ],
)
def test_a_list_is_sorted_by_the_key_asked_for(rf, people, query, expected):
    assert names(listing_of(rf, query)) == expected


@pytest.mark.parametrize("asked", ["password", "-password", "tick", "name__password", "", "--name"])
def test_only_declared_keys_sort(rf, people, asked):
    listing = listing_of(rf, f"sort={asked}")

    assert (names(listing), listing.order) == (["Ada", "Bea", "Cara"], "name")


def test_equal_values_are_in_the_order_of_their_keys(rf):
    twins = [make_user("Twin") for _number in range(3)]

    assert [row.pk for row in listing_of(rf).rows] == [twin.pk for twin in twins]
    assert [row.pk for row in listing_of(rf, "sort=-name").rows] == [twin.pk for twin in reversed(twins)]


@pytest.mark.parametrize("order", ["signed_in", "-signed_in"])
def test_blanks_come_last_in_both_directions(rf, people, order):
    people[0].last_login = people[0].created_at
    people[0].save()

    assert names(listing_of(rf, f"sort={order}"))[0] == "Cara"


def test_what_an_order_needs_is_annotated_only_for_it(rf, people):
    from django.db.models.functions import Length

    columns = [
        Column("name", "Name", ("name",)),
        Column("length", "L", ("size",), annotate=lambda: {"size": Length("name")}),
    ]
    plain = build_listing(rf.get("/"), User.objects.all(), columns, default_sort="name")
    sized = build_listing(rf.get("/?sort=length"), User.objects.all(), columns, default_sort="name")

    assert not hasattr(plain.rows[0], "size")
    assert [row.size for row in sized.rows] == [3, 3, 4]


def test_pages_and_a_page_beyond_the_last(rf):
    for number in range(5):
        make_user(f"Person {number}")

    second = listing_of(rf, "page=2", page_size=2)
    beyond = listing_of(rf, "page=99", page_size=2)
    nonsense = listing_of(rf, "page=x", page_size=2)

    assert (names(second), second.total, second.first_index) == (["Person 2", "Person 3"], 5, 2)
    assert names(beyond) == ["Person 4"]
    assert names(nonsense) == ["Person 0", "Person 1"]


def test_a_filter_narrows_rows_and_total(rf, people):
    listing = listing_of(rf, "q=ea")

    assert (names(listing), listing.total, listing.is_filtered) == (["Bea"], 1, True)
    assert not listing_of(rf, "q=").is_filtered


def test_rows_are_prepared_for_the_page_only(rf, people):
    seen = []

    listing_of(rf, page_size=2, prepare=lambda rows: seen.append(len(rows)))

    assert seen == [2]


def test_an_empty_list_has_one_empty_page(rf):
    listing = listing_of(rf)

    assert (names(listing), listing.total, listing.first_index) == ([], 0, 0)


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_takes_two_queries_whatever_its_length(rf, django_assert_num_queries, count):
    for number in range(count):
        make_user(f"Person {number}")

    with django_assert_num_queries(2):
        assert listing_of(rf).total == count


# -- Export -------------------------------------------------------------------------------------


def exported(rf, user, query, **more):
    request = rf.get(f"/?{query}")
    request.user = user
    listing = listing_of(rf, query, page_size=2)
    more = {"name": "people", "subject": user, "may_export": True, **more}
    return export_response(request, listing, **more)


def test_an_export_has_every_page_of_the_filter_in_the_order_shown(rf, people):
    response = exported(rf, people[0], "export=csv&sort=-name&page=2")

    lines = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()

    assert lines == ["Name,Organisation", "Cara,Boat", "Bea,Boat", "Ada,Lamp"]
    assert response["Content-Disposition"] == 'attachment; filename="people.csv"'


def test_a_workbook_holds_the_same(rf, people):
    response = exported(rf, people[0], "export=xlsx&q=a")

    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content))).active
    response.close()

    assert list(sheet.values) == [("Name", "Organisation"), ("Ada", "Lamp"), ("Bea", "Boat"), ("Cara", "Boat")]


def test_a_formula_in_an_export_is_text(rf):
    user = make_user("=cmd()")

    content = b"".join(exported(rf, user, "export=csv").streaming_content).decode()

    assert "'=cmd()" in content


def test_an_export_is_on_record(rf, people):
    exported(rf, people[0], "export=csv&sort=-name&q=a&page=2")

    event = AuditEvent.objects.get(event="list_exported")
    assert (event.actor_id, event.subject_label) == (people[0].pk, "people")
    assert event.after == {"file": "people.csv", "rows": 3, "filter": "sort=-name&q=a"}


def test_nobody_takes_away_what_she_may_only_see(rf, people):
    with pytest.raises(PermissionDenied):
        exported(rf, people[0], "export=csv", may_export=False)

    assert not AuditEvent.objects.exists()


def test_an_unknown_format_is_no_export(rf, people):
    listing = listing_of(rf, "export=exe")

    assert (listing.export_format, len(listing.rows)) == ("", 3)


# -- Neighbours ---------------------------------------------------------------------------------


def test_neighbours_are_the_rows_beside_a_place(rf, people):
    cara, ada, bea = people
    queryset = listing_of(rf).queryset

    first, middle, last = (neighbours(queryset, place, pk) for place, pk in [(0, ada.pk), (1, bea.pk), (2, cara.pk)])

    assert (first.previous, first.next) == (None, bea.pk)
    assert (middle.previous, middle.next) == (ada.pk, cara.pk)
    assert (last.previous, last.next) == (bea.pk, None)


@pytest.mark.parametrize("place", [0, 5])
def test_a_place_where_something_else_stands_has_no_neighbours(rf, people, place):
    assert neighbours(listing_of(rf).queryset, place, people[0].pk) is None
