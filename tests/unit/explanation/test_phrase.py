"""Words single out the incidents that a reader of the log would point at."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from sim.ensemble.ensemble import run_ensemble
from sim.errors import StudyError
from sim.explanation.phrase import read_phrase
from sim.explanation.scene import scenes_of
from sim.ladder import Act
from sim.rules.behaviour import Side
from sim.scenario.load import load

START = date(2019, 10, 28)

ACTS = np.array(
    [Act.ROCKET_ATTACK, Act.RAID, Act.CONVOY_BOMB, Act.AIR_STRIKE,
     Act.MILITIA_LEADER_KILLING, Act.ROCKET_ATTACK, Act.DIRECT_STRIKE, Act.RAID]
)  # fmt: skip
KILLED = np.zeros((8, len(Side)))
KILLED[2, Side.CIVILIAN] = 1.0
KILLED[3, Side.MILITIA] = 9.0
KILLED[5, Side.FOREIGN] = 2.0
DAYS = np.arange(8.0)


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("raid", [1]),
        ("act=raid", [1]),
        ("first=raid", [1]),
        ("The first raid", [1]),
        ("first_strike", [3]),
        ("first strike", [3]),
        ("2nd strike", [4]),
        ("second strike", [4]),
        ("last=strikes", [4]),
        ("first killing", [4]),
        ("killing of a militia's leader", [4]),
        ("first-deadly-attack", [2]),
        ("first deadly rocket attack", [5]),
        ("first death", [2]),
        ("first coalition death", [5]),
        ("last death", [5]),
        ("first foreign deaths", [5]),
        ("worst", [3]),
        ("deadliest attack", [5]),
        ("the worst of the attacks", [5]),
        ("highest", [6]),
        ("last incident", [7]),
        ("first raid@2019-10-30", [7]),
        ("all raids", [1, 7]),
        ("all strikes@4", [4]),
        ("3rd raid", []),
        ("first expulsion", []),
        ("first strike@2020-01-01", []),
    ],
)
def test_words_mean_what_a_reader_points_at(text: str, places: list[int]) -> None:
    """By hand, of eight incidents of which three kill."""
    phrase = read_phrase(text, START, "--incident")
    assert phrase.places(ACTS, KILLED, DAYS) == places


@pytest.mark.parametrize("act", list(Act)[1:])
def test_every_act_has_its_name_and_its_label(act: Act) -> None:
    """Both, in the plural too, mean that act alone."""
    from sim.ladder import ACTS as TABLE

    name, label = act.name.lower(), TABLE[act].label
    for text in (name, label, f"{name}s", f"last {label}"):
        assert read_phrase(text, START, "").acts == {act}


def test_logs_and_rows_give_the_same() -> None:
    """An incident is the same one in a log and among its rows."""
    scenario = load("iraq_endogenous_2019_2020")
    run = run_ensemble(scenario, replications=3, until=90.0, engine="simpy")
    for scene in scenes_of(run, engine="simpy"):
        log, rows = scene.log(), scene.rows()
        own = list(log.incidents())
        for text in (
            "first raid",
            "worst",
            "highest",
            "last deadly attack",
            "all raids",
        ):
            phrase = read_phrase(text, scenario.start, "")
            records = rows.records[phrase.in_rows(rows)]
            expected = [own[place].identity for place in phrase.in_log(log)]
            assert [int(r["high"]) << 64 | int(r["low"]) for r in records] == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("rade", "'rade' is no act; did you mean 'raid'"),
        ("", "is no act. Allowed are words such as"),
        ("the", "is no act"),
        ("first raid@2019-13-01", "2019-13-01"),
        ("deadly coalition", "with coalition dead"),
    ],
)
def test_what_cannot_be_read_is_refused(text: str, words: str) -> None:
    """The refusal names what was read, what is allowed and the nearest."""
    if "with" in words:
        assert words in read_phrase(text, START, "--incident").label
        return
    with pytest.raises(StudyError, match="--incident") as refused:
        read_phrase(text, START, "--incident")
    assert words in str(refused.value)
