"""What every page's frame shows: where I am, where I can go, who I am."""

from django.conf import settings

from .demo import DEMO_ACCOUNTS


def shell(request):
    """`shell`: rounds to switch between, the current one, navigation, demo accounts.

    Apps contribute rounds and entries through `settings.SCREENING_NAVIGATION`, the dotted
    path of a function (request) -> dict, because the foundation knows no domain.
    """
    shown = {"rounds": [], "current_round": None, "nav": [], "list": None, "unread": 0, "demo_accounts": [], "key": ()}
    if settings.SCREENING_DEMO:
        shown["demo_accounts"] = DEMO_ACCOUNTS
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        shown.update(_navigation()(request))
        shown["key"] = _key(shown)
    return {"shell": shown}


def _key(shown):
    """All that the frame shows of these, to make the same frame only once."""
    nav = tuple((heading, tuple(tuple(entry.values()) for entry in entries)) for heading, entries in shown["nav"])
    rounds = tuple((each.pk, str(each)) for each in shown["rounds"])
    current = shown["current_round"]
    return nav, rounds, (current.pk, str(current)) if current else None


def _navigation():
    from django.utils.module_loading import import_string

    return import_string(settings.SCREENING_NAVIGATION)
