"""Which acts of the record weigh a filtered past, and which are put in without."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from sim.engine.cast import Cast
from sim.engine.explained import (
    BY_ANSWER,
    BY_MOVE,
    BY_OPTION,
    NO_ROUTE,
    past_tables,
    turned_over,
    waits_of,
)
from sim.forecasts.origin import free_at
from sim.ladder import name_of
from sim.scenario.history import with_past
from sim.scenario.load import load_whole
from sim.scenario.scenario import FILTERED

MODEL = Path(__file__).parents[3] / "docs" / "model.md"
LAST = date(2020, 7, 6)


def routes(name: str) -> dict[int, Counter[str]]:
    """Return how many rows of each act of the whole record are explained how."""
    scenario = with_past(load_whole(name), FILTERED)
    cast = Cast(free_at(scenario, LAST, LAST))
    counts: dict[int, Counter[str]] = {
        route: Counter() for route in (NO_ROUTE, BY_OPTION, BY_ANSWER, BY_MOVE)
    }
    for (row, _, _), explained in zip(
        cast.recorded, past_tables(cast).rows, strict=True
    ):
        counts[explained.route][name_of(row.act)] += 1
    return counts


@pytest.mark.parametrize("name", ["iraq_2019_2020", "iraq_endogenous_2019_2020"])
def test_acts_put_in_without_a_weight_are_listed(name: str) -> None:
    """The page of the model lists each of them, with its number, and no other."""
    counts = routes(name)
    text = MODEL.read_text()
    start = text.index(f"<!-- unweighed: {name} -->")
    listed = text[start : text.index("<!-- end -->", start)]
    rows = [line for line in listed.splitlines() if line.startswith("| `")]
    cells = [[cell.strip(" `") for cell in row.split("|")[1:3]] for row in rows]
    assert {act: int(n) for act, n in cells} == dict(counts[NO_ROUTE])


def test_attacks_and_strikes_and_raids_weigh() -> None:
    """No attack, bomb, air strike or raid of the record is put in without a weight."""
    counts = routes("iraq_2019_2020")
    for act in ("rocket_attack", "convoy_bomb", "air_strike", "raid"):
        assert act not in counts[NO_ROUTE], act
    assert counts[BY_OPTION]["rocket_attack"] > 30
    assert counts[BY_ANSWER]["air_strike"] == 2


def test_times_of_an_operation_fill_their_law() -> None:
    """The points rise, and their median is about that of the preparation."""
    cast = Cast(load_whole("iraq_2019_2020"))
    channel = next(c for c in cast.channels if c.option.operation.name == "attack")
    waits = waits_of(cast, channel)
    params = cast.params[channel.actor]
    assert list(waits) == sorted(waits)
    assert waits[len(waits) // 2] == pytest.approx(
        params.preparation_days + params.emplacement_days, rel=0.4
    )
    assert 0.0 < turned_over(0, 2) < turned_over(2, 2) < turned_over(1, 2) < 1.0
