"""Component tags, the form helper and the gallery page."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from django import forms
from django.core.paginator import Paginator
from django.http import QueryDict
from django.template import Context, Template, TemplateSyntaxError
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from screening import gallery
from screening.forms import HelperMixin
from screening.templatetags.components import KeptNode, in_parts

ROOT = Path(__file__).resolve().parents[2]


def rendered(source, address="/", **context):
    request = RequestFactory().get(address)
    return Template("{% load components %}" + source).render(Context({"request": request, **context}))


def test_an_answer_mark_says_its_word_or_the_word_given():
    assert "<span>Favourable</span>" in rendered('{% answer_mark "favourable" %}')
    assert "<span>Linked</span>" in rendered('{% answer_mark "favourable" "Linked" %}')


def test_values_are_escaped():
    assert "<b>" not in rendered(
        "{% state_tag label %}{% notice label %}{% facts rows %}", label="<b>", rows=[("<b>", "<b>")]
    )


def test_a_kind_that_does_not_exist_is_a_mistake():
    with pytest.raises(TemplateSyntaxError, match="no kind 'purple'"):
        rendered('{% state_tag "Open" "purple" %}')


def test_an_empty_fact_is_said_and_a_zero_is_not_empty():
    html = rendered("{% facts rows %}", rows=[("Ends on", None), ("Amount", 0)])

    assert html.count("not given") == 1
    assert "<dd>0</dd>" in html


def test_a_sorted_column_says_so_and_turns_round():
    columns = [{"label": "Title", "sort": "title"}, {"label": "State"}]

    html = rendered('{% table_head columns "title" %}', "/list/?q=shelter&page=3&sort=title", columns=columns)

    assert 'aria-sort="ascending"' in html
    assert 'href="?q=shelter&amp;sort=-title"' in html
    assert html.count("<a ") == 1


def test_the_pager_keeps_the_filter_and_marks_the_page():
    page = Paginator(range(100), 10).page(2)

    html = rendered("{% pager page %}", "/list/?q=shelter&page=2", page=page)

    assert "11 to 20 of 100" in html
    assert 'href="?q=shelter&amp;page=3"' in html
    assert html.count("aria-current") == 1


def test_one_page_needs_no_links():
    assert "<nav" not in rendered("{% pager page %}", page=Paginator(range(3), 10).page(1))


def test_the_query_of_a_page_can_be_changed():
    assert rendered('{% current_query format="csv" %}', "/list/?q=a&page=4") == "q=a&amp;format=csv"


def test_a_filter_offers_to_clear_only_when_something_is_chosen():
    empty = rendered("{% filter_bar form %}", form=gallery.SampleFilter(QueryDict("")))
    filled = rendered("{% filter_bar form %}", form=gallery.SampleFilter(QueryDict("q=shelter")))

    assert "Clear" not in empty
    assert "Clear" in filled


def theme_for(**user):
    request = RequestFactory().get("/")
    request.user = SimpleNamespace(**user)
    return Template("{% load components %}{% theme %}").render(Context({"request": request}))


def test_the_theme_is_the_choice_of_whoever_is_signed_in():
    assert theme_for(theme="dark") == "dark"
    assert theme_for(theme='"><script>') == "system"
    assert theme_for() == "system"


def test_history_shows_before_and_after():
    html = rendered("{% history_list entries %}", entries=gallery.samples()["history"])

    assert "<del>No</del>" in html
    assert "<ins>Partly</ins>" in html


class NameForm(HelperMixin, forms.Form):
    submit_label = "Save and go on"
    cancel_url = "/back/?a=1&b={{ secret }}"
    name = forms.CharField(label="Name")
    note = forms.CharField(label="Note", required=False)


def test_a_form_brings_its_buttons_and_says_what_is_optional():
    html = Template("{% load crispy_forms_tags %}{% crispy form %}").render(Context({"form": NameForm()}))

    assert 'value="Save and go on"' in html
    assert 'href="/back/?a=1&amp;b={{ secret }}"' in html
    assert html.count("(optional)") == 1


class FactsForm(NameForm):
    place = forms.CharField(label="Place", required=False)


def test_where_little_is_required_the_form_marks_that_instead():
    html = Template("{% load crispy_forms_tags %}{% crispy form %}").render(Context({"form": FactsForm()}))

    assert "(optional)" not in html
    assert html.count("(required)") == 1
    assert html.count("Only what is marked “required” must be filled in.") == 1


def test_mistakes_are_listed_with_links_to_the_fields():
    form = NameForm({"name": ""})

    html = Template("{% load crispy_forms_tags %}{% crispy form %}").render(Context({"form": form}))

    assert '<a href="#id_name">Name</a>: This is still missing.' in html
    assert 'aria-invalid="true"' in html


def test_every_icon_named_in_a_template_exists():
    named = {
        name
        for path in (ROOT / "templates").rglob("*.html")
        for name in re.findall(r'{% icon "([\w-]+)"', path.read_text(encoding="utf-8"))
    }

    assert named
    assert {name for name in named if not (ROOT / "templates" / "_icons" / f"{name}.svg").exists()} == set()


def test_no_template_or_style_asks_another_machine_or_styles_inline():
    # The demo's documents are only ever made into PDFs: no browser and no policy sees their styles.
    pages = [path for path in (ROOT / "templates").rglob("*.html") if path.name != "demo_document.html"]
    templates = "".join(path.read_text(encoding="utf-8") for path in pages)
    styles = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "static" / "css").glob("*.css"))

    assert re.findall(r"\bstyle=|\son\w+=\"|<style|javascript:", templates) == []
    assert re.findall(r"url\([\"']?https?:|@import", styles) == []


def test_every_font_named_in_a_style_is_shipped():
    fonts = ROOT / "static" / "fonts"
    named = re.findall(r"fonts/([\w/.-]+)\"", (ROOT / "static/css/fonts.css").read_text())
    on_paper = re.findall(r"fonts/([\w/.-]+)\"", (ROOT / "static/css/report-fonts.css").read_text())

    assert len(named) == 8
    assert on_paper
    assert [name for name in named + on_paper if not (fonts / name).exists()] == []
    assert (fonts / "OFL.txt").exists()


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "500"])
def test_an_error_page_needs_nothing_and_names_the_next_step(name):
    html = render_to_string(f"{name}.html")

    assert '<html lang="en"' in html
    assert "Go to the home page" in html


def test_the_number_of_an_issue_breaks_after_a_slash_only():
    assert in_parts("GMS-2026/P-7/<b>") == (
        '<span class="nowrap">GMS-2026/</span><wbr><span class="nowrap">P-7/</span><wbr>'
        '<span class="nowrap">&lt;b&gt;</span>'
    )


@pytest.mark.django_db
def test_the_gallery_shows_every_component(rf, django_user_model):
    request = rf.get("/components/")
    request.user = django_user_model(pk=1, email="admin@demo.example")
    request.session = {}

    shell = {"rounds": [], "current_round": None, "nav": [], "unread": 0, "demo_accounts": [], "key": ()}
    html = render_to_string(
        "screening/components.html",
        {**gallery.samples(), "shell": shell, "user": request.user, "request": request, "messages": []},
    )

    assert html.count("<h1>") == 1
    assert html.count('role="img"') >= 15


def test_what_is_kept_is_made_once_for_each_value_and_language():
    made = Template(
        "{% load components i18n %}{% kept name %}{{ name }} {{ other }} {% translate 'Home' %}{% endkept %}"
    )

    assert made.render(Context({"name": "<a>", "other": 1})) == "&lt;a&gt; 1 Home"
    assert made.render(Context({"name": "<a>", "other": 2})) == "&lt;a&gt; 1 Home"
    assert made.render(Context({"name": "b", "other": 2})) == "b 2 Home"
    with translation.override("fr"):
        assert made.render(Context({"name": "b", "other": 3})) == "b 3 Accueil"


def test_what_is_kept_shows_although_another_thread_begins_anew_meanwhile():
    class Forgetful(dict):
        def __setitem__(self, key, value):
            """As if it were cleared at once."""

    made = Template("{% load components %}{% kept name %}{{ name }}{% endkept %}")
    made.nodelist.get_nodes_by_type(KeptNode)[0].made = Forgetful()

    assert made.render(Context({"name": "a"})) == "a"
