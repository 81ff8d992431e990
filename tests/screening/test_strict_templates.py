"""The guard against undefined variables looks at our templates only."""

import pytest
from django.template import Context, Engine, Origin, Template

from tests.strict_templates import OURS, UndefinedTemplateVariable, UndefinedVariable


def render(source, *, ours=True, **context):
    engine = Engine(string_if_invalid=UndefinedVariable("%s"))
    name = str(OURS / "page.html") if ours else "/elsewhere/page.html"
    return Template(source, origin=Origin(name=name), engine=engine).render(Context(context))


def test_an_undefined_variable_raises():
    with pytest.raises(UndefinedTemplateVariable, match=r"titel is not defined \(in page.html\)"):
        render("<h1>{{ titel }}</h1>", title="One")


def test_so_does_one_behind_a_filter():
    with pytest.raises(UndefinedTemplateVariable):
        render("{{ titel|upper }}")


@pytest.mark.parametrize("source", ['{{ titel|default:"none" }}', '{{ titel|default:"NONE"|lower }}'])
def test_a_default_may_stand_in(source):
    assert render(source) == "none"


@pytest.mark.parametrize("source", ["{% if titel %}yes{% endif %}", "{% for t in titel %}yes{% endfor %}"])
def test_asking_whether_it_is_there_is_allowed(source):
    assert render(source) == ""


def test_other_packages_keep_the_empty_string():
    assert render("[{{ titel|upper }}]", ours=False) == "[]"


def test_what_is_defined_is_shown():
    assert render("{{ title }}", title="One") == "One"
