"""What looks sensitive in the words of a report before it leaves the house. Pure: texts in, findings out.

The check points, it does not judge: it may point at what is harmless and miss what is not. A person
looks at every finding and says whether it is left out or stands.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from enum import Enum
from types import MappingProxyType
from typing import Any
from unicodedata import normalize

EMAIL, PHONE, ADDRESS, PLACE, SHELTER, NAME, INSIDE, BY_HAND, BY_LETTER = KINDS = (
    "email",
    "phone",
    "address",
    "place",
    "shelter",
    "name",
    "inside",
    "by_hand",
    "letter",
)
LEFT_OUT = "[left out]"
CONTEXT = 60
LONGEST = 300
# So many letters are no part of another word, even where others stand beside them.
LONG = 100
# What can be left out: a name of two letters, as a whole word.
SHORTEST = 2
# What the check points at by itself: shorter words are too often words like any other.
SHORTEST_FOUND = 3
# Characters that nobody sees: soft hyphens, zero-width spaces and joiners, marks of direction.
ZERO_WIDTH_SPACE = "\u200b"
INVISIBLE = re.compile("[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
# Parts of a report that are codes, not words: addresses of templates and charts hang on them.
CODES = frozenset(
    "key mark code slug kind conclusion outcome grade critical language state reference level version "
    "report_reference proposal_reference round_reference number settled sha256 content_hash".split()
)

# Thai, Lao, Burmese, Khmer, Japanese and Chinese stand without spaces: a word begins and ends anywhere in them.
UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uaa60-\uaa7f"
_LETTER = rf"[^\W{UNSPACED}]"
_UNSPACED = re.compile(f"[{UNSPACED}]")
_MARK = "\u0300-\u036f"
_INSIDE_WORD = re.compile(f"(?:{_LETTER}|[{_MARK}])(?:{_LETTER}|[{_MARK}])")
# Tried from the first letter of a run only: a long run without an @ is read once.
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
# A phone number has a plus or a leading nought or brackets, and eight digits or more.
_PHONE = re.compile(rf"(?<![.,/-])(?<!{_LETTER})(?:\+|00|0|\()\d(?:[\s().\-/]{{0,2}}\d){{6,13}}(?!{_LETTER})")
# Latitude and longitude, in degrees as decimals or with minutes.
_PLACE = re.compile(
    r"[-+]?\d{1,2}\.\d{3,}\s*°?\s*[NSns]?\s*[,;/ ]\s*[-+]?\d{1,3}\.\d{3,}(?:\s*°?\s*[EWOewo]\b)?"
    r"|\d{1,3}\s*°\s*\d{1,2}\s*['′’]\s*(?:\d{1,2}(?:\.\d+)?\s*(?:\"|″|”|'')\s*)?[NSEWOnsewo]\b"
)
_STREET = (
    r"street|st\.|road|rd\.|avenue|ave\.|lane|boulevard|blvd\.?|square|alley|soi|moo|"
    r"rue|avenue|chemin|route|impasse|place|allée|quai|ruelle"
)
_ADDRESS = re.compile(
    # "12 Rose Street", "12/4 Soi 7", "No. 12, Main Road"
    rf"\b(?:[Nn]o\.?\s*)?\d{{1,5}}(?:[/-]\d{{1,4}})?[A-Za-z]?,?\s+(?:[\w'’-]+\s+){{0,4}}?(?:{_STREET})(?!\w)(?:\s+\d{{1,4}}\b)?"
    # "12, rue des Lilas", "House 7, Village 4"
    r"|\b(?:[Hh]ouse|[Mm]aison|[Ff]lat|[Aa]partment|[Aa]ppartement)\s+(?:[Nn]o\.?\s*|n°\s*)?\d{1,5}[A-Za-z]?\b"
    r"(?:,\s*(?:[Vv]illage|[Ss]oi|[Mm]oo|[Rr]ue|[Ss]treet)\s+[\w-]+)?",
    re.IGNORECASE,
)
_RUE = re.compile(
    r"\b\d{1,5}(?:\s?(?:bis|ter))?,?\s+(?:rue|avenue|chemin|route|impasse|allée|quai|boulevard|place)\s+"
    r"(?:(?:de|du|des|la|le|les)\s+|[dl]['’])*[\w'’-]+",
    re.IGNORECASE,
)
# A house where people are safe, with what is said of where it is. The sentence part around it is the finding.
_SHELTER = re.compile(
    r"\b(?:shelters?|safe[\s-]?houses?|refuges?|safe homes?|half-?way houses?|"
    r"foyers?|maisons? (?:sûres?|d['’]accueil|refuges?)|abris?|centres? d['’]hébergement)\b",
    re.IGNORECASE,
)
# Words by which a sentence says where something is: "near", a street; "in" only before a name.
_WHERE = re.compile(
    r"\b(?i:near|behind|beside|next to|opposite|close to|street|road|village|district|located|address|"
    r"près|derrière|en face|rue|quartier|commune|située?|adresse)\b"
    r"|\b(?i:in|at|between|à|au|aux|dans|en)\s+(?i:the\s+|la\s+|le\s+)?[A-ZÀ-ÖØ-Þ]"
)
_PERSON = r"[A-ZÀ-ÖØ-Þ][\w'’-]+(?:\s+(?:[a-z]{1,3}\s+)?[A-ZÀ-ÖØ-Þ][\w'’-]+){0,3}"
# As in: the survivor Mary Example; victims: Ann A., Bo B.; la victime Marie Exemple.
_NAMED = re.compile(
    r"\b(?i:survivors?|victims?|survivant(?:e|es|s)?|victimes?|rescapé(?:e|es|s)?|witness(?:es)?|témoins?)"
    rf"(?i:\s+(?:is|are|was|were|named|called|include[sd]?|nommée?s?|appelée?s?|est|sont))?\s*[:,(]?\s*(?P<names>{_PERSON}"
    rf"(?:\s*(?:,|;|\band\b|\bet\b|&)\s*{_PERSON})*)"
)
# "survivor-led" and "witness-protection" say what work is like; a "survivor-advocate" is a person.
_OF_WORK = (
    r"-(?:led|cent(?:re|er)e?d|centric|focuss?ed|based|informed|oriented|sensitive|friendly|driven|run|"
    r"support|assistance|protection|identification|services?|blaming)\b"
)
# As in: Ms Lan (survivor); Mary Example, a victim of trafficking; Marie Exemple, survivante.
_NAMED_BEFORE = re.compile(
    r"(?<![\w'’-])(?P<names>[A-ZÀ-ÖØ-Þ][\w'’-]*\.?(?:\s+[A-ZÀ-ÖØ-Þ][\w'’-]+){0,4})(?:\s*[(,]|\s+[–-])\s*"
    r"(?i:(?:an?|the|une?|la|le)\s+|l['’])?(?i:survivor|victim|survivante?|victime|rescapée?|witness|témoin)\b"
    rf"(?i:(?!{_OF_WORK}))"
)
_SENTENCE = re.compile(r"[^.!?;\n]+")


@dataclass(frozen=True)
class Finding:
    """One run of words that looks sensitive, with what stands before and after it the first time."""

    kind: str
    text: str
    before: str
    after: str
    times: int = 1


def find(texts: Iterable[str], inside: Iterable[str] = ()) -> list[Finding]:
    """Every run of words that looks sensitive, or is one of the `inside` words, once, in the order of the texts.

    Characters that nobody sees are looked through.
    """
    found: dict[str, Finding] = {}
    words_inside = any_of(word for word in inside if len(word.strip()) >= SHORTEST_FOUND)
    for text in (INVISIBLE.sub("", each) for each in texts):
        for kind, start, end in _spots(text, words_inside):
            words = text[start:end]
            if words in found:
                found[words] = replace(found[words], times=found[words].times + 1)
            else:
                found[words] = Finding(kind, words, *_around(text, start, end))
    return list(found.values())


def _around(text: str, start: int, end: int) -> tuple[str, str]:
    """What stands before and after, with dots where it was cut."""
    before, after = text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT]
    return ("…" if start > CONTEXT else "") + before, after + ("…" if end + CONTEXT < len(text) else "")


def _spots(text: str, inside: re.Pattern[str] | None) -> list[tuple[str, int, int]]:
    """(kind, start, end) without overlaps, in the order of the text: of two that overlap, what is left of the later."""
    spots = [
        (kind, match.start(), match.end())
        for kind, pattern in ((EMAIL, _EMAIL), (PLACE, _PLACE), (PHONE, _PHONE), (ADDRESS, _RUE), (ADDRESS, _ADDRESS))
        for match in pattern.finditer(text)
    ]
    spots += [(INSIDE, match.start(), match.end()) for match in inside.finditer(text)] if inside else []
    spots += [(NAME, match.start("names"), match.end("names")) for match in _NAMED.finditer(text)]
    spots += [(NAME, match.start("names"), match.end("names")) for match in _NAMED_BEFORE.finditer(text)]
    spots = _with_shelters(text, spots)
    kept: list[tuple[str, int, int]] = []
    for kind, *place in spots:
        for part in _parts(text, *place):
            kept += [(kind, start, end) for start, end in _beside(text, *part, kept) if end - start >= SHORTEST_FOUND]
    return sorted(kept, key=lambda spot: spot[1])


def _with_shelters(text: str, spots: list[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    """With the places of shelters; an address in such a sentence is part of it and no finding of its own."""
    found = []
    for start, end in _shelters(text):
        inside = [spot for spot in spots if spot[0] in (ADDRESS, PLACE) and spot[1] < end and start < spot[2]]
        spots = [spot for spot in spots if spot not in inside]
        starts, ends = zip((start, end), *((spot[1], spot[2]) for spot in inside), strict=True)
        found.append((SHELTER, min(starts), max(ends)))
    return spots + found


def _beside(text: str, start: int, end: int, kept: Iterable[tuple[str, int, int]]) -> Iterable[tuple[int, int]]:
    """What of a run of words lies in no finding that is kept, without spaces around it."""
    for other_start, other_end in sorted((other[1], other[2]) for other in kept if other[1] < end and start < other[2]):
        yield _without_spaces(text, start, max(start, other_start))
        start = other_end
    yield _without_spaces(text, start, max(start, end))


def _without_spaces(text: str, start: int, end: int) -> tuple[int, int]:
    words = text[start:end]
    return start + len(words) - len(words.lstrip()), start + len(words.rstrip())


def _parts(text: str, start: int, end: int) -> Iterable[tuple[int, int]]:
    """The run of words, from the beginning of its first word to the end of its last, in parts that are not too long.

    A part of a word would not be found again when it is to be left out.
    """
    while _is_inside_word(text, start):
        start -= 1
    while _is_inside_word(text, end):
        end += 1
    while end - start > LONGEST:
        cut = start + LONGEST
        while cut > start and _is_inside_word(text, cut):
            cut -= 1
        if cut > start:
            yield start, cut
        else:
            cut = start + LONGEST
            while cut < end and _is_inside_word(text, cut):
                cut += 1
            yield from _even_parts(start, cut)
        start = cut + len(text[cut:end]) - len(text[cut:end].lstrip())
    yield start, end


def _even_parts(start: int, end: int) -> Iterable[tuple[int, int]]:
    """One endless word in parts none of which is short: a short one would be found in other words, too."""
    count = -(-(end - start) // LONGEST)
    places = [start + (end - start) * number // count for number in range(count + 1)]
    return zip(places, places[1:], strict=False)


def _is_inside_word(text: str, place: int) -> bool:
    return 0 < place < len(text) and bool(_INSIDE_WORD.fullmatch(text[place - 1 : place + 1]))


def _shelters(text: str) -> Iterable[tuple[int, int]]:
    """Parts of sentences that name a shelter and say where it is, before or after."""
    for sentence in _SENTENCE.finditer(text):
        named = _SHELTER.search(sentence[0])
        where = named and _WHERE.search(sentence[0])
        if named and where:
            start = sentence.start() + min(named.start(), where.start())
            yield start, sentence.start() + len(sentence[0].rstrip())


# -- Texts of a report ----------------------------------------------------------------------------


def texts_of(value: Any, name: str = "") -> Iterable[str]:
    """Every text of a report, whatever it is nested in; codes are left out."""
    if name in CODES or isinstance(value, Enum):
        return
    if isinstance(value, str):
        yield str(value)
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from texts_of(getattr(value, field.name), field.name)
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield from texts_of(each, str(key))
    elif isinstance(value, list | tuple | set | frozenset):
        for each in value:
            yield from texts_of(each, name)


def without(
    report: Any, words: Iterable[str], shown: str = LEFT_OUT, instead: Mapping[str, str] = MappingProxyType({})
) -> Any:
    """The same report with `shown` in the place of these words in every text; the report itself is not changed.

    `instead` holds {word: what stands in the place of this one}.
    """
    pattern = any_of(words)
    if pattern is None:
        return report
    named = {folded(word): other for word, other in instead.items()}
    return _mapped(report, lambda text: replaced(pattern, text, lambda found: named.get(folded(found), shown)), "")


def replaced(pattern: re.Pattern[str], text: str, instead: Callable[[str], str]) -> str:
    """The text with what `instead` gives for each match in its place, invisible characters in it or not."""
    parts, done = [], 0
    for start, end, words in spans_of(pattern, text):
        parts += [text[done:start], instead(words)]
        done = end
    return "".join([*parts, text[done:]])


def spans_of(pattern: re.Pattern[str], text: str) -> list[tuple[int, int, str]]:
    """(start, end, words as they are read) of every match, in order and without overlaps.

    A zero-width space may part two words or stand in one: both readings are looked at.
    """
    if not INVISIBLE.search(text):
        spans = [(found.start(), found.end(), found[0]) for found in _every(pattern, text)]
    else:
        spans = []
        for parting in (ZERO_WIDTH_SPACE, ""):
            places = [at for at, each in enumerate(text) if each == parting or not INVISIBLE.match(each)]
            bare = "".join(text[at] for at in places)
            spans += [(places[found.start()], places[found.end() - 1] + 1, found[0]) for found in _every(pattern, bare)]
    merged: list[tuple[int, int, str]] = []
    for start, end, words in sorted(spans, key=lambda span: (span[0], -span[1])):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]), merged[-1][2])
        else:
            merged.append((start, end, words))
    return merged


def _every(pattern: re.Pattern[str], text: str) -> Iterable[re.Match[str]]:
    """Every match, also one that begins inside another: words that are left out may overlap."""
    found = pattern.search(text)
    while found:
        yield found
        found = pattern.search(text, found.start() + 1)


def any_of(words: Iterable[str]) -> re.Pattern[str] | None:
    """Finds each of the words, the longer ones first, in any case; None where there are none.

    A word of two letters is found as it is written or with more capitals: "An" is a name, "an" is none.
    """
    wanted = sorted({word for word in words if len(word.strip()) >= SHORTEST}, key=lambda word: (-len(word), word))
    return re.compile("|".join(map(_in_any_case, wanted)), re.IGNORECASE) if wanted else None


def _in_any_case(word: str) -> str:
    bare = INVISIBLE.sub("", word).strip()
    if len(bare) > SHORTEST:
        return as_whole(bare)
    ways = dict.fromkeys((bare, bare[:1].upper() + bare[1:], bare.upper()))
    return f"(?-i:{'|'.join(map(as_whole, ways))})"


def as_whole(word: str) -> str:
    """The pattern of a word as a whole, however its spaces are typed and its accents are put together."""
    typed = r"\s+".join(map(re.escape, word.split()))
    word = normalize("NFC", word.strip())
    body = r"\s+".join("".join(map(_either_way, part)) for part in word.split())
    body = body if body == typed else f"(?:{typed}|{body})"
    if len(word) >= LONG:
        return body
    before = rf"(?<!{_LETTER})" if word[:1].isalnum() and not _UNSPACED.match(word[0]) else ""
    after = rf"(?!{_LETTER})" if word[-1:].isalnum() and not _UNSPACED.match(word[-1]) else ""
    return f"{before}{body}{after}"


def as_typed(words: str) -> str:
    """Words with single spaces, accents put together and nothing in them that nobody sees."""
    return " ".join(normalize("NFC", INVISIBLE.sub("", words)).split())


def folded(words: str) -> str:
    """The same for words that are found as one, however they are typed."""
    return as_typed(words).casefold()


def _either_way(character: str) -> str:
    """A letter with accents as one character, as letter and accents, or with one accent apart, as in ê and a tone."""
    base, *marks = list(normalize("NFD", character))
    if not marks:
        return re.escape(base)
    apart = (normalize("NFC", base + "".join(marks[:at] + marks[at + 1 :])) + mark for at, mark in enumerate(marks))
    ways = dict.fromkeys((character, base + "".join(marks), *apart))
    return f"(?:{'|'.join(map(re.escape, ways))})"


def _mapped(value: Any, change: Callable[[str], str], name: str) -> Any:
    if name in CODES or isinstance(value, Enum | type):
        return value
    if isinstance(value, str):
        changed = change(value)
        return value if changed == value else changed
    if is_dataclass(value):
        whole: Any = value
        own = [each.name for each in fields(whole) if each.init]
        return replace(whole, **{each: _mapped(getattr(whole, each), change, each) for each in own})
    if isinstance(value, Mapping):
        return {key: _mapped(each, change, str(key)) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        parts = [_mapped(each, change, name) for each in value]
        return type(value)(*parts) if hasattr(value, "_fields") else type(value)(parts)
    return value
