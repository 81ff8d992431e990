"""On a tablet and a phone: names of rounds are whole, figures stand two in a row, references do not break."""

import pytest
from playwright.sync_api import expect

from tests.factories import make_member, make_proposal, make_round
from tests.journeys.helpers import give_session

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TITLE = "Greater Mekong counter-trafficking call 2026"


def test_narrow_pages_stay_readable(page, context, client, live_server):
    round_ = make_round("GMS-2026", title=TITLE)
    officer = make_member(round_, "programme_officer")
    for number in range(3):
        make_proposal(round_, "A long name of a proposal on the Mekong " * 4, reference=f"GMS-2026-00{number}")
    give_session(context, client, officer, live_server)

    page.set_viewport_size({"width": 820, "height": 900})
    page.goto(f"{live_server.url}/rounds/GMS-2026/")
    name = page.locator(".menu-round > summary b")
    expect(name).to_have_text(TITLE)
    assert name.evaluate("each => each.scrollHeight <= each.clientHeight && each.scrollWidth <= each.clientWidth")

    page.set_viewport_size({"width": 390, "height": 900})
    page.goto(f"{live_server.url}/")
    tops = page.locator(".figures").first.locator("li").evaluate_all("all => all.map(each => each.offsetTop)")
    assert len(tops) == 4
    assert tops[0] == tops[1] < tops[2] == tops[3]

    for width in (820, 390, 320):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(f"{live_server.url}/rounds/GMS-2026/decisions/")
        lines = page.locator(".reference").evaluate_all("all => all.map(each => each.getClientRects().length)")
        assert len(lines) >= 3
        assert set(lines) == {1}
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_name_without_a_place_to_break_stays_within_the_window(page, reviewer_signed_in, live_server):
    name = f"{'a-form_filled_in_' * 11}.pdf".replace("-", "")

    page.goto(f"{live_server.url}/offline/")
    page.locator("input[type=file]").set_input_files({"name": name, "mimeType": "application/pdf", "buffer": b"no"})
    page.locator("main form[enctype] [type=submit]").click()
    expect(page.locator(".messages")).to_contain_text(name)
    expect(page.locator(".offline-closed")).to_contain_text(name)

    for width in (1280, 390, 320):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_title_of_a_proposal_is_not_squeezed_by_its_buttons(page, context, client, live_server):
    round_ = make_round("GMS-2026", title=TITLE)
    proposal = make_proposal(round_, "River House – survivor-led aftercare and return to work in Battambang")
    give_session(context, client, make_member(round_, "programme_officer"), live_server)

    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{live_server.url}/proposals/{proposal.pk}/")
    lines = page.locator("h1").evaluate("h => Math.round(h.clientHeight / parseFloat(getComputedStyle(h).lineHeight))")
    assert lines == 2
