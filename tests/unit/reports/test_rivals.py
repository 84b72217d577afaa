"""What rival theories say stands on a sheet whose policies were asked under them."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from sim.comparison.standings import Standings, standings_of
from sim.experiment.load import load_experiment
from sim.experiment.named import find_experiment
from sim.outcomes import OUTCOMES
from sim.reports import rivals
from sim.reports.rivals import NOT_ASKED, rivals_text

if TYPE_CHECKING:
    from pathlib import Path

    from sim.scenario.scenario import Scenario

ATTACKS, DEAD, DEATHS, AUTHORITY = (
    "n_rocket_attacks_true", "n_killed_civilian_true", "n_coalition_deaths_true",
    "authority_end_true",
)  # fmt: skip
SIDES = {
    ATTACKS: (-1, 1), DEAD: (-1, -1), DEATHS: (-1, 0), AUTHORITY: (1, 1)
}  # fmt: skip


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of rival theories with answers that were made up."""
    file = find_experiment("r01_rival_theories")
    folder = tmp_path / file.parent.name
    folder.mkdir()
    shutil.copyfile(file, folder / file.name)
    rows = [
        f"{theory},{name},{sides[k]}"
        for name, sides in SIDES.items()
        for k, theory in enumerate(("no_feedback", "deterrence"))
    ]
    rows += [f"stacked,{ATTACKS},"]
    text = "\n".join(["theory,outcome,sign", *rows])
    (folder / "policy.csv").write_text(text, "utf-8")
    (folder / "theories.csv").write_text(
        "theory,probability\nno_feedback,0.4\ndeterrence,0.6\n", "utf-8"
    )
    monkeypatch.setattr(
        rivals, "shipped_experiments", lambda: {folder.name: folder / file.name}
    )
    return folder


@pytest.fixture(scope="module")
def arms() -> dict[str, Scenario]:
    """Return three policies, two of which were asked under rival theories."""
    plan = load_experiment("e10_lightly_or_hard")
    return {arm.label: plan.scenario_at(arm, ()) for arm in plan.arms}


def sheet(arms: dict[str, Scenario]) -> Standings:
    """Return policies of which every other has less than the one before."""
    world = np.random.default_rng(1).poisson(9.0, 90).astype(float)
    columns = {
        name: {arm: world - k for k, arm in enumerate(arms)} for name in SIDES
    }  # fmt: skip
    return standings_of(columns, {name: OUTCOMES[name] for name in SIDES}, 3)


@pytest.mark.usefixtures("asked")
def test_each_side_is_told_of_the_policies_that_were_asked(
    arms: dict[str, Scenario],
) -> None:
    """What all theories agree in, what they differ in, and what is otherwise here."""
    said = rivals_text(arms, sheet(arms))
    for part in (
        "Two rival theories of what brings attacks about, asked of ",
        "‘tread lightly and support’ against ‘carry on as before’ from 28 October 2019",  # noqa: RUF001 (quotation marks)
        "civilian dead lower under each",
        "authority of the government at the end (here lower) higher under each",
        "rocket attacks lower under no feedback, higher under deterrence",
        "coalition deaths lower under no feedback, not told under deterrence",
        "Which is true the record does not tell.",
    ):
        assert part in said, part


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize(("k", "is_asked"), [(0, True), (2, False)])
def test_it_is_said_first_that_the_question_was_not_asked(
    arms: dict[str, Scenario], k: int, *, is_asked: bool
) -> None:
    """Where the sheet sets other policies against each other than the theories."""
    names = [*arms]
    asked_of = sheet(arms)
    pair = (names[1], names[k])
    outcomes = tuple(replace(one, pair=pair) for one in asked_of.outcomes)
    said = rivals_text(arms, replace(asked_of, outcomes=outcomes))
    first = "The question of this sheet was not asked of rival theories. Two theories "
    assert said.startswith(first) != is_asked


def test_other_policies_are_not_told_what_was_not_asked(
    asked: Path, arms: dict[str, Scenario]
) -> None:
    """A policy that changes another number is not the one that was asked."""
    carry_on, _, hard = arms
    others = {name: arms[name] for name in (carry_on, hard)}
    assert rivals_text(others, sheet(others)) == NOT_ASKED
    (asked / "policy.csv").unlink()
    assert rivals_text(arms, sheet(arms)) == NOT_ASKED


def test_a_theory_that_the_record_names_is_not_left_open(
    asked: Path, arms: dict[str, Scenario]
) -> None:
    """Where one is all but certain it is not said that none is known."""
    (asked / "theories.csv").write_text("theory,probability\na,0.97\n", "utf-8")
    assert "record does not tell" not in rivals_text(arms, sheet(arms))
