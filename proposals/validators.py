"""What holds for a proposal wherever it comes from: a form, a file, or another program.

Plain values in, plain values out. Form, import and action all ask `problems_of`.
"""

import datetime as dt
import re
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.translation import gettext as _

from .countries import fold, is_country
from .enums import TAG_CHOICES, TagVocabulary, VictimContact

TITLE_LENGTH = 500
NAME_LENGTH = 300
AREA_LENGTH = 200
IDENTIFIER_LENGTH = 100
EXTERNAL_ID_LENGTH = 120
REFERENCE_LENGTH = 60
LANGUAGE_LENGTH = 10
MAX_AMOUNT = Decimal("9999999999999.99")

# ISO 4217, currencies in use.
CURRENCIES = frozenset(
    """AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP
    CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR
    ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT
    MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD
    SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND
    VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG""".split()
)

LEGAL_FORM = re.compile(r"\b(ltd|limited|inc|incorporated|llc|plc|gmbh|e v|asbl)$")


def fold_name(name):
    """The key by which two spellings of an organisation's name meet: "Blue Boat Ltd." and "blue boat"."""
    folded = fold(name)
    return (LEGAL_FORM.sub("", folded).strip() or folded or name.strip())[:NAME_LENGTH]


@dataclass(frozen=True)
class ProposalFacts:
    """What is known of one proposal, as plain values.

    `applicant` and `partners` are names; `places` are (country code or "", area or "").
    Tags are codes of the vocabularies in `enums.TAG_CHOICES`.
    """

    title: str
    reference: str = ""
    external_id: str = ""
    summary: str = ""
    applicant: str = ""
    applicant_identifier: str = ""
    partners: tuple[str, ...] = ()
    places: tuple[tuple[str, str], ...] = ()
    starts_on: dt.date | None = None
    ends_on: dt.date | None = None
    amount: Decimal | None = None
    currency: str = ""
    exploitation: tuple[str, ...] = ()
    populations: tuple[str, ...] = ()
    four_p: tuple[str, ...] = ()
    victim_contact: str = VictimContact.UNKNOWN.value
    language: str = ""
    notes: str = ""


# field of ProposalFacts -> vocabulary of its tags
TAG_FIELDS = {
    "exploitation": TagVocabulary.EXPLOITATION,
    "populations": TagVocabulary.POPULATION,
    "four_p": TagVocabulary.FOUR_P,
}
VICTIM_CONTACTS = frozenset(VictimContact.values)
TAG_CODES = {name: frozenset(TAG_CHOICES[vocabulary].values) for name, vocabulary in TAG_FIELDS.items()}
LENGTHS = {
    "title": TITLE_LENGTH,
    "reference": REFERENCE_LENGTH,
    "external_id": EXTERNAL_ID_LENGTH,
    "applicant": NAME_LENGTH,
    "applicant_identifier": IDENTIFIER_LENGTH,
    "language": LANGUAGE_LENGTH,
}


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with one field (a name of ProposalFacts), in words."""

    field: str
    message: str


def problems_of(facts):
    """Everything that keeps these facts from being a proposal, as a list of Problem."""
    found = []
    if not facts.title.strip():
        found.append(Problem("title", _("Give the proposal a title.")))
    for name, length in LENGTHS.items():
        if len(getattr(facts, name)) > length:
            found.append(Problem(name, _("This is longer than %(n)s characters.") % {"n": length}))
    if facts.starts_on and facts.ends_on and facts.ends_on < facts.starts_on:
        found.append(Problem("ends_on", _("The project ends before it starts.")))
    return found + _amount_problems(facts) + _place_problems(facts) + _tag_problems(facts)


def _amount_problems(facts):
    found = []
    if facts.amount is not None and not 0 <= facts.amount <= MAX_AMOUNT:
        found.append(Problem("amount", _("The amount must be between 0 and %(most)s.") % {"most": f"{MAX_AMOUNT:,}"}))
    if facts.currency and facts.currency not in CURRENCIES:
        message = _("“%(text)s” is not a currency code. Use three letters, for example USD.")
        found.append(Problem("currency", message % {"text": facts.currency}))
    elif facts.amount is not None and not facts.currency:
        found.append(Problem("currency", _("Say in which currency the amount is.")))
    return found


def _place_problems(facts):
    found = []
    for country, area in facts.places:
        if country and not is_country(country):
            found.append(Problem("places", _("There is no country with the code “%(code)s”.") % {"code": country}))
        if len(area) > AREA_LENGTH:
            found.append(Problem("places", _("The name of an area has at most %(n)s characters.") % {"n": AREA_LENGTH}))
    for name in facts.partners:
        if len(name) > NAME_LENGTH:
            message = _("The name of a partner has at most %(n)s characters.")
            found.append(Problem("partners", message % {"n": NAME_LENGTH}))
    return found


def _tag_problems(facts):
    found = []
    for name, codes in TAG_CODES.items():
        for code in getattr(facts, name):
            if code not in codes:
                found.append(Problem(name, _("“%(code)s” is not in the list.") % {"code": code}))
    if facts.victim_contact not in VICTIM_CONTACTS:
        found.append(Problem("victim_contact", _("“%(code)s” is not in the list.") % {"code": facts.victim_contact}))
    return found


def settle(facts, known):
    """The facts with the spelling and order of what is known wherever they say the same."""
    changes = {"partners": _settled(facts.partners, known.partners, fold_name)}
    if facts.applicant and fold_name(facts.applicant) == fold_name(known.applicant):
        changes["applicant"] = known.applicant
        # An identifier belongs to the organisation: it is added there, never replaced from here.
        changes["applicant_identifier"] = known.applicant_identifier or facts.applicant_identifier
    for name in ("places", *TAG_FIELDS):
        changes[name] = _settled(getattr(facts, name), getattr(known, name), lambda value: value)
    return replace(facts, **changes)


def _settled(values, known, key):
    return known if {key(value) for value in values} == {key(value) for value in known} else values
