"""Short ways to save answers in a draft: by the action, and as the form posts them."""

from django.urls import reverse

from checklist.actions import assessments as actions
from checklist.selectors.drafts import load_draft


def place(assessment, key):
    return next(each for each in load_draft(assessment).places() if each.criterion.key == key)


def criterion(assessment, key):
    return place(assessment, key).criterion


def save(assessment, key, **said):
    said.setdefault("revision", place(assessment, key).stored.revision)
    return actions.save_response(
        assessment=assessment, criterion=criterion(assessment, key), by=assessment.reviewer, **said
    )


def url(name, assessment, *args):
    return reverse(f"checklist:{name}", args=[assessment.pk, *args])


def save_url(assessment, key):
    return url("response-save", assessment, place(assessment, key).criterion.pk)


def fields(assessment, key, *, revision=None, **said):
    """Form fields of one criterion."""
    at = place(assessment, key)
    name = f"c{at.criterion.pk}"
    posted = {f"{name}-revision": str(at.stored.revision if revision is None else revision)}
    return posted | {f"{name}-{field.replace('__', '-')}": value for field, value in said.items()}
