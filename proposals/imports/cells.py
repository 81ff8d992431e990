"""One cell to one value. Blank stays blank; what can be read in two ways is refused, not guessed.

Every function raises Unreadable with a sentence that says what to write instead.
"""

import calendar
import datetime as dt
import re
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from django.conf.locale import LANG_INFO
from django.utils.translation import gettext as _
from django.utils.translation import override

from proposals.countries import country_code, fold, split_known
from proposals.enums import TAG_CHOICES, TagVocabulary
from proposals.validators import CURRENCIES

BLANK = frozenset({"", "na", "n/a", "#n/a", "n.a.", "n.a", "n. a.", "nan", "null", "-", "–", "—", "s.o.", "s/o"})
CENT = Decimal("0.01")
# Signs that stand for one currency only; "$" stands for many.
SIGNS = {"€": "EUR", "US$": "USD", "฿": "THB", "₫": "VND", "៛": "KHR", "₭": "LAK", "₹": "INR", "₱": "PHP"}
AMOUNT = re.compile(r"(?P<before>[^\d.,+\-]*?)(?P<number>[+\-]?[\d.,]*\d(?:[eE]\+?\d{1,4})?)(?P<after>[^\d]*)")
# Nothing more is said by these: "$" stands for many currencies, "1234.-" and "1234,-" for an amount without cents.
PLAIN_BESIDE = frozenset(("", "$", "£", ".-", ",-", "/-", ".–", ",–"))
MINUS = re.compile(r"[-\u2212–]\s*(?=\D*\d)|\(\s*(?=\D*\d.*\)\s*$)")
LONGEST_AMOUNT = 60
# Rounded to cents, it would have a digit more than is stored.
TOO_LARGE = Decimal("9999999999999.995")
NUMBER_SPACES = re.compile(r"(?<=\d)[\s\u00a0\u202f\u2009'’](?=\d{3}(?!\d))")
MONTHS = (
    "january janvier jan janv|february fevrier feb fev fevr|march mars mar|april avril apr avr|may mai|june juin jun"
    "|july juillet jul juil|august aout aug|september septembre sep sept|october octobre oct"
    "|november novembre nov|december decembre dec"
)
MONTH_NUMBERS = {name: number for number, names in enumerate(MONTHS.split("|"), start=1) for name in names.split()}
ISO_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]\d{1,2}:\d{2}.*)?")
PARTIAL_DATE = re.compile(r"(\d{4})(?:[-/](\d{1,2}))?")
NUMERIC_DATE = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})(?:[ T]\d{1,2}:\d{2}.*)?")
DAY_MONTH_YEAR = re.compile(r"(\d{1,2})(?:st|nd|rd|th|er)?[ .-]+([^\W\d]+)[ .,-]+(\d{4})")
MONTH_DAY_YEAR = re.compile(r"([^\W\d]+)[ .]+(\d{1,2})(?:st|nd|rd|th)?[ ,]+(\d{4})")
MONTH_YEAR = re.compile(r"([^\W\d]+)[ .,-]+(\d{4})")
SYNONYMS = {
    TagVocabulary.EXPLOITATION: {
        "labour exploitation": "forced_labour", "labor exploitation": "forced_labour", "forced labor": "forced_labour",
        "labour": "forced_labour", "labor": "forced_labour", "sex": "sexual", "sex trafficking": "sexual",
        "sexual": "sexual", "fishing": "fishing", "forced begging": "begging", "organ trafficking": "organ_removal",
        "domestic work": "domestic", "forced criminality": "forced_crime", "travail force": "forced_labour",
        "exploitation sexuelle": "sexual", "mariage force": "forced_marriage", "servitude domestique": "domestic",
    },
    TagVocabulary.POPULATION: {
        "victims": "survivors", "migrants": "migrant_workers", "minorities": "ethnic_minorities", "lgbti": "lgbtqi",
        "people with disability": "disabilities", "femmes": "women", "hommes": "men", "filles": "girls",
        "garcons": "boys", "refugies": "refugees",
    },
    TagVocabulary.FOUR_P: {
        "partnerships": "partnership", "partenariat": "partnership", "poursuites": "prosecution",
        "protect": "protection", "prevent": "prevention", "prosecute": "prosecution",
    },
}  # fmt: skip


class Unreadable(ValueError):
    """The cell cannot be read; the message says what to write instead."""


def is_blank(text):
    """Nothing, or one of the ways to write "nothing" in a spreadsheet."""
    return text.strip().casefold() in BLANK


def read_text(text):
    """The text without space around it; "" for blank."""
    return "" if is_blank(text) else text.strip()


def read_line(text):
    """The text on one line."""
    return " ".join(read_text(text).split())


def read_names(text):
    """Names divided by semicolons or line ends; never by "and" or commas, which stand in names."""
    parts = (" ".join(part.split()) for part in re.split(r"[;\n]", read_text(text)))
    return tuple(dict.fromkeys(part for part in parts if not is_blank(part)))


# -- Money ----------------------------------------------------------------------------------


def read_amount(text):
    """(Decimal or None, currency code or "") of "1,234.50", "1.234,50", "89e4", "USD 5000", "€ 12 000"."""
    if is_blank(text):
        return None, ""
    text = NUMBER_SPACES.sub("", text.strip())
    if len(text) > LONGEST_AMOUNT:
        raise Unreadable(_("This is too long for an amount. Write it as 1234.50."))
    if _is_negative(text):
        raise Unreadable(_("The amount is negative."))
    match = AMOUNT.fullmatch(text)
    if match is None:
        raise Unreadable(_("This is not an amount. Write it as 1234.50."))
    currency = _currency_beside(match["before"].strip(), match["after"].strip())
    number, _e, exponent = match["number"].lstrip("+").lower().partition("e")
    value = Decimal(_plain_number(number))
    if exponent:
        value = value.scaleb(int(exponent))
    if value >= TOO_LARGE:
        raise Unreadable(_("The amount is too large."))
    return value.quantize(CENT, rounding=ROUND_HALF_UP), currency


def _is_negative(text):
    """A minus or brackets before the number or the currency; accountants write the minus behind."""
    first = re.match(r"\D*", text)[0]
    sign = MINUS.search(text)
    if sign and sign.start() < len(first):
        beside = (text[: sign.start()] + first[sign.end() :]).strip(" +.,")
        return beside in PLAIN_BESIDE or bool(_code_of(beside))
    # "5000/-" is an amount without cents, as "5000.-" is.
    return bool(re.search(r"\d[^\d.,/]*[-\u2212–]\s*$", text))


def _code_of(word):
    """The currency code that a sign or code means, or ""."""
    return SIGNS.get(word) or SIGNS.get(word.upper()) or (word.upper() if word.upper() in CURRENCIES else "")


def _currency_beside(before, after):
    found = [word for word in (before, after) if word not in PLAIN_BESIDE]
    if before == "£":
        found.append("GBP")
    codes = {_code_of(word): word for word in found}
    if "" in codes:
        message = _(
            "“%(words)s” is not understood beside an amount. Write figures and at most a currency, as USD 1234.50."
        )
        raise Unreadable(message % {"words": codes[""]})
    if len(codes) > 1:
        raise Unreadable(_("Two currencies stand beside this amount. Leave one of them."))
    return next(iter(codes), "")


def _plain_number(number):
    """The number with a point before its decimals and nothing between its thousands."""
    points, commas = number.count("."), number.count(",")
    if points and commas:
        decimal = max(".", ",", key=number.rfind)
        thousands = "," if decimal == "." else "."
        whole, _sign, rest = number.rpartition(decimal)
        if decimal in whole or not _grouped(whole, thousands):
            raise Unreadable(_("The thousands of this amount are not in groups of three. Write it as 1234.50."))
        return f"{whole.replace(thousands, '')}.{rest}"
    if not points and not commas:
        return number
    sign = "." if points else ","
    if points + commas > 1:
        if not _grouped(number, sign):
            raise Unreadable(_("The thousands of this amount are not in groups of three. Write it as 1234.50."))
        return number.replace(sign, "")
    whole, _sign, rest = number.partition(sign)
    if len(rest) == 3 and 1 <= len(whole) <= 3 and whole != "0":
        if sign == ",":
            return whole + rest
        message = _("This can be read in two ways. Write %(one)s or %(other)s.")
        raise Unreadable(message % {"one": whole + rest, "other": f"{Decimal(number):.2f}"})
    return f"{whole or '0'}.{rest}"


def _grouped(number, sign):
    first, *groups = number.split(sign)
    return 1 <= len(first) <= 3 and all(len(group) == 3 and group.isdigit() for group in groups)


def read_currency(text):
    """An ISO 4217 code."""
    text = read_line(text)
    code = SIGNS.get(text) or {"£": "GBP", "EURO": "EUR", "EUROS": "EUR"}.get(text.upper()) or text.upper()
    if code and code not in CURRENCIES:
        raise Unreadable(_("This is not a currency code. Use three letters, for example USD."))
    return code


# -- Dates ----------------------------------------------------------------------------------


def day_comes_first(texts):
    """Whether 03/04/2026 is 3 April in these cells: True, False, or None where no cell tells."""
    first = second = False
    for text in texts:
        match = NUMERIC_DATE.fullmatch(text.strip())
        if match and match[2] != ".":
            first |= int(match[1]) > 12
            second |= int(match[3]) > 12
    return None if first == second else first


def read_date(text, *, day_first=None, at_end=False):
    """(date or None, whether only month or year were given). `at_end`: then the last day, not the first."""
    text = read_line(text)
    if not text:
        return None, False
    if match := ISO_DATE.fullmatch(text):
        return _date(match[1], match[2], match[3]), False
    if match := PARTIAL_DATE.fullmatch(text):
        return _edge(int(match[1]), int(match[2] or 0), at_end), True
    if match := NUMERIC_DATE.fullmatch(text):
        return _numeric_date(match, day_first), False
    if (match := DAY_MONTH_YEAR.fullmatch(text)) and _month(match[2]):
        return _date(match[3], _month(match[2]), match[1]), False
    if (match := MONTH_DAY_YEAR.fullmatch(text)) and _month(match[1]):
        return _date(match[3], _month(match[1]), match[2]), False
    if (match := MONTH_YEAR.fullmatch(text)) and _month(match[1]):
        return _edge(int(match[2]), _month(match[1]), at_end), True
    raise Unreadable(_("This is not a date. Write it as 2026-05-31."))


def _numeric_date(match, day_first):
    one, other, year = int(match[1]), int(match[3]), match[4]
    if match[2] == "." or one > 12 or one == other:
        return _date(year, other, one)
    if other > 12:
        return _date(year, one, other)
    if day_first is None:
        message = _("This date can be read in two ways. Write %(one)s or %(other)s.")
        raise Unreadable(message % {"one": f"{year}-{other:02}-{one:02}", "other": f"{year}-{one:02}-{other:02}"})
    return _date(year, other, one) if day_first else _date(year, one, other)


def _date(year, month, day):
    try:
        date = dt.date(int(year), int(month), int(day))
    except ValueError:
        raise Unreadable(_("There is no such day. Write the date as 2026-05-31.")) from None
    return _likely(date)


def _edge(year, month, at_end):
    first, last = (month, month) if month else (1, 12)
    if not 1 <= last <= 12:
        raise Unreadable(_("There is no such month. Write the date as 2026-05-31."))
    if not 1900 <= year <= 2100:
        raise Unreadable(_("This is not a date. Write it as 2026-05-31."))
    return dt.date(year, last, calendar.monthrange(year, last)[1]) if at_end else dt.date(year, first, 1)


def _likely(date):
    if not 1900 <= date.year <= 2100:
        raise Unreadable(_("The year must be between 1900 and 2100."))
    return date


def _month(word):
    return MONTH_NUMBERS.get(fold(word), 0)


# -- Words from lists -----------------------------------------------------------------------


def read_countries(text):
    """(codes, words that are no country we know), in their order."""
    if is_blank(text):
        return (), ()
    found = split_known(text, country_code)
    codes = tuple(dict.fromkeys(code for code, _words in found if code))
    return codes, tuple(words for code, words in found if not code and not is_blank(words))


def read_tags(text, vocabulary):
    """(codes, words that are not in the vocabulary)."""
    if is_blank(text):
        return (), ()
    found = split_known(text, lambda words: _tag_words(vocabulary).get(fold(words.replace("_", " ")), ""))
    codes = tuple(dict.fromkeys(code for code, _words in found if code))
    return codes, tuple(words for code, words in found if not code and not is_blank(words))


@lru_cache(maxsize=8)
def _tag_words(vocabulary):
    words = {fold(word): code for word, code in SYNONYMS[vocabulary].items()}
    for language in ("en", "fr"):
        with override(language):
            for code, label in TAG_CHOICES[vocabulary].choices:
                words[fold(str(label))] = words[fold(code.replace("_", " "))] = code
    return words


def read_language(text):
    """A language code by code or name, or None where the words name none."""
    text = read_line(text)
    if not text or text.casefold() in LANG_INFO:
        return text.casefold()
    return _languages().get(fold(text))


@lru_cache(maxsize=1)
def _languages():
    names = {}
    for code, info in LANG_INFO.items():
        if "name" in info and "-" not in code:
            names[fold(info["name"])] = names[fold(info["name_local"])] = code
    return names | {"francais": "fr", "anglais": "en", "lao": "lo", "burmese": "my", "vietnamese": "vi"}
