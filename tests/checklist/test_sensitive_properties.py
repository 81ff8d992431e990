"""Whatever the check points at is gone from its place once it is left out, alone or with everything else."""

from hypothesis import example, given
from hypothesis import strategies as st

from checklist.sensitive import INVISIBLE, LONGEST, SHORTEST_FOUND, _spots, any_of, find, spans_of

# Pieces that the check looks for, pieces of them, and what may stand between: put together at random, they touch.
PIECES = [
    "shelter", "Safe house", "foyer", "near", "in Poipet", "at", "behind the market", "12 Rose Street", "12 X Street",
    "7, rue des Lilas", "house no. 7", "Village 4", "Soi", "St.", "a@b.example", "mary.example+a@field.example", "@",
    "+66 81 234 5678", "0812345678", "(0)20 7946 0018", "104.9160, 11.5564", "13°45'22\"N", "1104°30′ N",
    "survivor", "victims:", "Ms Lan", "Mary Example", "Ann, Bo and Cy", "(victim)", "– survivante", "témoin",
    "Rita One", "Huê\u0301", "Nghiê\u0323m", "มะลิ", "王小明", "1", "x", "é", "e\u0301", "_", "Z" * 160, "7" * 310,
]  # fmt: skip
BETWEEN = ["", "", " ", " ", "  ", "\n", ", ", ". ", "; ", "-", "(", "\u200b", "\u00ad"]
INSIDE = ["Rita One", "Blue Boat Co.", "Cy"]

texts = st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from(BETWEEN)), max_size=14).map(
    lambda pairs: "".join(piece + between for piece, between in pairs)
)


def left_at(spots, words, text):
    """What of these places of the text, read without what nobody sees, stands when the words are left out."""
    shown = [at for at, each in enumerate(text) if not INVISIBLE.match(each)]
    hidden = [range(start, end) for start, end, _words in spans_of(any_of(words), text)]
    return [
        "".join(text[shown[at]] for at in range(start, end) if not any(shown[at] in span for span in hidden))
        for _kind, start, end in spots
    ]


@given(texts)
@example("Mary Example survivor 104.9160, 11.5564Zx")
@example("The shelter is near " + "Z" * 610 + " and " + "Z" * 310)
@example("victims: e\u0301e\u0301e\u0301 Ann\u0301 Bo")
def test_nothing_of_a_finding_stays_at_its_place(text):
    bare = INVISIBLE.sub("", text)
    spots = _spots(bare, any_of(INSIDE))

    for kind, start, end in spots:
        words = bare[start:end]
        assert words == words.strip()
        assert SHORTEST_FOUND <= len(words) <= LONGEST
        assert left_at([(kind, start, end)], [words], text) == [""]
    if spots:
        assert set(left_at(spots, [each.text for each in find([text], INSIDE)], text)) == {""}


@given(texts)
def test_findings_do_not_overlap(text):
    spots = _spots(text, any_of(INSIDE))

    assert all(one[2] <= other[1] for one, other in zip(spots, spots[1:], strict=False))
