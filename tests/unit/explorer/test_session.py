"""What a view shows: the numbers of compare and run, from however many worlds."""

from __future__ import annotations

import json
import shlex
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from typer.testing import CliRunner

from sim.cli.app import app
from sim.comparison.compare import compare_arms
from sim.comparison.pairing import arm_of
from sim.engine.log import Origin
from sim.ensemble.ensemble import run_draws, run_ensemble
from sim.ensemble.rerun import read_run
from sim.errors import ScenarioError, StudyError
from sim.experiment.load import load_experiment
from sim.experiment.posterior import read_posterior
from sim.explorer.history import futures_of, history_of, story_of, typical_of
from sim.explorer.kept import keep
from sim.explorer.session import PER_DRAW, Session
from sim.explorer.view import View, read_view, view_of
from sim.scenario.load import find, load

if TYPE_CHECKING:
    from pathlib import Path

TOLERANCE = "actors.united_states.tolerance"
RATE = "actors.kataib_hezbollah.base_rate"
STRIKES = "n_strikes_true"
MOVE = {
    "id": "move_1",
    "date": "2019-12-01T12:00",
    "incident": {
        "act": "air_strike",
        "actor": "united_states",
        "target": "kataib_hezbollah",
        "killed_militia": 10,
        "played": True,
    },
}


@pytest.fixture(scope="module")
def session() -> Session:
    """Return a session of seventy days, on the engine that needs no compiling."""
    made = Session("iraq_2019_2020", until=70.0, workers=1)
    made.engine = "simpy"
    return made


@pytest.fixture
def view(session: Session) -> View:
    """Return a view with one number changed."""
    small = replace(session.view(STRIKES), replications=60)
    return replace(small, changes={TOLERANCE: 0.5})


def test_numbers_are_those_of_a_comparison(session: Session, view: View) -> None:
    """The difference and its interval are what compare gives, to the last digit."""
    answer = session.answer(view, 60)
    arms = [
        arm_of(
            name, run_ensemble(scenario, replications=60, until=70.0, engine="simpy")
        )
        for name, scenario in (
            ("a", load("iraq_2019_2020")),
            ("b", load("iraq_2019_2020", {TOLERANCE: 0.5})),
        )
    ]
    row = compare_arms(arms, [STRIKES]).comparisons[0].outcomes[STRIKES]
    assert answer.difference == row.headline
    assert answer.comparison.share_more == row.share_more
    assert answer.reference.sum() != answer.arm.sum()


def test_refined_answer_is_that_of_as_many_worlds_at_once(view: View) -> None:
    """It does not matter by which steps so many worlds were come by."""
    numbers: list[dict[str, Any]] = []
    for steps in ((40, 60), (60,)):
        fresh = Session("iraq_2019_2020", until=40.0, workers=2)
        fresh.engine = "simpy"
        numbers.append([fresh.answer(view, n).numbers() for n in steps][-1])
    assert numbers[0] == numbers[1]


def test_range_has_a_value_for_each_draw(session: Session) -> None:
    """A range's worlds are those of a run under the posterior that is kept of it."""
    view = replace(session.view(STRIKES), ranges={RATE: (0.05, 0.25)})
    answer = session.answer(view, 60)
    posterior = session.posterior(view, session.scenario_of(view))
    drawn = run_draws(
        session.scenario,
        posterior,
        draws=60 // PER_DRAW,
        replications=PER_DRAW,
        until=70.0,
        engine="simpy",
    )
    assert np.array_equal(answer.arm, drawn.values([STRIKES])[STRIKES].ravel())
    values = posterior.values[RATE]
    assert values.min() >= 0.05
    assert values.max() <= 0.25
    assert values.std() == pytest.approx(0.2 / 12**0.5, rel=0.01)
    assert answer.difference.low < answer.difference.value < answer.difference.high


def test_interval_of_a_range_is_of_draws_not_of_worlds(session: Session) -> None:
    """Worlds that share a draw are alike, so the interval is wider than of pairs."""
    view = replace(session.view("n_rocket_attacks_true"), ranges={RATE: (0.01, 0.28)})
    answer = session.answer(view, 60)
    assert answer.difference.half_width > 1.3 * answer.comparison.headline.half_width


def test_wrong_value_is_refused_in_the_words_of_check(session: Session) -> None:
    """As loading the file with the change would say."""
    view = replace(session.view(), changes={TOLERANCE: -1.0})
    with pytest.raises(ScenarioError) as seen:
        session.answer(view, 60)
    with pytest.raises(ScenarioError) as said:
        load("iraq_2019_2020", {TOLERANCE: -1.0})
    assert seen.value.faults == said.value.faults


def test_unknown_outcome_is_refused_with_the_nearest(session: Session) -> None:
    """Nothing is run for it."""
    with pytest.raises(StudyError, match="did you mean 'n_strikes_true'"):
        session.answer(session.view("n_strike_true"))


def test_view_survives_its_file_and_json(session: Session, tmp_path: Path) -> None:
    """What is kept of a view is the view."""
    view = View(
        "iraq_2019_2020",
        STRIKES,
        changes={TOLERANCE: 0.1 + 0.2},
        ranges={RATE: (0.05, 0.25)},
        moves=(MOVE,),
        root_seed=7,
        replications=500,
        until=70.0,
    )
    file = tmp_path / "view.yaml"
    file.write_text(view.text(), "utf-8")
    assert read_view(file) == view
    assert view_of({"scenario": "a", "outcome": "b"}) == View("a", "b")
    with pytest.raises(StudyError, match="a view has"):
        view_of({"scenario": "a", "outcome": "b", "changes": [1]})


def test_move_happens_as_played_and_changes_nothing_before(session: Session) -> None:
    """It is in the log with its origin; what was before is the same to the byte."""
    view = replace(session.view(STRIKES), moves=(MOVE,))
    own = history_of(session, session.view(), 3)
    moved = history_of(session, view, 3)
    (played,) = [r for r in moved.log.incidents() if r.origin == Origin.PLAYED]
    assert played.time == 34.5
    before = [[r for r in h.log.records if r.time < 34.5] for h in (own, moved)]
    assert before[0] == before[1]
    assert moved.log.records != own.log.records
    (seen,) = [
        one for one in moved.seen if one.number and one.is_given and one.day == 34.5
    ]
    assert "air strike" in seen.text


def test_futures_part_at_the_move(session: Session) -> None:
    """The move is in one of the two, and does not count by itself."""
    view = replace(session.view("n_rocket_attacks_true"), moves=(MOVE,))
    row = futures_of(session, view, 3, 34.5, n=40)
    assert row.n == 40
    assert 0.0 < row.share_same < 1.0
    with pytest.raises(StudyError, match="not within"):
        futures_of(session, view, 3, 70.0)


def test_typical_history_is_told_and_asked_why(session: Session) -> None:
    """An answer's story names what it answers, and what would not have been."""
    view = replace(session.view(), changes={TOLERANCE: 0.5})
    number = typical_of(session, view, 60)
    history = history_of(session, view, number)
    assert [one.number for one in history.seen] == [
        n for n, _ in enumerate(history.log.incidents(), 1)
    ]
    shown = max(history.seen, key=lambda one: (not one.is_given, one.number))
    story = story_of(history, shown.number)
    assert shown.date in story.title
    assert story.lines[-1].startswith(shown.date)
    with pytest.raises(StudyError, match="its incidents are 1 to"):
        story_of(history, 10_000)


def test_kept_experiment_asks_the_same(
    session: Session, view: View, tmp_path: Path
) -> None:
    """Its arms have the scenarios of the view, its numbers those that were seen."""
    both = replace(view, moves=(MOVE,))
    kept = keep(session, both, "experiment", tmp_path, "seen")
    experiment = load_experiment(tmp_path / "seen" / "experiment.yaml")
    first, second = (experiment.scenario_at(arm, ()) for arm in experiment.arms)
    assert first.digest == session.scenario.digest
    assert second.digest == session.scenario_of(both).digest
    assert (experiment.replications, experiment.until) == (60, 70.0)
    assert json.loads(kept.numbers) == session.answer(both, 60).numbers()
    assert kept.commands[0].startswith("escalade compare ")
    assert all(file.is_relative_to(tmp_path / "seen") for file in kept.files)


def test_kept_run_is_the_run_of_its_command(
    session: Session, view: View, tmp_path: Path
) -> None:
    """Its folder holds the worlds that were seen; with a range, its posterior too."""
    session_view = replace(view, moves=(MOVE,))
    keep(session, session_view, "run", tmp_path, "moved")
    run = read_run(tmp_path / "moved" / "run")
    assert run.scenario.digest == session.scenario_of(session_view).digest
    column = run.ensemble().outcomes[STRIKES].to_numpy()
    assert np.array_equal(column, session.answer(session_view, 60).arm)
    ranged = replace(session.view(STRIKES), ranges={RATE: (0.1, 0.2)}, replications=60)
    kept = keep(session, ranged, "run", tmp_path, "ranged")
    file = tmp_path / "ranged" / "ranges.parquet"
    assert "--posterior" in kept.commands[0]
    posterior = session.posterior(ranged, session.scenario)
    assert read_posterior(file).digest == posterior.digest
    with pytest.raises(StudyError, match="an experiment's arm has values"):
        keep(session, ranged, "experiment", tmp_path, "ranged")


def test_what_is_kept_is_not_written_over(
    session: Session, view: View, tmp_path: Path
) -> None:
    """The same view may be kept again, another one needs another name."""
    first = keep(session, view, "view", tmp_path, "seen")
    assert keep(session, view, "view", tmp_path, "seen") == first
    with pytest.raises(StudyError, match="holds another view"):
        keep(session, replace(view, changes={}), "view", tmp_path, "seen")


@pytest.mark.parametrize("name", ["../out", "a b", "", "/tmp/x", "..", "linked"])
def test_nothing_is_kept_outside_the_folder(
    session: Session, view: View, tmp_path: Path, name: str
) -> None:
    """A name that is no id, or leads out by a link, is refused; nothing is written."""
    home, other = tmp_path / "explored", tmp_path / "other"
    home.mkdir()
    other.mkdir()
    (home / "linked").symlink_to(other)
    with pytest.raises(StudyError, match=r"is not a name|is a link to elsewhere"):
        keep(session, view, "view", home, name)
    assert list(other.iterdir()) == []
    assert sorted(tmp_path.iterdir()) == [home, other]


def struck(date: str) -> dict[str, Any]:
    """Return a move: the strike, on another day."""
    return {**MOVE, "date": date}


@pytest.fixture(scope="module")
def later() -> Session:
    """Return a session of a scenario whose past is put in from its record."""
    made = Session("iraq_from_july_2020", until=330.0, workers=1)
    made.engine = "simpy"
    return made


@pytest.mark.parametrize("is_played", [True, False])
def test_move_after_the_record_moves_worlds(
    later: Session, tmp_path: Path, is_played: bool
) -> None:
    """Nobody could know of it when the record ends; whoever asks supposes it."""
    view = replace(later.view("n_rocket_attacks_true"), replications=30)
    move = struck("2020-07-20")
    if not is_played:
        incident = {k: v for k, v in move["incident"].items() if k != "played"}
        move = {**move, "incident": incident, "source": "op-ed-2020-07-05"}
    moved = replace(view, moves=(move,))
    answer = later.answer(moved, 30)
    assert answer.comparison.share_same < 1.0
    keep(later, moved, "experiment", tmp_path, "seen")
    experiment = load_experiment(tmp_path / "seen" / "experiment.yaml")
    arm = experiment.scenario_at(experiment.arms[1], ())
    assert arm.digest == later.scenario_of(moved).digest
    assert "move_1" in {given.identity for given in arm.given}
    keep(later, moved, "run", tmp_path, "ran")
    again = load(tmp_path / "ran" / "iraq_from_july_2020.yaml")
    assert again.digest == arm.digest


def test_move_in_the_recorded_past_is_refused(later: Session) -> None:
    """There such acts come from the record alone, and it would happen to nobody."""
    view = replace(later.view(), moves=(struck("2020-02-01"),))
    with pytest.raises(ScenarioError, match="before 2020-07-06, from which"):
        later.answer(view, 30)


def test_kept_command_runs_as_it_is_printed(
    session: Session, view: View, tmp_path: Path
) -> None:
    """Word for word, with a value and with a range; it finds the worlds of its run."""
    ranged = replace(session.view(STRIKES), ranges={RATE: (0.1, 0.2)})
    ranged = replace(ranged, replications=30 * PER_DRAW)
    for name, one in (("a_value", view), ("a_range", ranged)):
        kept = keep(session, one, "run", tmp_path, name)
        before = (tmp_path / name / "run" / "manifest.json").read_bytes()
        for command in kept.commands:
            words = shlex.split(command)
            assert words[0] == "escalade"
            result = CliRunner().invoke(app, words[1:])
            assert result.exit_code == 0, f"{command}\n{result.output}"
        assert (tmp_path / name / "run" / "manifest.json").read_bytes() == before


def test_kept_file_of_a_users_own_scenario_is_found_again(
    session: Session, tmp_path: Path
) -> None:
    """The scenario as it stands is written under its id, beside what is kept."""
    file = tmp_path / "iraq_2019_2020.yaml"
    file.write_text(find("iraq_2019_2020").read_text("utf-8"), "utf-8")
    own = Session(str(file), until=20.0, workers=1)
    own.engine = "simpy"
    changed = replace(own.view(STRIKES), changes={TOLERANCE: 0.5}, replications=30)
    keep(own, changed, "experiment", tmp_path, "seen")
    experiment = load_experiment(tmp_path / "seen" / "experiment.yaml")
    assert experiment.scenario.digest == own.scenario.digest


def test_moved_number_keeps_its_range_and_source(session: Session) -> None:
    """It is assumed from then on, and says from where it was moved."""
    was = session.by_path[RATE].cited
    for value in (was.low, 2.0 * was.high):
        moved = session.scenario_of(replace(session.view(), changes={RATE: value}))
        now = next(one for one in moved.cited if one.path == RATE)
        assert (now.value, now.basis, now.source) == (value, "assumed", was.source)
        assert now.note.endswith(was.note)
        assert ((now.low, now.high) == (was.low, was.high)) == (value == was.low)
