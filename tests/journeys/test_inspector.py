"""The inspector finds what it is there to find, on a page between others that have the same looks."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGE = """<!doctype html><html lang="en"><head><title>A page</title><style>
body {{ color: #222; background: #fff; }}
@media (prefers-color-scheme: dark) {{ body {{ color: #ddd; background: #111; }} }}
{style}
</style></head><body><main><h1>A page</h1><p>Some words.</p>{words}</main></body></html>"""


def found(inspector, words="", style=""):
    inspector.found = []
    inspector.page.set_content(PAGE.format(words=words, style=style))
    inspector.inspect("page")
    return [each.split(" (")[0] for each in inspector.found]


def test_each_fault_is_found_where_it_shows(inspector):
    pale = "<p class='pale'>Pale words.</p>"
    in_the_dark = ".pale { color: #222; } @media (prefers-color-scheme: dark) { .pale { color: #333; } }"
    on_a_phone = ".pale { color: #bbb; } @media (min-width: 600px) { .pale { display: none; } }"
    only_on_a_phone = "@media (min-width: 600px) { .phone { display: none; } }"
    not_on_a_phone = "@media (max-width: 600px) { .desk { display: none; } }"
    tiny = ".small { width: 60px; height: 40px; } @media (max-width: 600px) { .small { width: 12px; height: 12px; } }"

    assert found(inspector) == []
    assert found(inspector, pale, in_the_dark) == ["page, dark, 320 px: color-contrast"]
    assert found(inspector, pale, on_a_phone) == ["page, light, 320 px: color-contrast"]
    assert found(inspector, "<p>On another ground.</p>", "p { background: #444; }")[0].endswith("color-contrast")
    assert found(inspector, "<input>") == ["page, light, 1280 px: label"]
    assert found(inspector, "<input class='phone'>", only_on_a_phone) == ["page, light, 320 px: label"]
    assert found(inspector, "<label for='a' class='desk'>A</label><input id='a'>", not_on_a_phone) == [
        "page, light, 320 px: label",
    ]  # fmt: skip
    assert found(inspector, "<h2 class='phone'>B</h2><h4 class='phone'>C</h4>", only_on_a_phone) == [
        "page, light, 320 px: heading-order",
    ]  # fmt: skip
    assert found(inspector, "<p><button class='small'>A</button><button class='small'>B</button></p>", tiny) == [
        "page, light, 320 px: target-size", "page, light, 320 px: target-size",
    ]  # fmt: skip
    assert found(inspector, "<div class='wide'>Wide.</div>", ".wide { width: 392px; }") == [
        "page, light, 320 px: 400 wide", "page, dark, 320 px: 400 wide",
    ]  # fmt: skip
    assert found(inspector) == []


def test_a_fault_in_a_width_is_found_where_something_else_came_and_went_before(inspector):
    phone = (
        "@media (min-width: 600px) { .phone { display: none; } } @media (max-width: 600px) { .desk { display: none; } }"
    )

    assert found(inspector, "<p class='desk'>A</p><p class='phone'>B</p>", phone) == []
    assert found(inspector, "<p class='desk'>C</p><p class='phone'>D</p>", phone) == []
    assert found(inspector, "<p class='desk'>A</p><p class='phone'>B <input></p>", phone) == [
        "page, light, 320 px: label",
    ]  # fmt: skip
    assert found(inspector, "<p class='desk'>A</p><h4 class='phone'>B</h4>", phone) == [
        "page, light, 320 px: heading-order",
    ]  # fmt: skip


def test_a_fault_of_colours_is_found_below_what_looks_the_same(inspector):
    style = ".card { background: #fff; } .dark { background: #555; } .half { opacity: 0.3; } .words { color: #222; }"
    words = "<div class='{}'><section><p class='words'>Some words.</p></section></div>"

    assert found(inspector, words.format("card"), style) == []
    assert found(inspector, words.format("dark"), style)[0] == "page, light, 1280 px: color-contrast"
    assert found(inspector, words.format("card half"), style)[0] == "page, light, 1280 px: color-contrast"
    assert found(inspector, f"<div class='dark'>{words.format('card')}</div>", style) == []
    assert found(inspector, f"<div class='half'>{words.format('card')}</div>", style)[0].endswith("color-contrast")
