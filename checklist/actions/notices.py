"""Telling people something: one row each, shown in the application and sent with the daily e-mail."""

from django.db import transaction

from checklist.models import Notice


@transaction.atomic
def tell(*, users, kind, values, key, proposal=None, round_=None):
    """Put a notice before each of these people. What was told under the same `key` is not told again.

    `values` are JSON values for the sentence of the kind; the words are made when it is shown.
    """
    round_ = round_ or (proposal.round if proposal else None)
    return Notice.objects.bulk_create(
        [Notice(user=user, kind=kind, round=round_, proposal=proposal, values=values, key=key) for user in users],
        ignore_conflicts=True,
    )
