"""Merging what reviewers could not judge, and what a letter says; without a database."""

import datetime as dt

from checklist.questions import (
    Asked,
    QuestionLetterContent,
    body_parts,
    fill_places,
    internal_words,
    merge_questions,
    unknown_places,
)


def asked(assessment, criterion=3, text="Who else?", *, part="", place=None):
    return Asked(assessment, criterion, place or (0, criterion), str(criterion), "Title", part, "As printed?", text)


def content(**changes):
    values = {
        "language": "en",
        "donor": "Test Donor",
        "addressee": "Blue Boat",
        "recipient": "office@blueboat.example",
        "subject": "Questions",
        "paragraphs": ("Dear colleagues,",),
        "questions": ("Who else?", "In which language?"),
        "closing": ("Thank you.",),
        "reply_by": dt.date(2026, 12, 6),
        "reply_line": "Please answer by 6 December 2026.",
        "contact_name": "Olga Officer",
        "contact_email": "olga@donor.example",
        "dated_on": dt.date(2026, 11, 22),
        "proposal_reference": "R-1",
        "proposal_title": "Safe harbours",
    }
    return QuestionLetterContent(**values | changes)


def test_one_candidate_per_criterion_over_all_reviewers():
    found = merge_questions([asked(1), asked(2, text="And at the ferry?"), asked(2, 8, "Which language?")])

    assert [(each.criterion_pk, each.assessments) for each in found] == [(3, (1, 2)), (8, (2,))]
    assert found[0].suggestion == "Who else?\nAnd at the ferry?"


def test_the_same_words_stand_once_with_all_who_said_them():
    [found] = merge_questions([asked(1), asked(2, text="  who   ELSE? ")])

    assert [(words.text, words.assessments) for words in found.words] == [("Who else?", (1, 2))]
    assert found.suggestion == "Who else?"


def test_parts_stand_below_their_criterion_apart_from_the_whole():
    [found] = merge_questions([asked(1, 8), asked(1, 8, "Who else?", part="8b")])

    assert [(words.part, words.text) for words in found.words] == [("", "Who else?"), ("8b", "Who else?")]
    assert found.assessments == (1,)


def test_the_order_is_that_of_the_form_whoever_comes_first():
    found = merge_questions([asked(1, 11, place=(1, 0)), asked(2, 40, place=(0, 9)), asked(3, 2, place=(0, 1))])

    assert [each.criterion_pk for each in found] == [2, 40, 11]


def test_what_was_taken_up_is_left_out_reviewer_by_reviewer():
    found = merge_questions([asked(1), asked(2), asked(2, 8)], taken={(1, 3), (2, 8)})

    assert [(each.criterion_pk, each.assessments) for each in found] == [(3, (2,))]


def test_without_words_the_instrument_asks():
    [found] = merge_questions([asked(1, text=" ")])

    assert (found.words[0].text, found.suggestion) == ("", "As printed?")


def test_places_are_filled_in_and_unknown_ones_named():
    assert fill_places("{title} by {donor}, {questions}", {"title": "A"}) == "A by {donor}, {questions}"
    assert unknown_places("{donor} {questions} {Donor}") == ["{donor}", "{Donor}"]


def test_the_questions_stand_where_the_text_says_or_at_its_end():
    assert body_parts("One.\n\nTwo.\n \n{questions}\n\nThree.") == (("One.", "Two."), ("Three.",))
    assert body_parts("One.") == (("One.",), ())


def test_the_e_mail_numbers_the_questions_and_ends_with_whom_to_ask():
    assert content().as_text() == (
        "Dear colleagues,\n\n1. Who else?\n\n2. In which language?\n\nPlease answer by 6 December 2026.\n\n"
        "Thank you.\n\nOlga Officer\nTest Donor\nolga@donor.example\n"
    )
    assert content(reply_line="", closing=(), contact_name="", contact_email="").as_text().endswith("\n\nTest Donor\n")


def test_only_a_letter_on_paper_bears_the_postal_address():
    assert content(is_posted=True, recipient="Quay 1").address == "Blue Boat\nQuay 1"
    assert (content().address, content(addressee="", is_posted=True).address) == (
        "Blue Boat",
        "office@blueboat.example",
    )


def test_internal_words_are_found_as_whole_words_in_any_case_and_over_line_ends():
    texts = ["As rita\n one said", "Rosé is no name. R-10 is another."]

    assert internal_words(texts, ["Rita One", "Rose", "R-1", "", "Rita  One"]) == ["Rita One"]
