"""Countries as people write them, turned into ISO 3166-1 codes. Never guesses.

Names are known in English and French, with the short, former and alternative names that
proposals use. What is not known stays text: "Regional", "Mekong", a misspelled name.
"""

import difflib
import re
import unicodedata
from functools import lru_cache

from django.utils.translation import override
from django_countries import countries

# Former, short and alternative names, folded by `fold`. States that ended (Yugoslavia) are not here.
ALIASES = {
    "BA": "bosnia|bosnia herzegovina|bih",
    "BO": "bolivia plurinational state of",
    "BN": "brunei darussalam",
    "BS": "bahamas|the bahamas",
    "CD": "drc|dr congo|democratic republic of congo|congo kinshasa|congo democratic republic of the|rdc|zaire"
    "|republique democratique du congo",
    "CG": "congo brazzaville|republic of congo|republic of the congo",
    "CI": "ivory coast|cote ivoire",
    "CN": "peoples republic of china|prc",
    "CV": "cape verde|cap vert",
    "CZ": "czech republic|republique tcheque",
    "FM": "micronesia|federated states of micronesia",
    "GB": "uk|great britain|britain|royaume uni",
    "GM": "the gambia",
    "IR": "iran islamic republic of|iran",
    "KG": "kyrgyz republic|kirghizistan",
    "KP": "dprk|democratic peoples republic of korea|coree du nord",
    "KR": "republic of korea|korea|korea republic of|coree du sud",
    "LA": "lao pdr|lao|lao peoples democratic republic|laos pdr|rdp lao",
    "MD": "moldova|republic of moldova|moldova republic of|moldavie",
    "MK": "macedonia|fyrom|macedonia fyrom|fyr macedonia|the former yugoslav republic of macedonia|macedoine",
    "MM": "burma|myanmar burma|burma myanmar|birmanie",
    "MO": "macau",
    "NL": "holland|the netherlands",
    "PH": "the philippines",
    "PS": "palestinian territories|occupied palestinian territory|opt|state of palestine|west bank and gaza",
    "RU": "russia|russian federation|russie",
    "SY": "syria|syrian arab republic|syrie",
    "SZ": "swaziland",
    "TL": "east timor|timor leste|timor oriental",
    "TR": "turkey|turquie",
    "TW": "taiwan province of china",
    "TZ": "tanzania|united republic of tanzania|tanzania united republic of|tanzanie",
    "US": "usa|united states|us|u s|u s a|etats unis",
    "VA": "vatican|holy see",
    "VE": "venezuela bolivarian republic of",
    "VN": "viet nam|vietnam|socialist republic of vietnam",
}
SEPARATOR = re.compile(r"(\s*[,;/\n|]\s*(?:(?:and|et|&)\s+)?|\s+(?:and|et|&)\s+)", re.IGNORECASE)
# How many separators may stand inside one name: "Bonaire, Sint Eustatius and Saba".
LONGEST = 3


ACCENTS = re.compile("[\u0300-\u036f'’]")


@lru_cache(maxsize=65_536)
def fold(text):
    """Without case, accents and punctuation, for comparing names. Vowel signs of other scripts stay."""
    plain = ACCENTS.sub("", unicodedata.normalize("NFKD", text).casefold())
    return " ".join("".join(letter if unicodedata.category(letter)[0] in "LMN" else " " for letter in plain).split())


@lru_cache(maxsize=1)
def _names():
    """Folded name -> code."""
    found = {}
    for language in ("en", "fr"):
        with override(language):
            for code, name in countries:
                found.setdefault(fold(name), code)
                found.setdefault(fold(re.sub(r"\(.*?\)", "", name)), code)
    for code, names in ALIASES.items():
        for name in names.split("|"):
            found[name] = code
    return found


@lru_cache(maxsize=1)
def _codes():
    """Codes of two and of three letters, written in capitals."""
    return {code: code for code, _name in countries} | {countries.alpha3(code): code for code, _name in countries}


def is_country(code):
    """Whether this is an ISO code of two letters."""
    return len(code) == 2 and code in _codes()


@lru_cache(maxsize=4_096)
def country_code(text):
    """The ISO code of one country by name or code, or ""."""
    text = text.strip().strip(".")
    return _codes().get(text) or _names().get(fold(text), "")


@lru_cache(maxsize=4_096)
def similar_country(text):
    """The name of a country that is written much like this, or "": for a question, never as an answer."""
    folded = fold(text)
    if not 4 <= len(folded) <= 40:
        return ""
    # Only names with the same first letter: comparing with all of them takes too long in large files.
    near = [name for name in _names() if name[0] == folded[0] and abs(len(name) - len(folded)) <= 3]
    close = difflib.get_close_matches(folded, near, n=1, cutoff=0.8)
    return country_name(_names()[close[0]]) if close else ""


def country_name(code):
    """The name of a country in the reader's language; "" for ""."""
    return countries.name(code) if code else ""


def split_known(text, known):
    """Divide a list in one cell into (value, "") for what `known` recognises and ("", words) for the rest.

    Names that contain a separator ("Bosnia and Herzegovina") are tried whole before they are divided.
    """
    parts = SEPARATOR.split(text.strip())
    found, start = [], 0
    while start < len(parts):
        for end in range(min(start + 2 * LONGEST + 1, len(parts)), start, -2):
            words = "".join(parts[start:end]).strip()
            value = known(words)
            if value:
                found.append((value, ""))
                break
        else:
            end, words = start + 1, parts[start].strip(" .\t")
            if words:
                found.append(("", words))
        start = end + 1
    return list(dict.fromkeys(found))
