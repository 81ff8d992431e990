"""Letters to applicants: places to fill in, our wording and the round's, the letterhead, the logo."""

import io
from dataclasses import replace
from itertools import product

import pytest
from crispy_forms.utils import render_crispy_form
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image, PngImagePlugin

from checklist import letters
from checklist.actions.feedback import MayNotWordFeedback, drop_feedback_text, set_feedback_text
from checklist.actions.letterheads import (
    CannotChangeLetter,
    CannotChangeLetterhead,
    LetterheadGiven,
    MayNotWordLetter,
    drop_letter_text,
    set_letter_text,
    set_letterhead,
)
from checklist.contrast import contrast_with_white
from checklist.forms.questions import LetterForm
from checklist.letters import Block, compose, missing_places, wrong_places
from checklist.models import Assessment, Assignment, FeedbackText, Letterhead
from checklist.pictures import RefusedPicture, read_logo
from checklist.selectors.letter_texts import default_wording, wording_of
from checklist.selectors.letterheads import look_of, paper_of
from checklist.selectors.scorecards import assessment_for_reports
from screening.models import AuditEvent
from tests.factories import make_administrator, make_member, make_officer, make_proposal, make_reviewer, make_round


def picture(kind="PNG", size=(300, 100), mode="RGB", **options):
    out = io.BytesIO()
    Image.new(mode, size, "navy" if mode == "RGB" else None).save(out, kind, **options)
    return SimpleUploadedFile(f"logo.{kind.lower()}", out.getvalue())


# -- Pure -----------------------------------------------------------------------------------------


def test_a_paragraph_with_nothing_to_fill_in_is_left_out():
    body = "Dear {applicant},\n\nYou get {amount}.\n\n{reasons}\n\nBye"

    with_all = compose(body, {"applicant": "Blue Boat", "amount": "USD 5", "reasons": "It is good.\nVery."})
    without_amount = compose(body, {"applicant": "Blue Boat", "amount": "", "reasons": ""})

    assert with_all == (
        Block("Dear Blue Boat,"),
        Block("You get USD 5."),
        Block("It is good.\nVery.", is_quoted=True),
        Block("Bye"),
    )
    assert without_amount == (Block("Dear Blue Boat,"), Block("Bye"))


def test_what_an_applicant_wrote_in_braces_is_not_filled_in_again():
    assert compose("{title}", {"title": "{reasons}", "reasons": "secret"}) == (Block("{reasons}"),)


def test_places_that_are_unknown_or_missing_are_named():
    assert wrong_places("decision/fund", "{titel} {title} {questions}") == ["{titel}", "{questions}"]
    assert wrong_places("questions", "{questions} {amount}") == ["{amount}"]
    assert missing_places("decision/fund_with_conditions", "{title} {amount}") == ["{conditions}"]


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
@pytest.mark.parametrize("kind", letters.KINDS)
def test_our_own_wording_names_what_it_must_and_nothing_unknown(kind, language):
    subject, body = default_wording(kind, language)

    assert wrong_places(kind, subject) + wrong_places(kind, body) == []
    assert missing_places(kind, body) == []


def test_contrast_is_that_of_the_standard():
    assert contrast_with_white("#000000") == pytest.approx(21)
    assert contrast_with_white("#ffffff") == pytest.approx(1)
    assert contrast_with_white("#767676") == pytest.approx(4.54, abs=0.01)
    assert contrast_with_white("#777777") < 4.5


# -- Logo -----------------------------------------------------------------------------------------


def test_a_logo_is_drawn_anew_and_brings_nothing_along():
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", "SECRET-NOTE")

    logo = read_logo(picture(pnginfo=notes))

    assert (logo.media_type, logo.width, logo.height) == ("image/png", 300, 100)
    assert b"SECRET-NOTE" not in logo.data
    with Image.open(io.BytesIO(logo.data)) as opened:
        assert (opened.format, opened.info.get("Comment")) == ("PNG", None)


def test_a_large_logo_is_made_smaller_and_a_jpeg_stays_one():
    logo = read_logo(picture("JPEG", (2400, 800)))

    assert (logo.media_type, logo.width, logo.height) == ("image/jpeg", 1200, 400)


@pytest.mark.parametrize(
    "file",
    [
        SimpleUploadedFile("logo.png", b"no picture at all"),
        SimpleUploadedFile("logo.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>"),
        SimpleUploadedFile("logo.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 40),
        picture("GIF"),
        picture(size=(8, 8)),
        picture(size=(6000, 5000), mode="1"),
        SimpleUploadedFile("logo.png", b"x" * (2 * 1024**2 + 1)),
    ],
    ids=["text", "svg", "cut", "gif", "tiny", "huge", "heavy"],
)
def test_what_is_no_fit_picture_is_refused(file):
    with pytest.raises(RefusedPicture):
        read_logo(file)


# -- Letterhead -----------------------------------------------------------------------------------


@pytest.fixture
def round_(db):
    return make_round("GMS-2026", donor_name="Lantern Fund")


@pytest.fixture
def officer(round_):
    return make_officer(round_)


GIVEN = LetterheadGiven("Lantern", "#1f4e79", "1 Road\nTown", "Foot", "letter")


@pytest.mark.django_db
def test_a_round_writes_under_its_own_letterhead_else_that_of_the_house(round_, officer):
    assert (look_of(round_).name, look_of(round_).paper) == ("Lantern Fund", "a4")
    set_letterhead(given=replace(GIVEN, name="House"), by=make_administrator())
    assert look_of(round_).name == "House"
    set_letterhead(given=GIVEN, by=officer, round_=round_)

    own = look_of(round_)

    assert (own.name, own.address, own.colour, own.paper) == ("Lantern", ("1 Road", "Town"), "#1f4e79", "letter")
    assert AuditEvent.objects.filter(event="letterhead_changed").count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("given", "field"),
    [
        (replace(GIVEN, colour="#ffcc00"), "colour"),
        (replace(GIVEN, colour="red; } @import 'x'"), "colour"),
        (replace(GIVEN, name="  "), "name"),
        (replace(GIVEN, logo=object()), "logo_description"),
    ],
)
def test_a_letterhead_that_cannot_be_read_is_refused(round_, officer, given, field):
    with pytest.raises(CannotChangeLetterhead) as refused:
        set_letterhead(given=given, by=officer, round_=round_)

    assert refused.value.field == field
    assert not Letterhead.objects.exists()


@pytest.mark.django_db
def test_a_scorecard_is_on_the_paper_of_its_round(round_, officer):
    about = {"proposal": make_proposal(round_), "reviewer": make_reviewer(round_)}
    asked = Assignment.objects.create(**about, state="declared", declared_at=timezone.now())
    assessment = Assessment.objects.create(**about, assignment=asked, state="submitted", submitted_at=timezone.now())
    Letterhead.objects.create(round=make_round("OTHER"), paper="letter")

    for of_round, of_house in product(("", "a4", "letter"), repeat=2):
        Letterhead.objects.exclude(round__reference="OTHER").delete()
        # Two of the house, as two who set it at once may leave them: the first counts.
        for where, paper in ((None, of_house), (None, of_house and "a4"), (round_, of_round)):
            if paper:
                Letterhead.objects.create(round=where, paper=paper)
        found = assessment_for_reports(assessment.pk, officer, with_facts=False)
        assert found.usual_paper == paper_of(round_) == (of_round or of_house or "a4"), (of_round, of_house)


@pytest.mark.django_db
def test_a_logo_is_kept_shown_replaced_and_taken_away(client, round_, officer, django_capture_on_commit_callbacks):
    client.force_login(officer)
    url = reverse("checklist:round-letterhead", args=[round_.reference])
    data = {"name": "Lantern", "colour": "#1f4e79", "address": "", "footer": "", "paper": "a4"}

    refused = client.post(url, data | {"logo_file": picture(), "colour": "#ffcc00"})
    assert "too light to be read" in str(refused.context["form"].errors["colour"])
    assert "logo_description" not in refused.context["form"].errors
    client.post(url, data | {"logo_file": picture(), "logo_description": "A lamp"})

    row = Letterhead.objects.get()
    storage, first = row.logo.storage, row.logo.name
    shown = client.get(reverse("checklist:letterhead-logo", args=[row.pk]))
    assert shown.headers["Content-Type"] == "image/png"
    assert b"".join(shown.streaming_content).startswith(b"\x89PNG")
    assert look_of(round_).logo_description == "A lamp"
    with django_capture_on_commit_callbacks(execute=True):
        client.post(url, data | {"removes_logo": "on", "logo_description": "A lamp"})
    row.refresh_from_db()
    assert (row.logo.name, look_of(round_).logo) == ("", None)
    assert not storage.exists(first)
    assert AuditEvent.objects.filter(event="letterhead_changed").count() == 2


@pytest.mark.django_db
def test_the_preview_of_a_letter_has_the_colour_of_the_letterhead(client, round_, officer):
    client.force_login(officer)
    pages = [
        reverse("checklist:round-letterhead", args=[round_.reference]),
        reverse("checklist:letter-text", args=[round_.reference, "feedback", "en"]),
    ]
    set_letterhead(given=GIVEN, by=officer, round_=round_)
    row = Letterhead.objects.get()
    url = reverse("checklist:letterhead-colour", args=[row.pk])

    sheet = client.get(url)

    assert (sheet.headers["Content-Type"], sheet.content.decode()) == (
        "text/css",
        f".letter-sheet {{ --letterhead: {GIVEN.colour}; }}\n",
    )
    assert all(f'<link rel="stylesheet" href="{url}">' in client.get(page).content.decode() for page in pages)
    for colour in ("", "red;}"):
        Letterhead.objects.update(colour=colour)
        assert client.get(url).status_code == 404


# -- Wording --------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_round_words_its_letters_and_can_go_back(round_, officer):
    ours = wording_of(round_, "feedback", "en")
    set_letter_text(round_=round_, kind="feedback", language="en", subject="On {title}", body="On {title}.", by=officer)

    assert wording_of(round_, "feedback", "en") == ("On {title}", "On {title}.")
    assert wording_of(round_, "feedback", "fr") == default_wording("feedback", "fr")
    drop_letter_text(round_=round_, kind="feedback", language="en", by=officer)
    assert wording_of(round_, "feedback", "en") == ours
    assert AuditEvent.objects.filter(event="letter_text_changed").count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "subject", "body"),
    [("nonsense", "a", "b"), ("feedback", "{wrong}", "{title}"), ("feedback", "a", "nothing named")],
)
def test_wording_that_cannot_be_filled_in_is_refused(round_, officer, kind, subject, body):
    with pytest.raises(CannotChangeLetter):
        set_letter_text(round_=round_, kind=kind, language="en", subject=subject, body=body, by=officer)


@pytest.mark.django_db
def test_the_page_says_at_the_field_what_is_wrong(client, round_, officer):
    client.force_login(officer)
    url = reverse("checklist:letter-text", args=[round_.reference, "decision-decline", "en"])

    errors = client.post(url, {"subject": "{wrong}", "body": "No {title}"}).context["form"].errors
    client.post(url, {"subject": "Our answer", "body": "On {title}:\n\n{reasons}"})

    assert "{wrong} is no place of this letter" in str(errors["subject"])
    assert "must name {reasons}" in str(errors["body"])
    assert wording_of(round_, "decision/decline", "en")[0] == "Our answer"
    assert b"your own" in client.get(reverse("checklist:letter-list", args=[round_.reference])).content


@pytest.mark.django_db
def test_the_officer_words_the_feedback_and_drops_it(client, round_, officer):
    proposal = make_proposal(round_)
    client.force_login(officer)
    url = reverse("checklist:feedback-words", args=[proposal.pk], query={"lang": "en"})

    client.post(url, {"strengths": "x" * 20_001})
    assert not FeedbackText.objects.exists()
    client.post(url, {"strengths": "- Clear\n\nNear", "weaknesses": "", "advice": "Ask."})
    assert FeedbackText.objects.get().strengths == "- Clear\n\nNear"
    set_feedback_text(proposal=proposal, language="en", strengths="", weaknesses="", advice="", by=officer)
    drop_feedback_text(proposal=proposal, language="en", by=officer)

    assert not FeedbackText.objects.exists()
    assert AuditEvent.objects.filter(event="feedback_worded").count() == 3


def test_the_letter_with_questions_says_when_it_needs_an_address():
    shown = render_crispy_form(LetterForm())

    label = shown.partition('for="id_recipient"')[2].partition("</label>")[0]
    assert "(needed for an e-mail)" in label
    assert "(optional)" not in label
    assert "(optional)" in shown.partition('for="id_reply_by"')[2].partition("</label>")[0]


# -- A sample -------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("kind", letters.KINDS)
@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_every_letter_can_be_read_with_a_sample_before_there_is_a_decision(client, round_, officer, kind, language):
    client.force_login(officer)
    url = reverse("checklist:letter-text", args=[round_.reference, kind.replace("/", "-"), language])

    shown = client.get(url)

    sample = shown.context["sample"]
    said = " ".join([sample.subject, *(block.text for block in sample.blocks), *sample.closing])
    assert "{" not in said
    assert f"{round_.reference}-000" in said or round_.title in said
    assert bool(sample.questions) == (kind == "questions")
    assert any(block.is_quoted for block in sample.blocks) == kind.startswith("decision")
    page = shown.content.decode()
    assert "Sample" in page
    assert f'lang="{language}"' in page


@pytest.mark.django_db
def test_words_that_are_typed_are_shown_with_a_sample_and_not_saved(client, round_, officer):
    client.force_login(officer)
    url = reverse("checklist:letter-text", args=[round_.reference, "decision-decline", "en"])
    typed = {"subject": "On {reference}", "body": "To {applicant}: {title}\n\n{reasons}", "do": "look"}

    shown = client.post(url, typed)
    wrong = client.post(url, typed | {"body": "{wrong}"})

    assert shown.context["sample"].subject == f"On {round_.reference}-000"
    assert "To Example Association: A safe way home" in shown.content.decode()
    assert "It is not saved yet." in shown.content.decode()
    assert "It is not saved yet." not in wrong.content.decode()
    assert wrong.context["sample"].subject == "Decision on your proposal " + f"{round_.reference}-000"
    assert wording_of(round_, "decision/decline", "en") == default_wording("decision/decline", "en")
    assert not AuditEvent.objects.filter(event="letter_text_changed").exists()


# -- Who may ------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_whoever_issues_nothing_changes_neither_letterhead_nor_wording_nor_feedback(round_, officer):
    chair, proposal = make_member(round_, "chair"), make_proposal(round_)
    words = {"strengths": "", "weaknesses": "", "advice": ""}

    with pytest.raises(CannotChangeLetterhead, match="looks after"):
        set_letterhead(given=GIVEN, by=chair, round_=round_)
    with pytest.raises(CannotChangeLetterhead, match="looks after"):
        set_letterhead(given=GIVEN, by=officer)
    with pytest.raises(MayNotWordLetter, match="changes the text of its letters"):
        set_letter_text(round_=round_, kind="feedback", language="en", subject="{title}", body="{title}", by=chair)
    with pytest.raises(MayNotWordLetter, match="changes the text of its letters"):
        drop_letter_text(round_=round_, kind="feedback", language="en", by=chair)
    with pytest.raises(MayNotWordFeedback, match="changes the text of its feedback"):
        set_feedback_text(proposal=proposal, language="en", by=chair, **words)
    with pytest.raises(MayNotWordFeedback, match="changes the text of its feedback"):
        drop_feedback_text(proposal=proposal, language="en", by=chair)

    assert not AuditEvent.objects.filter(event__in=("letterhead_changed", "letter_text_changed", "feedback_worded"))
