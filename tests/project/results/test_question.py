"""README's answers to the article's two questions are those of the committed study."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from sim.comparison.under_draws import Drawn
from sim.ensemble.draw_set import DrawSet
from sim.experiment.load import load_experiment

if TYPE_CHECKING:
    from types import ModuleType

    from tests.conftest import Generator

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def question(generator: Generator) -> ModuleType:
    """Return ``generators/question.py`` as a module."""
    return generator("question")


@pytest.fixture
def results(question: ModuleType) -> dict[str, Any]:
    """Return what was committed of the study."""
    return json.loads(question.RESULTS.read_text("utf-8"))


def test_readme_says_what_the_study_gave(
    question: ModuleType, results: dict[str, Any]
) -> None:
    """Every sentence and number between the marks is written from the results."""
    text = (ROOT / "README.md").read_text("utf-8")
    (said,) = question.BLOCK.findall(text)
    renew = "python generators/question.py --words writes README anew"
    assert said == question.block(results), renew
    assert [len(part) for part in question.sentences(results)] == [5, 3]


def test_readme_command_makes_the_study_of_its_answer(
    results: dict[str, Any],
) -> None:
    """As many draws and replications, so that the sheet has README's numbers."""
    draws, n = results["draws"], results["replications_per_draw"]
    command = f"escalade compare e10_lightly_or_hard --draws {draws} -n {n} --out "
    assert command in (ROOT / "README.md").read_text("utf-8")


def test_study_is_of_the_scenario_as_it_stands(
    question: ModuleType, results: dict[str, Any]
) -> None:
    """Values that were changed since make the answers stale."""
    scenario = load_experiment(question.EXPERIMENT).scenario
    renew = "the study is stale: python generators/question.py runs it anew"
    assert results["values"] == scenario.digest, renew


@pytest.mark.parametrize("part", ["wait_and_hit_hard", "as_coded", "probabilities"])
def test_another_result_is_another_sentence(
    question: ModuleType, results: dict[str, Any], part: str
) -> None:
    """No outcome of the study is left unsaid: a changed number changes the words."""
    results |= results["differences"]
    for name, one in results[part].items():
        before = question.block(results)
        one["mean"] = [1.5 * value + 0.5 for value in one["mean"]]
        assert question.block(results) != before, name


def test_answer_says_where_the_numbers_as_shipped_differ(
    question: ModuleType, results: dict[str, Any]
) -> None:
    """Authority is told with them, and not over the draws: both stand there."""
    row = next(x for x in question.table(results).splitlines() if "authority" in x)
    assert row.count("no difference told") == 2
    said = " ".join(question.sentences(results)[0])
    assert "lower by 1.8 points (1.4 to 2.1) against waiting and hitting hard" in said
    results["as_shipped"] = []
    assert "as shipped" not in " ".join(question.sentences(results)[0])


def test_answer_begins_with_what_most_draws_tell(
    question: ModuleType, results: dict[str, Any]
) -> None:
    """Whatever the order of the outcomes in the file; what is built in comes last."""
    by = results["differences"][question.HARD]

    def order() -> list[str]:
        rows = question.table(results).splitlines()[2:]
        return [row.split(" | ")[0].removeprefix("| ") for row in rows]

    assert "slightly better than waiting and hitting" in question.opening(results)
    assert order()[0] == "civilian dead"
    assert order()[4:] == list(question.BUILT.values())
    by["n_rocket_attacks_true"]["less_in"] = [0.99, 0.95, 1.0]
    assert order()[0] == "rocket attacks"
    by["n_rocket_attacks_true"]["mean"] = [0.5, 0.4, 0.6]
    said = question.opening(results)
    assert "better in some outcomes and worse in others than waiting" in said
    assert order()[-4] == "the government's authority at the end", "told in no draw"


def test_rival_theories_are_told_by_side_once_they_were_run(
    question: ModuleType,
    results: dict[str, Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each theory stands on the side that it tells, in the words of a brief."""
    file = tmp_path / "r01_rival_theories" / "policy.csv"
    monkeypatch.setattr(question, "RIVALS", file)
    assert "rival" not in question.block(results)
    file.parent.mkdir()
    attacks = "n_rocket_attacks_true"
    file.write_text(
        "theory,outcome,value,low,high,sign\n"
        f"no_feedback,{attacks},-0.3,-0.4,-0.2,-1\n"
        f"deterrence,{attacks},2.1,1.0,3.4,1\n"
        "deterrence,n_raids_true,9,8,10,1\n"
        f"stacked,{attacks},7,6,8,\n",
        "utf-8",
    )
    assert (
        "rocket attacks lower under no feedback, higher under deterrence.\n"
        in question.block(results)
    )


def test_what_an_answer_hangs_on_is_what_it_follows(question: ModuleType) -> None:
    """A number that the means follow is named with its sign; noise is not."""
    rng = np.random.default_rng(4)
    numbers = rng.uniform(1.0, 2.0, (80, 30))
    draws = [
        {f"path_{k}": f"{value} days" if k else value for k, value in enumerate(row)}
        for row in numbers
    ]
    means = -np.exp(numbers[:, 7]) + 0.1 * rng.standard_normal(80)
    ((path, rho),) = question.hangs_on(means, draws)
    assert (path, rho < -0.9) == ("path_7", True)
    assert question.hangs_on(rng.permutation(means), draws) == []
    assert question.hangs_on(np.ones(80), draws) == []


def test_a_study_is_measured_as_it_was_drawn(question: ModuleType) -> None:
    """Shares of draws, means and probabilities are those of the arrays, by hand."""
    coded = np.tile([3.0, 5.0], (40, 1))
    advice = coded + np.where(np.arange(40) < 30, -2.0, 1.0)[:, None]
    arms = {question.CODED: coded, question.ADVICE: advice, question.HARD: coded + 1}
    happened = np.tile([0.0, 1.0], (40, 1))
    values = {name: dict(arms) for name in question.DIFFERENCES}
    values |= {name: {question.CODED: happened} for name in question.PROBABILITIES}
    draws = DrawSet(
        tuple({"x": float(k)} for k in range(40)), 2, "d", "", {"parameters": 1}
    )
    measured = question.measured(Drawn(values, draws), [])
    carried_on, hard = (
        measured["differences"][arm] for arm in (question.CODED, question.HARD)
    )
    attacks = carried_on["n_rocket_attacks_true"]
    assert attacks["less_in"][0] == 0.75
    assert attacks["mean"][0] == pytest.approx(-1.25)
    assert attacks["other"] == 4.0
    assert attacks["hangs_on"][0][0] == "x"
    assert hard["n_rocket_attacks_true"]["mean"][0] == pytest.approx(-2.25)
    assert hard["n_rocket_attacks_true"]["less_in"][0] == 0.875, "a tie counts half"
    soon = measured["probabilities"]["pushback_within_30_days_true"]
    assert soon["mean"][0] == 0.5
    assert soon["hangs_on"] == []
    assert (measured["draws"], measured["replications_per_draw"]) == (40, 2)
