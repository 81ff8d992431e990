"""The invented people of the demo."""

from screening.actions import create_user
from screening.demo import DEMO_ACCOUNTS
from screening.models import User


def demo_people():
    """{"officer", "reviewer1" ... "admin", "auditor": User}; who is there already is kept."""
    return {account.email.partition("@")[0]: _person(account) for account in DEMO_ACCOUNTS}


def _person(account):
    key = account.email.partition("@")[0]
    known = User.objects.filter(email__iexact=account.email).first()
    return known or create_user(
        email=account.email,
        name=account.name,
        password=account.password,
        organisation_name=account.organisation_name,
        language=account.language,
        is_administrator=key == "admin",
        is_auditor=key == "auditor",
        is_instrument_editor=key == "admin",
    )
