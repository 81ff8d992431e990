"""Who took an instrument out of the application, and in what shape."""

from django.db import transaction

from screening import audit


@transaction.atomic
def record_instrument_export(*, version, shape, by):
    """Note that a version was exported; `shape` says as what, such as "yaml" or "blank pdf"."""
    return audit.record("instrument_exported", version, by=by, after={"shape": shape})
