"""One draft in a real browser, as its reviewer handles it: the fixtures `assessment` and `reviewer_signed_in`."""

from django.urls import reverse

from checklist.selectors.drafts import load_draft


def place(assessment, key):
    return next(each for each in load_draft(assessment).places() if each.criterion.key == key)


def stored(assessment, key):
    return place(assessment, key).stored.answer


def path(assessment, name="assessment-edit"):
    return reverse(f"checklist:{name}", args=[assessment.pk])


def opened(page, assessment):
    page.goto(path(assessment))
    page.locator(".has-script").wait_for()
    return page


def section(page, assessment, key):
    return page.locator(f"#c-{place(assessment, key).criterion.pk}")


def choose(page, assessment, key, code):
    # The first frame of choices is the criterion's own; the parts come after it.
    section(page, assessment, key).locator(f".choices input[value='{code}']").check()


def write(page, assessment, key, text):
    section(page, assessment, key).locator(".rationale textarea").fill(text)


def wait_until_saved(page):
    page.locator("[data-save-state]", has_text="All saved").wait_for()
