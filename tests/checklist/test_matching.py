"""Automatic assignment: who reviews what."""

import os
import random
import subprocess
import sys
from collections import Counter
from itertools import combinations

import pytest
from django.conf import settings as site
from hypothesis import given, settings
from hypothesis import strategies as st

from checklist.matching import (
    OBSTACLE_TEXTS,
    WHY_TEXTS,
    Candidate,
    Obstacle,
    ObstacleKind,
    Request,
    Why,
    match_reviewers,
)


def plain(proposals, reviewers):
    return [Request(f"p{i}") for i in range(proposals)], [Candidate(f"r{i}") for i in range(reviewers)]


def panels(matching):
    found = {}
    for pair in matching.pairs:
        found.setdefault(pair.proposal, set()).add(pair.reviewer)
    return found


def kinds(matching):
    return [obstacle.kind for obstacle in matching.obstacles]


# -- who is chosen --------------------------------------------------------------------------


def test_everybody_gets_as_many_as_asked_for_and_loads_are_even():
    requests, candidates = plain(10, 5)

    found = match_reviewers(requests, candidates, per_proposal=2, most=10)

    assert found.is_complete
    assert found.is_connected
    assert {len(panel) for panel in panels(found).values()} == {2}
    assert set(found.load.values()) == {4}
    assert found.obstacles == ()


def test_language_expertise_and_country_are_the_reasons():
    request = Request("p", "fr", frozenset({"NE", "ML"}), frozenset({"law", "shelter"}))
    best = Candidate("best", frozenset({"fr", "en"}), frozenset({"ML"}), frozenset({"law"}))
    other = Candidate("other", frozenset({"fr"}))

    found = match_reviewers([request], [other, best], per_proposal=1, most=5)

    (pair,) = found.pairs
    assert (pair.proposal, pair.reviewer) == ("p", "best")
    assert pair.reasons == (Why.LANGUAGE, Why.EXPERTISE, Why.COUNTRY)
    assert (pair.countries, pair.expertise) == ({"ML"}, {"law"})


def test_a_language_she_does_not_read_is_never_given():
    found = match_reviewers([Request("p", "fr")], [Candidate("r", frozenset({"en"}))], per_proposal=1, most=5)

    assert found.pairs == ()
    assert found.missing == {"p": 1}


@pytest.mark.parametrize(
    ("request_language", "languages"), [("", frozenset({"en"})), ("fr", frozenset()), ("", frozenset())]
)
def test_an_unknown_language_forbids_nothing_and_is_no_reason(request_language, languages):
    found = match_reviewers([Request("p", request_language)], [Candidate("r", languages)], per_proposal=1, most=5)

    assert [pair.reasons for pair in found.pairs] == [(Why.ROOM,)]


def test_conflicts_are_never_given():
    requests, candidates = plain(4, 3)
    forbidden = {("p0", "r0"): "same organisation", ("p1", "r0"): "declared tie"}

    found = match_reviewers(requests, candidates, forbidden, per_proposal=2, most=4)

    assert not set(forbidden) & {(pair.proposal, pair.reviewer) for pair in found.pairs}
    assert found.is_complete


def test_whom_a_proposal_has_counts_and_is_not_given_again():
    requests = [Request("p", assigned=frozenset({"r0"})), Request("q", assigned=frozenset({"r0", "r1"}))]
    candidates = [Candidate("r0", load=2), Candidate("r1", load=1), Candidate("r2")]

    found = match_reviewers(requests, candidates, per_proposal=2, most=3)

    assert [(pair.proposal, pair.reviewer) for pair in found.pairs] == [("p", "r2")]
    assert found.load == {"r0": 2, "r1": 1, "r2": 1}


def test_a_limit_of_her_own_beats_the_rounds():
    requests, _candidates = plain(4, 0)

    found = match_reviewers(requests, [Candidate("a", most=1), Candidate("b", load=1)], per_proposal=1, most=4)

    assert found.load == {"a": 1, "b": 4}


def test_a_fit_is_worth_a_slightly_uneven_load():
    requests = [Request(f"p{i}", expertise=frozenset({"law"} if i < 3 else {"health"})) for i in range(5)]
    candidates = [Candidate("law", expertise=frozenset({"law"})), Candidate("health", expertise=frozenset({"health"}))]

    found = match_reviewers(requests, candidates, per_proposal=1, most=5)

    assert found.load == {"law": 3, "health": 2}


# -- overlap --------------------------------------------------------------------------------


def test_reviewers_hang_together_where_they_can():
    # Fit alone would keep the two fields apart.
    requests = [Request(f"p{i}", expertise=frozenset({"law"} if i < 6 else {"health"})) for i in range(12)]
    candidates = [Candidate(f"r{i}", expertise=frozenset({"law"} if i < 3 else {"health"})) for i in range(6)]

    apart = match_reviewers(requests, candidates, per_proposal=2, most=4, overlap=False)
    joined = match_reviewers(requests, candidates, per_proposal=2, most=4)

    assert (len(apart.parts), kinds(apart)) == (2, [ObstacleKind.NOT_CONNECTED])
    assert joined.is_connected
    assert joined.is_complete
    assert any(Why.OVERLAP in pair.reasons for pair in joined.pairs)


def test_no_two_reviewers_always_meet():
    requests, candidates = plain(30, 6)

    found = match_reviewers(requests, candidates, per_proposal=2, most=10, seed=3)

    met = Counter(frozenset(pair) for panel in panels(found).values() for pair in combinations(sorted(panel), 2))
    assert len(met) == 15
    assert max(met.values()) <= 4


def test_one_reviewer_each_cannot_be_compared_and_it_says_so():
    requests, candidates = plain(4, 2)

    found = match_reviewers(requests, candidates, per_proposal=1, most=4)

    assert found.is_complete
    assert not found.is_connected
    assert found.obstacles[0].text == (
        "The reviewers fall into 2 groups that share no proposal, so their scores cannot be compared."
    )


def test_languages_that_nobody_shares_stay_apart():
    requests = [Request(f"p{i}", "fr" if i % 2 else "en") for i in range(6)]
    candidates = [Candidate(f"r{i}", frozenset({"fr" if i % 2 else "en"})) for i in range(4)]

    found = match_reviewers(requests, candidates, per_proposal=2, most=6)

    assert found.is_complete
    assert set(found.parts) == {frozenset({"r0", "r2"}), frozenset({"r1", "r3"})}


# -- what stands in the way -----------------------------------------------------------------


def test_too_little_room_is_counted_and_shortage_is_shared():
    requests, candidates = plain(6, 3)

    found = match_reviewers(requests, candidates, per_proposal=2, most=3)

    assert kinds(found) == [ObstacleKind.CAPACITY]
    assert found.obstacles[0].params == {"wanted": 12, "room": 9, "short": 3}
    assert found.obstacles[0].text.endswith("short 3.")
    assert sum(found.missing.values()) == 3
    assert set(found.missing.values()) == {1}


def test_a_proposal_that_few_can_take_says_why():
    request = Request("p", "fr", wanted=2, assigned=frozenset({"has it"}))
    candidates = [
        Candidate("has it", frozenset({"fr"})),
        Candidate("in conflict", frozenset({"fr"})),
        Candidate("reads English", frozenset({"en"})),
        Candidate("full", frozenset({"fr"}), load=5),
        Candidate("free", frozenset({"fr"})),
    ]

    found = match_reviewers([request], candidates, {("p", "in conflict"): "same domain"}, per_proposal=3, most=5)

    assert found.missing == {"p": 1}
    (obstacle,) = found.obstacles
    assert (obstacle.kind, obstacle.proposals, obstacle.reviewers) == (ObstacleKind.FEW_REVIEWERS, ("p",), ("free",))
    assert obstacle.params == {
        "possible": 1, "wanted": 2, "conflict": 1, "declined": 0, "language": 1, "full": 1, "assigned": 1,
    }  # fmt: skip


def test_proposals_that_hang_on_the_same_reviewers_are_named_together():
    french = [Request(f"f{i}", "fr") for i in range(3)]
    english = [Request(f"e{i}", "en") for i in range(3)]
    candidates = [
        Candidate("both", frozenset({"fr", "en"})),
        Candidate("fr", frozenset({"fr"})),
        *[Candidate(f"en{i}", frozenset({"en"})) for i in range(4)],
    ]

    found = match_reviewers([*french, *english], candidates, per_proposal=2, most=2)

    assert sum(found.missing.values()) == 2
    assert kinds(found) == [ObstacleKind.SHARED_REVIEWERS, ObstacleKind.NOT_CONNECTED]
    obstacle = found.obstacles[0]
    assert set(obstacle.proposals) == {"f0", "f1", "f2"}
    assert set(obstacle.reviewers) == {"both", "fr"}
    assert obstacle.params == {"proposals": 3, "reviewers": 2, "short": 2}


def test_nobody_to_ask():
    found = match_reviewers([Request("p")], [], per_proposal=2, most=3)

    assert (found.pairs, found.missing, found.parts) == ((), {"p": 2}, ())
    assert kinds(found) == [ObstacleKind.CAPACITY, ObstacleKind.FEW_REVIEWERS]


def test_nothing_to_assign():
    found = match_reviewers([], [Candidate("r", load=1)], per_proposal=2, most=3)

    assert (found.pairs, found.load, found.is_complete, found.obstacles) == ((), {"r": 1}, True, ())


def test_every_obstacle_and_reason_has_its_sentence():
    assert set(OBSTACLE_TEXTS) == set(ObstacleKind)
    assert set(WHY_TEXTS) == set(Why)
    assert "%" not in Obstacle(ObstacleKind.NOT_CONNECTED, params={"parts": 2}).text


@pytest.mark.parametrize(
    ("requests", "candidates", "numbers"),
    [
        ([Request("p"), Request("p")], [Candidate("r")], {}),
        ([Request("p")], [Candidate("r"), Candidate("r")], {}),
        ([Request("p", wanted=-1)], [Candidate("r")], {}),
        ([Request("p")], [Candidate("r", load=-1)], {}),
        ([Request("p")], [Candidate("r", most=-1)], {}),
        ([Request("p")], [Candidate("r")], {"most": -1}),
        ([Request("p")], [Candidate("r")], {"per_proposal": -1}),
    ],
)
def test_wrong_input_is_refused(requests, candidates, numbers):
    with pytest.raises(ValueError, match=r"only once|below 0"):
        match_reviewers(requests, candidates, **{"per_proposal": 1, "most": 1, **numbers})


# -- size, seed, properties -----------------------------------------------------------------


def big_round():
    draw = random.Random(5)
    countries, fields = [f"C{i}" for i in range(30)], [f"x{i}" for i in range(6)]
    requests = [
        Request(
            f"p{i}",
            draw.choice(["en", "en", "fr", "es"]),
            frozenset(draw.sample(countries, 1)),
            frozenset(draw.sample(fields, 2)),
        )
        for i in range(500)
    ]
    candidates = [
        Candidate(
            f"r{i}",
            frozenset(draw.sample(["en", "fr", "es"], 2)),
            frozenset(draw.sample(countries, 5)),
            frozenset(draw.sample(fields, 2)),
        )
        for i in range(40)
    ]
    forbidden = {(f"p{draw.randrange(500)}", f"r{draw.randrange(40)}"): "same organisation" for _ in range(300)}
    return requests, candidates, forbidden


def test_five_hundred_proposals_and_forty_reviewers():
    requests, candidates, forbidden = big_round()

    found = match_reviewers(requests, candidates, forbidden, per_proposal=3, most=45, seed=1)

    assert found.is_complete
    assert found.is_connected
    assert len(found.pairs) == 1500
    assert max(found.load.values()) <= 45
    assert_rules_hold(found, requests, candidates, forbidden, most=45)


def test_the_same_seed_gives_the_same_pairs_in_every_process():
    script = (
        "from checklist.matching import *;"
        "rs = [Request(f'p{i}', expertise=frozenset({f'x{i % 3}', f'x{i % 4}'})) for i in range(20)];"
        "cs = [Candidate(f'r{i}', expertise=frozenset({f'x{i % 4}', f'x{i % 5}'})) for i in range(8)];"
        "print([(m.proposal, m.reviewer) for m in match_reviewers(rs, cs, per_proposal=3, most=9, seed=SEED).pairs])"
    )

    def run(seed, hashes):
        environment = {**os.environ, "PYTHONHASHSEED": hashes}
        command = [sys.executable, "-c", script.replace("SEED", str(seed))]
        return subprocess.run(command, cwd=site.BASE_DIR, env=environment, capture_output=True, check=True).stdout

    first = run(1, "1")
    assert first.startswith(b"[('p0'")
    assert run(1, "2") == first
    assert run(2, "1") != first


def assert_rules_hold(found, requests, candidates, forbidden, most):
    by_id, asked = {each.id: each for each in candidates}, {each.id: each for each in requests}
    pairs = [(pair.proposal, pair.reviewer) for pair in found.pairs]
    assert len(set(pairs)) == len(pairs)
    assert not set(pairs) & set(forbidden)
    for proposal, reviewer in pairs:
        request, candidate = asked[proposal], by_id[reviewer]
        assert reviewer not in request.assigned
        assert not request.language or not candidate.languages or request.language in candidate.languages
    given = Counter(reviewer for _proposal, reviewer in pairs)
    for candidate in candidates:
        assert found.load[candidate.id] == candidate.load + given[candidate.id]
        limit = most if candidate.most is None else candidate.most
        assert given[candidate.id] <= max(0, limit - candidate.load)


@st.composite
def rounds(draw):
    languages = st.sampled_from(["", "en", "fr"])
    codes = st.frozensets(st.sampled_from("abc"), max_size=2)
    candidates = [
        Candidate(
            f"r{i}",
            draw(st.frozensets(st.sampled_from(["en", "fr"]))),
            draw(codes),
            draw(codes),
            draw(st.none() | st.integers(0, 4)),
            draw(st.integers(0, 2)),
        )
        for i in range(draw(st.integers(1, 5)))
    ]
    names = [each.id for each in candidates]
    requests = [
        Request(
            f"p{i}",
            draw(languages),
            draw(codes),
            draw(codes),
            draw(st.none() | st.integers(0, 3)),
            draw(st.frozensets(st.sampled_from(names), max_size=2)),
        )
        for i in range(draw(st.integers(1, 6)))
    ]
    pairs = st.tuples(st.sampled_from([each.id for each in requests]), st.sampled_from(names))
    return requests, candidates, dict.fromkeys(draw(st.lists(pairs, max_size=5)), "conflict")


def most_pairs(requests, candidates, forbidden, per_proposal, most):
    """How many pairs there can be, by augmenting paths: slow, plain, and another way than the solver's."""
    taken = {each.id: [] for each in candidates}
    room = {each.id: max(0, (most if each.most is None else each.most) - each.load) for each in candidates}

    def can(request, candidate):
        known = request.language and candidate.languages
        return (
            candidate.id not in request.assigned
            and (request.id, candidate.id) not in forbidden
            and (not known or request.language in candidate.languages)
        )

    by_id = {each.id: each for each in requests}

    def place(proposal, seen):
        for candidate in candidates:
            name = candidate.id
            if name in seen or proposal in taken[name] or not can(by_id[proposal], candidate):
                continue
            seen.add(name)
            if len(taken[name]) < room[name]:
                taken[name].append(proposal)
                return True
            for other in taken[name]:
                if place(other, seen):
                    taken[name][taken[name].index(other)] = proposal
                    return True
        return False

    total = 0
    for request in requests:
        wanted = max(0, per_proposal - len(request.assigned)) if request.wanted is None else request.wanted
        total += sum(place(request.id, set()) for _ in range(wanted))
    return total


@settings(max_examples=60, deadline=None)
@given(rounds(), st.integers(1, 3), st.integers(0, 5), st.integers(0, 3))
def test_no_rule_is_ever_broken_and_nobody_is_short_in_vain(given_round, per_proposal, most, seed):
    requests, candidates, forbidden = given_round

    found = match_reviewers(requests, candidates, forbidden, per_proposal=per_proposal, most=most, seed=seed)

    assert_rules_hold(found, requests, candidates, forbidden, most)
    assert len(found.pairs) == most_pairs(requests, candidates, forbidden, per_proposal, most)
    assert bool(found.missing) == any(kind is not ObstacleKind.NOT_CONNECTED for kind in kinds(found))
    got = Counter(pair.proposal for pair in found.pairs)
    for request in requests:
        wanted = max(0, per_proposal - len(request.assigned)) if request.wanted is None else request.wanted
        assert got[request.id] + found.missing.get(request.id, 0) == wanted
