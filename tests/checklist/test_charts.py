"""Charts of long instruments: drawn in parts that stay legible and fit on a page."""

from types import SimpleNamespace

import pytest

from checklist import charts


def part(count):
    """As much of a scorecard's part as the charts read."""
    items = tuple(
        SimpleNamespace(number=str(n), short_title=f"Criterion {n}", mark="favourable", level=2)
        for n in range(1, count + 1)
    )
    return SimpleNamespace(
        items=items,
        short_title="Long",
        kind="share",
        counts=(("favourable", "favourable", count),),
        level_words=("0", "1", "2"),
    )


@pytest.mark.parametrize(("count", "drawings"), [(11, 1), (20, 1), (21, 2), (60, 3)])
@pytest.mark.parametrize("chart", [charts.strip, charts.profile])
def test_a_long_instrument_is_drawn_in_parts(chart, count, drawings):
    drawn = chart(part(count))

    assert drawn.count("<svg") == drawings
    assert f">{count}<" in drawn or f"{count} Criterion {count}" in drawn


def test_each_part_says_which_items_it_shows():
    assert "(21–40)" in charts.strip(part(60))
    assert "(1–" not in charts.strip(part(11))
