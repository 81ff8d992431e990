"""The languages that texts of an instrument can be written in, with their own names."""

from functools import lru_cache

from django.conf.locale import LANG_INFO
from django.utils.text import capfirst


@lru_cache(maxsize=1)
def language_names():
    """{code: name in the language itself}, by name."""
    names = {code: capfirst(info["name_local"]) for code, info in LANG_INFO.items() if "name_local" in info}
    return dict(sorted(names.items(), key=lambda item: item[1].casefold()))


def language_name(code):
    """The language's own name; the code of one that is not known."""
    return language_names().get(code, code)
