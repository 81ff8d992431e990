"""The pages on which a draft is written: with a script, without one, and for two people at once."""

from html.parser import HTMLParser

import pytest
from django.urls import reverse

from checklist.actions import studio
from checklist.actions.publishing import remove_draft
from checklist.models import InstrumentVersion
from checklist.selectors.draft_content import value_at
from tests.factories import make_administrator

pytestmark = pytest.mark.django_db
JSON = {"Accept": "application/json"}


@pytest.fixture
def save_url(draft):
    return address("draft-save", draft)


@pytest.fixture
def editor(client, anna):
    client.force_login(anna)
    return client


def address(name, draft, *more):
    return reverse(f"checklist:{name}", args=[draft.instrument.slug, draft.number, *more])


def typed(path, before, after, **more):
    return {f"b:{path}": before, f"v:{path}": after, **more}


# -- Starting -------------------------------------------------------------------------------


def test_start_from_a_version(editor, published):
    said = {"way": "copy", "version": published.pk, "what": "own", "title": "Ours", "short_title": "Our list"}

    response = editor.post(reverse("checklist:draft-start"), said)

    draft = InstrumentVersion.objects.get(instrument__slug="ours")
    assert response.url == address("draft-edit", draft)
    assert not draft.translations.filter(path="title").exists()
    assert draft.translations.filter(path="criteria/5/wording").exists()


def test_an_own_instrument_needs_its_titles(editor, published):
    said = {"way": "copy", "version": published.pk, "what": "own"}

    response = editor.post(reverse("checklist:draft-start"), said)

    assert b"An instrument of your own needs this." in response.content
    assert not InstrumentVersion.objects.filter(state="draft").exists()


def test_a_refusal_is_said_on_the_form(editor, draft, published):
    response = editor.post(reverse("checklist:draft-start"), {"way": "copy", "version": published.pk, "what": "next"})

    assert b"is being written already" in response.content


def test_start_with_an_empty_sheet(editor):
    said = {"title": "New", "short_title": "N", "source": "Our own", "result_kind": "flags", "language": "fr"}
    response = editor.post(
        reverse("checklist:draft-start"), {"way": "empty", **{f"empty-{key}": text for key, text in said.items()}}
    )

    shown = editor.get(response.url)
    assert b"No items yet" in shown.content
    assert InstrumentVersion.objects.get(instrument__slug="new").language == "fr"


# -- Saving from a script -------------------------------------------------------------------


def test_a_field_is_saved_and_the_page_told(editor, draft, save_url):
    stood = value_at(draft, "criteria/5/wording")

    response = editor.post(save_url, typed("criteria/5/wording", stood, "Enough?", preview="5"), headers=JSON)

    body = response.json()
    assert response.status_code == 200
    assert body["values"] == {"criteria/5/wording": "Enough?"}
    assert body["also"] == []
    assert "Saved" in body["saved"]
    assert "Undo: wording of item 5" in body["undo"]
    assert "Enough?" in body["preview"]


def test_a_conflict_gives_both_texts_and_the_name(editor, draft, save_url, ben):
    stood = value_at(draft, "title")
    studio.change(version=draft, path="title", before=stood, after="Ben's", by=ben)

    response = editor.post(save_url, typed("title", stood, "Anna's"), headers=JSON)

    assert response.status_code == 409
    assert response.json() == {"message": "Ben Editor changed this meanwhile.", "mine": "Anna's", "theirs": "Ben's"}


@pytest.mark.parametrize(
    ("data", "status", "said"),
    [
        (typed("title", "Simple Donor Checklist for Counter-Trafficking Proposals", ""), 400, "cannot be empty"),
        ({"do": "fly:away"}, 400, "could not be read"),
        ({"do": "remove:criteria/99"}, 400, "not there"),
        ({"do": "undo:"}, 400, "nothing to undo"),
        ({"do": "order:criteria", "order-before": ["1", "2"], "order-after": ["2", "1"]}, 409, "changed"),
    ],
)
def test_what_was_not_saved_is_said(editor, save_url, data, status, said):
    response = editor.post(save_url, data, headers=JSON)

    assert response.status_code == status
    assert said in response.json()["message"]


def test_a_script_is_told_where_to_sign_in(client, draft, save_url):
    response = client.post(save_url, typed("title", "a", "b"), headers=JSON)

    assert (response.status_code, response.json()) == (401, {"login_url": reverse("account_login")})
    assert client.post(save_url).status_code == 302


def test_a_script_is_told_that_the_draft_is_gone(editor, draft, save_url, anna):
    remove_draft(version=draft, by=anna)

    response = editor.post(save_url, typed("title", "a", "b"), headers=JSON)

    assert response.status_code == 403
    assert "published or removed" in response.json()["message"]
    assert editor.post(save_url, typed("title", "a", "b")).status_code == 404


def test_a_script_is_told_whether_the_numbers_count_up(editor, draft, save_url):
    assert editor.post(save_url, {"do": "up:criteria/1"}, headers=JSON).json()["is_out_of_order"] is False
    assert editor.post(save_url, {"do": "up:criteria/5"}, headers=JSON).json()["is_out_of_order"] is True


# -- Without a script -----------------------------------------------------------------------


def test_a_whole_page_is_saved_by_a_button(editor, draft, save_url):
    data = {"do": "save", "at": "criteria/5"}
    for path, text in (("criteria/5/wording", "Enough?"), ("criteria/5/about_harm", "1")):
        data |= typed(path, studio.values.as_text(value_at(draft, path)), text)

    response = editor.post(save_url, data)

    assert response.url == address("draft-criterion", draft, "5")
    assert (value_at(draft, "criteria/5/wording"), value_at(draft, "criteria/5/about_harm")) == ("Enough?", True)


def test_a_page_posted_as_it_was_shown_changes_nothing(editor, draft, save_url):
    for name, more in (("draft-edit", []), ("draft-criterion", ["3"]), ("draft-language", ["fr"])):
        html = editor.get(address(name, draft, *more))
        data = {"do": "save", "at": ""} | _as_browsers_post(html.content.decode())
        assert len(data) > 10
        assert editor.post(save_url, data).status_code == 302

    assert not draft.edits.exists()


class FormReader(HTMLParser):
    """Collects what a browser without scripts sends of the page's form."""

    def __init__(self):
        super().__init__()
        self.data, self.text, self.select = {}, None, None

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "option":
            if self.select and "selected" in attrs:
                self.data[self.select] = attrs["value"]
        elif attrs.get("form") == "draft-form":
            self._control(tag, attrs)

    def _control(self, tag, attrs):
        name = attrs.get("name")
        if tag == "textarea":
            self.text, self.data[name] = name, ""
        elif tag == "select":
            self.select = name
        elif tag == "input" and (attrs["type"] in ("hidden", "text") or "checked" in attrs):
            self.data[name] = [*self.data.get(name, []), attrs["value"]]

    def handle_endtag(self, tag):
        if tag == "textarea":
            self.text = None
        elif tag == "select":
            self.select = None

    def handle_data(self, text):
        if self.text:
            self.data[self.text] += text.removeprefix("\n").replace("\n", "\r\n")


def _as_browsers_post(html):
    reader = FormReader()
    reader.feed(html)
    return reader.data


def test_both_texts_and_a_choice_without_a_script(editor, draft, save_url, ben):
    stood = value_at(draft, "title")
    studio.change(version=draft, path="title", before=stood, after="Ben's", by=ben)
    data = {"at": "", "do": "add:criteria", **typed("title", stood, "Anna's"), **typed("source", "x", "x")}

    response = editor.post(save_url, data)

    assert response.status_code == 409
    assert b"Ben Editor changed this meanwhile." in response.content
    assert "12" not in value_at(draft, "criteria")
    theirs = {"at": "", "do": "save", "choice:title": "theirs", **typed("title", "Ben's", "Anna's")}
    editor.post(save_url, theirs)
    assert value_at(draft, "title") == "Ben's"
    editor.post(save_url, {**theirs, "choice:title": "mine"})
    assert value_at(draft, "title") == "Anna's"


def test_what_does_not_fit_is_shown_with_what_was_typed(editor, draft, save_url):
    response = editor.post(save_url, {"at": "", **typed("criteria/5/weight", "1", "much")})

    assert response.status_code == 400
    assert b"much" in response.content
    assert b"Weight of item 5" in response.content


def test_buttons_lead_to_what_they_made(editor, draft, save_url):
    edit = address("draft-edit", draft)

    assert editor.post(save_url, {"do": "add:criteria"}).url == f"{address('draft-criterion', draft, '12')}#criteria-12"
    assert editor.post(save_url, {"do": "up:criteria/12"}).url == f"{edit}#criteria-12"
    assert value_at(draft, "criteria")[-2:] == ["12", "11"]
    assert editor.post(save_url, {"do": "up:criteria/1"}).status_code == 302
    assert editor.post(save_url, {"do": "renumber:criteria"}).url == f"{edit}#criteria"
    assert value_at(draft, "criteria/11/number") == "12"
    assert editor.post(save_url, {"do": "remove:criteria/12", "at": "criteria/12"}).url == edit
    number = draft.edits.order_by("-number").first().number
    assert editor.post(save_url, {"do": f"undo:{number}"}).url.startswith(address("draft-criterion", draft, "12"))
    assert editor.post(save_url, {"do": f"undo:{number}"}, follow=True).status_code == 200


# -- Looking --------------------------------------------------------------------------------


def test_an_administrator_without_the_role_looks_only(client, draft, save_url):
    client.force_login(make_administrator())

    assert client.get(draft.get_absolute_url()).status_code == 200
    assert client.get(address("draft-edit", draft)).status_code == 403
    assert client.post(save_url, {"do": "add:criteria"}).status_code == 403
    history = client.get(address("draft-history", draft))
    assert b"Nothing was changed yet" in history.content


def test_history_says_what_stood_there_before(editor, draft, anna):
    stood = value_at(draft, "title")
    studio.change(version=draft, path="title", before=stood, after="Another", by=anna)
    studio.remove(version=draft, path="criteria/5", by=anna)

    html = editor.get(address("draft-history", draft)).content.decode()

    assert f"<del>{stood}</del>" in html
    assert "<ins>Another</ins>" in html
    assert "Removing item 5" in html
    assert "Wording of item 5" in html


def test_missing_translations_are_counted_and_filtered(editor, draft):
    draft.translations.filter(language="fr", path="criteria/5/wording").delete()

    shown = editor.get(address("draft-language", draft, "fr"), {"show": "missing"})

    assert "1 of " in shown.content.decode()
    assert 'data-field="translations/fr/criteria/5/wording"' in shown.content.decode()
    assert 'data-field="translations/fr/criteria/6/wording"' not in shown.content.decode()
    assert editor.get(address("draft-language", draft, "en")).status_code == 404
    chosen = editor.get(address("draft-languages", draft), {"language": "km"})
    assert chosen.url == address("draft-language", draft, "km")


def test_only_choices_that_fit_are_offered(editor, draft):
    html = editor.get(address("draft-criterion", draft, "9")).content.decode()

    assert 'value="linked"' in html
    assert 'value="level_0_4"' not in html
    assert 'name="v:criteria/9/combining"' not in html
    assert 'name="v:criteria/9/critical_condition"' not in html


@pytest.mark.parametrize("count", [1, 3])
def test_lists_ask_as_often_for_one_as_for_three(client, anna, django_assert_num_queries, count):
    draft = studio.start_empty(title="New", short_title="N", source="Own", result_kind="share", language="en", by=anna)
    for _ in range(count):
        key = studio.add(version=draft, path="criteria", by=anna)
        studio.add(version=draft, path=f"{key}/sub", by=anna)
        studio.change(version=draft, path=f"{key}/wording", before="", after="Is it so?", by=anna)
        studio.change(version=draft, path=f"translations/fr/{key}/wording", before="", after="Oui ?", by=anna)
    client.force_login(anna)
    for name, queries, more in (
        ("draft-edit", 16, []),
        ("draft-history", 12, []),
        ("draft-languages", 16, []),
        ("draft-language", 15, ["fr"]),
    ):
        with django_assert_num_queries(queries):
            client.get(address(name, draft, *more))
