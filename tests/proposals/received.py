"""Documents received by the real actions, and their addresses."""

from django.urls import reverse

from proposals import jobs
from proposals.actions import documents as actions
from screening.models import Job

from .files import checked


def add(proposal, by, content=None, name="narrative.pdf", kind="narrative"):
    return actions.add_document(proposal=proposal, upload=checked(content, name), kind=kind, by=by)


def add_read(proposal, by, content=None, name="narrative.pdf"):
    """A document whose pages are made, by the real job."""
    document = add(proposal, by, content, name)
    jobs.handle_read_document(Job.objects.get(subject_type="document", subject_id=str(document.pk)))
    document.refresh_from_db()
    return document


def url(name, document, *more):
    return reverse(f"proposals:document-{name}", args=[document.pk, *more])


def body(response):
    """The whole answer; reading to the end closes the file behind it."""
    return b"".join(response)
