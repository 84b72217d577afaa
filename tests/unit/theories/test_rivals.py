"""A whole study of rivals, small: it goes on where it broke off; signs come first."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from sim.forecasts.yardstick import YARDSTICKS
from sim.theories.page import naming_sentence, page_of, signs_sentence, write_page
from sim.theories.policy import Answer, answers_of
from sim.theories.rivals import run_rivals
from sim.theories.structure import plan_of
from tests.unit.theories.test_structure import small

if TYPE_CHECKING:
    from pathlib import Path

    from sim.theories.rivals import Rivals


pytestmark = [pytest.mark.slow, pytest.mark.numba]


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Rivals:
    """Return the small study, run once."""
    folder = tmp_path_factory.mktemp("rivals")
    return run_rivals(small(folder), out=folder / "study", engine="compiled")


def test_theories_and_yardsticks_are_scored_on_the_same_windows(held: Rivals) -> None:
    """Two theories and every yardstick, each once for each question and window."""
    names = ("none", "replies", *YARDSTICKS)
    seen = [(s.forecaster, s.question, s.origin) for s in held.scores]
    assert len(seen) == len(set(seen)) == len(names) * 2 * 2
    assert {name for name, _, _ in seen} == set(names)
    assert held.stacked.weights.sum() == pytest.approx(1.0)


def test_without_feedback_the_answer_is_of_chance_alone(held: Rivals) -> None:
    """Strikes fall away, and with them the militia's dead; attacks hardly move."""
    attacks, dead = held.answers[0]
    assert dead.value < 0.0
    assert abs(attacks.value) < 3.0
    assert [answer.outcome for answer in held.answers[0]] == list(
        plan_of(held.experiment).policy.outcomes
    )


def test_a_bank_has_as_many_worlds_of_each_like_the_record(held: Rivals) -> None:
    """One tolerance, at which the rarer theory has just enough."""
    n = 60 + 4 * 2
    assert held.bank.summaries.shape[:2] == (2, n)
    assert held.bank.like_ours.min() >= n / (4 * n + 200)
    shares = held.named.record
    assert shares.sum() == pytest.approx(1.0)
    assert set(held.named.by_windows) == {1, 2}
    assert np.isnan(held.named.by_dates[1][1])  # near to no law


def answer(value: float, half: float) -> Answer:
    """Return an answer with an interval of this half-width."""
    return Answer("n_rocket_attacks_true", value, value - half, value + half, 0.0, 0.0)


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ((-2.0, 1.0), (2.0, 1.0), "differs between theories for 1 of 2 outcomes.**"),
        ((-2.0, 1.0), (-1.0, 0.5), "for none of 2 outcomes.** All 2 tell the same"),
        ((-2.0, 1.0), (0.5, 1.0), "for none of 2 outcomes.** Of no outcome do all"),
    ],
)
def test_the_page_says_first_where_signs_differ(
    held: Rivals, first: Any, second: Any, said: str
) -> None:
    """Opposite sides that are told, and no others, count as different."""
    unsure = answer(0.0, 1.0)
    other = replace(held, answers=((answer(*first), unsure), (answer(*second), unsure)))
    assert said in signs_sentence(other)
    page = page_of(other)
    assert signs_sentence(other) in page.partition("|")[0]


def test_the_record_is_named_from_95_percent_on_only(held: Rivals) -> None:
    """Less is none; the page says how many windows would be enough."""
    for share, said in ((0.94, "names none**"), (0.96, "names no feedback**")):
        named = replace(held.named, record=np.array([share, 1.0 - share]))
        assert said in naming_sentence(replace(held, named=named))
    shares = {1: np.array([0.5, 0.2]), 8: np.array([0.9, 0.3])}
    named = replace(held.named, longer=shares)
    assert named.enough(0) == 8
    assert named.enough(1) is None
    text = naming_sentence(replace(held, named=named))
    assert "no feedback 8 and replies more than" in text


def test_answers_leave_out_draws_with_an_undefined_world(held: Rivals) -> None:
    """One world that failed takes its draw with it, and nothing else."""
    question = plan_of(held.experiment).policy
    values = np.random.default_rng(2).standard_normal((40, 2, 2))
    broken = values.copy()
    broken[3, 1, 0] = np.nan
    one, two = answers_of(broken, question, 1)
    whole = np.delete(values[:, :, 0], 3, axis=0)
    assert one.value == pytest.approx(whole.mean())
    assert two == answers_of(values, question, 1)[1]


def test_a_study_that_was_killed_ends_with_the_same_bytes(tmp_path: Path) -> None:
    """Parts that are missing or another study's are made again, and only those."""
    whole = run_rivals(small(tmp_path), out=tmp_path / "whole")
    text = write_page(whole)
    home = tmp_path / "broken"
    steps: list[int] = []

    def stop(done: int, asked: int) -> None:
        steps.append(done)
        if done == asked - 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_rivals(small(tmp_path), out=home, progress=stop)
    again = run_rivals(small(tmp_path), out=home, workers=2)
    assert write_page(again) == text
    for name in ("policy.csv", "theories.csv", "naming.csv", "scores.csv"):
        one, other = (folder.path / name for folder in (whole, again))
        assert one.read_bytes() == other.read_bytes()
