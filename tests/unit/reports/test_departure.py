"""What a run has otherwise than its file is said in words, everywhere the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sim

if TYPE_CHECKING:
    from pathlib import Path


def brief_of(folder: Path) -> tuple[str, str]:
    """Return the question of a run's brief, and its page."""
    brief = sim.brief(folder)
    return brief.question, brief.html.read_text("utf-8")


def test_a_brief_says_which_number_was_set_and_what_was_left_out(
    tmp_path: Path,
) -> None:
    """The question names both, a number with its old and its new value."""
    sim.run(
        "iraq_2019_2020",
        replications=2,
        until=40,
        changes={"actors.united_states.tolerance": 1.3},
        without="act=air_strike",
        lineage="2019-11-20=5",
        out=tmp_path / "run",
    )
    question, page = brief_of(tmp_path / "run")
    for text in (
        "tolerance of the United States is 1.3 in place of 0.8",
        "left out is every air strike",
        "from 20 November 2019 on all that is drawn is keyed by replication number 5",
    ):
        assert text in question
        assert text in page


def test_a_run_under_draws_says_which_number_was_set(tmp_path: Path) -> None:
    """Report and brief name what no draw holds and was changed."""
    sim.run(
        "iraq_2019_2020",
        posterior="c01_iraq_2019_2020",
        draws=30,
        until=5,
        changes={"sites.baghdad_airport.defences.rocket": 0.4},
        out=tmp_path / "run",
    )
    question, page = brief_of(tmp_path / "run")
    said = "defences rocket is 0.4 in place of 0"
    assert said in question
    assert said in page
    assert said in sim.report(tmp_path / "run").read_text("utf-8")


def test_what_a_branch_changes_is_dated_in_words(tmp_path: Path) -> None:
    """From when on a parameter is otherwise is said as other dates are."""
    run = sim.run("iraq_2019_2020", replications=2, until=60, out=tmp_path / "run")
    folder, path = tmp_path / "branch", "actors.united_states.tolerance"
    sim.branch(run, 1, at=48, futures=30, changes={path: 1.3}, out=folder)
    question, _ = brief_of(folder)
    said = "tolerance of the United States from 15 December 2019 on is 1.3 in place of"
    assert said in question


def test_the_brief_of_a_branch_says_that_its_past_is_one(tmp_path: Path) -> None:
    """Futures of one replication are no independent histories, in brief and report."""
    run = sim.run("iraq_2019_2020", replications=4, until=60, out=tmp_path / "run")
    folder = tmp_path / "branch"
    sim.branch(run, 3, at=48, futures=3, out=folder)
    question, page = brief_of(folder)
    said = "3 futures of replication 3 from 15 December 2019 on"
    assert said in question
    assert "3 futures of one history, replication 3" in page
    report = sim.report(folder).read_text("utf-8")
    assert said in report
    assert "3 independent futures of replication 3, with one past" in report
    assert "3 independent replications" not in report


def test_a_run_as_its_file_has_it_says_nothing_of_the_kind(tmp_path: Path) -> None:
    """No word of a change, nor of a record that is put in."""
    sim.run("iraq_2019_2020", replications=2, until=20, out=tmp_path / "run")
    question, page = brief_of(tmp_path / "run")
    assert question.endswith("if its numbers are right?")
    assert "injected" not in page


def test_a_brief_says_that_an_injected_past_weighs_nothing(tmp_path: Path) -> None:
    """It stands under how sure it is."""
    sim.run(
        "iraq_2019_2020",
        replications=2,
        free_from="2020-01-15",
        past="injected",
        until="2020-02-10",
        out=tmp_path / "run",
    )
    brief = sim.brief(tmp_path / "run")
    assert any(
        "injected" in text and "not weighed by how likely" in text
        for text in brief.how_sure
    )
