"""The top of a report: signs, labels, rungs in words, and nothing in snake case."""

from __future__ import annotations

import re
import shlex
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim.comparison.better import STRIKES, better_when
from sim.comparison.compare import compare_arms
from sim.comparison.ranking import budgets_of
from sim.comparison.standings import Standings, standings_of
from sim.comparison.under_draws import Drawn
from sim.comparison.words import table_cells
from sim.ensemble.draw_set import DrawSet
from sim.ensemble.summary import (
    ALL_DEAD,
    DEAD,
    OF_SIDES,
    OTHER_DEAD,
    all_dead,
    other_dead,
    summary_rows,
)
from sim.experiment.experiment import Asked
from sim.ladder import RUNGS
from sim.outcomes import OUTCOMES, outcomes_for
from sim.reports import policies
from sim.reports.arms import base_of, own_acts, policy_lines
from sim.reports.headline import (
    Beside,
    change_text,
    difference_texts,
    level_text,
    pair_of,
    policies_answer,
    policies_figures,
    policies_panels,
    run_answer,
    run_table,
    rungs_note,
)
from sim.reports.manifest import draws_command
from sim.reports.policies import dead_first, looked_at, policies_headline
from sim.rules.registry import KINDS
from sim.scenario.load import load
from sim.statistics.variance import error_budget
from tests.unit.comparison.arms import COUNT, SHARE, arm

LABELS = {"base": "go on as before", "light": "tread lightly", "hard": "strike more"}


def standings(names: tuple[str, ...], shifts: dict[str, float]) -> Standings:
    """Return policies that differ by shifts in every outcome named."""
    world = np.random.default_rng(2).poisson(9.0, 120).astype(float)
    columns = {n: {p: world + x for p, x in shifts.items()} for n in names}
    return standings_of(columns, {name: OUTCOMES[name] for name in names}, 3)


def rows(**values: list[float]) -> dict[str, dict[str, object]]:
    """Return a summary of outcomes with these values."""
    table = {name: OUTCOMES[name] for name in values}
    columns = {name: np.array(x) for name, x in values.items()}
    return {row["outcome"]: row for row in summary_rows(columns, table)}


def test_three_sentences_name_best_next_and_worst() -> None:
    """Each policy is called by its label, never by its name."""
    names = ("n_rocket_attacks_true", "n_strikes_true")
    three = standings(names, {"base": 0.0, "light": -2.0, "hard": 3.0})
    best, second, worst = policies_answer(three, LABELS)
    assert "‘tread lightly’ does best" in best  # noqa: RUF001 (quotation marks)
    assert "2.00 fewer rocket attacks" in best
    assert "Next comes ‘go on as before’" in second  # noqa: RUF001 (quotation marks)
    assert worst.startswith(
        "‘strike more’ comes last, better in 0 and worse in 4 of 4 comparisons: "  # noqa: RUF001 (quotation marks)
    )
    assert "3.00 more rocket attacks" in worst
    assert not re.search(r"\bbase\b|\blight\b|\bhard\b", best + second + worst)


def test_a_gain_and_its_price_stand_apart() -> None:
    """The first sentence has what is better, the second what is worse."""
    names = ("n_rocket_attacks_true", "authority_end_true")
    two = standings(names, {"base": 0.0, "light": -2.0})
    gain, price = policies_answer(two, LABELS)[0].split(". Worse: ")
    assert gain.startswith(
        "In the model ‘tread lightly’ comes out better than ‘go on as before’ in some "  # noqa: RUF001 (quotation marks)
        "outcomes and worse in others. Better: rocket attacks −2.00 of "
    )
    assert "authority" not in gain
    assert price.startswith("authority of the government at the end −200 points")


def test_the_surest_difference_is_told_first() -> None:
    """Among those that are better; the order of the outcomes says nothing of that."""
    world = np.arange(60) % 7.0
    noise = np.where(np.arange(60) % 2, 3.0, -3.0)
    names = ("n_rocket_attacks_true", "n_killed_civilian_true")
    columns: Any = {
        names[0]: {"base": world + 9.0, "light": world + 8.0 + noise},
        names[1]: {"base": world + 9.0, "light": world + 8.0 + noise / 9.0},
    }
    two = standings_of(columns, {name: OUTCOMES[name] for name in names}, 3)
    said = policies_answer(two, LABELS)[0]
    assert 0 < said.index("civilian dead") < said.index("rocket attacks")


def test_conduct_is_said_by_least_and_most() -> None:
    """Where neither less nor more is better, nobody is said to do best."""
    three = standings(("n_raids_true",), {"base": 0.0, "light": -2.0, "hard": 3.0})
    (said,) = policies_answer(three, LABELS)
    assert "best" not in said
    assert "least with ‘tread lightly’" in said  # noqa: RUF001 (quotation marks)


def test_a_change_is_told_from_both_sides() -> None:
    """What is more of one against another is less of that against the first."""
    (one,) = standings(("n_strikes_true",), {"base": 0.0, "hard": 3.0}).outcomes
    assert change_text(one, "hard", "base").startswith("3.00 more strikes")
    assert change_text(one, "base", "hard").startswith("3.00 fewer strikes")


def test_the_spreadsheet_has_every_outcome_and_policy() -> None:
    """A row for each mean, and one for each difference of two policies."""
    three = standings(("n_strikes_true",), {"base": 0.0, "light": -2.0, "hard": 3.0})
    base, light, hard, *differences = policies_figures(three, LABELS)
    assert {row["row"] for row in (base, light, hard)} == {"mean"}
    assert hard["policy"] == "strike more"
    assert hard["value"] - base["value"] == pytest.approx(3.0)
    assert [row["overall_place"] for row in (light, base, hard)] == [1, 2, 3]
    assert {row["row"] for row in differences} == {"difference"}
    assert [(row["arm"], row["against_arm"], row["value"]) for row in differences] == [
        ("light", "base", pytest.approx(-2.0)),
        ("hard", "base", pytest.approx(3.0)),
        ("hard", "light", pytest.approx(5.0)),
    ]
    assert all(row["low"] < row["value"] < row["high"] for row in differences)


def test_rungs_stand_with_their_meaning() -> None:
    """A rung is never a bare number: its name stands beside it."""
    scenario = load("iraq_2019_2020")
    summary = rows(
        n_rocket_attacks_true=[3.0, 5.0] * 20,
        n_coalition_deaths_true=[0.0, 1.0] * 20,
        peak_rung_true=[8.0, 9.0] * 20,
    )
    said = " ".join(run_answer(summary, scenario, 252.0))
    assert RUNGS[9] in said
    assert "the United States" in said
    note = run_table(summary).note
    assert RUNGS[8] in note
    assert RUNGS[9] in note
    assert all(name in rungs_note() for name in RUNGS.values())


def test_nothing_of_a_run_is_told_in_snake_case() -> None:
    """Sentences and table name outcomes in words, whatever the scenario has."""
    scenario = load("iraq_2019_2020")
    table = outcomes_for(scenario)
    rng = np.random.default_rng(1)
    columns = {name: rng.random(50) for name in table}
    summary = {row["outcome"]: row for row in summary_rows(columns, table)}
    cells = run_table(summary)
    words = [*run_answer(summary, scenario, 252.0), cells.note]
    words += [cell for row in cells.rows for cell in row]
    assert not [word for word in words if "_" in word]


def test_outcomes_that_never_happen_are_left_out() -> None:
    """A row of zeros says nothing and takes a line."""
    summary = rows(n_raids_true=[0.0] * 40, n_rocket_attacks_true=[1.0, 2.0] * 20)
    assert [row[0] for row in run_table(summary).rows] == ["rocket attacks"]


def test_every_difference_has_its_interval_and_its_figures_agree() -> None:
    """Whoever subtracts the means that are told gets the difference that is told."""
    rng = np.random.default_rng(4)
    world = rng.poisson(1.6, 300).astype(float)
    columns = {
        "n_coalition_deaths_true": {
            "base": world, "light": np.maximum(world - rng.binomial(1, 0.4, 300), 0.0)
        }
    }  # fmt: skip
    table = {name: OUTCOMES[name] for name in columns}
    (one,) = standings_of(columns, table, 3).outcomes
    text = change_text(one, "light", "base")
    said = re.fullmatch(
        r"([\d.]+) fewer coalition deaths "
        r"\(95 % interval ([\d.]+) to ([\d.]+); ([\d.]+) instead of ([\d.]+)\)",
        text,
    )
    assert said, text
    size, low, high, after, before = map(float, said.groups())
    assert low < size < high
    assert before - after == pytest.approx(size, abs=1e-9)


def test_own_acts_rank_nobody() -> None:
    """A policy without strikes is not best for having none: that is what it is."""
    rng = np.random.default_rng(5)
    deaths, strikes = (rng.poisson(2.0, 100).astype(float) for _ in range(2))
    columns = {
        "n_coalition_deaths_true": {"base": deaths, "light": deaths, "hard": deaths},
        "n_strikes_true": {"base": strikes, "light": 0.0 * strikes, "hard": strikes},
    }
    table = {name: OUTCOMES[name] for name in columns}
    circular = standings_of(columns, table, 3)
    assert "‘tread lightly’ does best" in policies_answer(circular, LABELS)[0]  # noqa: RUF001 (quotation marks)
    own = standings_of(columns, table, 3, own=STRIKES)
    assert [one.outcome.name for one in own.ranked] == ["n_coalition_deaths_true"]
    first, second, _ = policies_answer(own, LABELS)
    assert first == "No two of three policies can be told apart in coalition deaths."
    assert "Strikes: least with ‘tread lightly’" in second  # noqa: RUF001 (quotation marks)


def test_a_policy_says_what_it_changes_as_people_write_it() -> None:
    """From what to what, a rate in the unit in which it is short."""
    base = load("iraq_2019_2020")
    changes = {
        "actors.united_states.demand_rate": "0.2/month",
        "actors.united_states.decision_days": "14 days",
    }
    arms = {"as it is": base, "wait": load("iraq_2019_2020", changes)}
    manifest = {"scenario": {"file": base.path, "name": base.name}}
    assert base_of(arms, manifest, KINDS) is base
    since, same, waits = policy_lines(base, arms)
    assert since == "The policies differ from 28 October 2019 on."
    assert same == "as it is: the scenario as it stands."
    assert "14 days instead of 0.5 days" in waits
    assert "0.2 a month instead of 2 a month" in waits
    without = {"wait": arms["wait"], "twice": arms["wait"]}
    as_written = base_of(without, manifest, KINDS)
    assert as_written.digest == base.digest  # no arm is the file: none is told as it
    assert "the scenario as it stands" not in "".join(policy_lines(as_written, without))
    assert own_acts(arms) == STRIKES
    assert own_acts({"as it is": base, "again": base}) == frozenset()


def test_the_picture_holds_differences_against_no_difference() -> None:
    """Not two means, whose intervals overlap where that of the difference is clear."""
    three = standings(
        ("n_rocket_attacks_true",), {"base": 0.0, "light": -2.0, "hard": 3.0}
    )
    (panel,) = policies_panels(three, LABELS)
    assert panel.is_difference
    assert [(line.label, line.value) for line in panel.lines] == [
        ("tread lightly", pytest.approx(-2.0)), ("strike more", pytest.approx(3.0))
    ]  # fmt: skip


def test_the_dead_come_first() -> None:
    """Of what was asked for, then those of all sides; the rest stays in order."""
    asked = [
        "n_strikes_true",
        "n_raids_true",
        "n_killed_militia_true",
        "peak_rung_true",
    ]
    assert [*dead_first(asked, OUTCOMES)] == [
        asked[2],
        OTHER_DEAD,
        DEAD,
        *asked[:2],
        asked[3],
    ]
    assert [*dead_first(asked[:2], OUTCOMES)] == asked[:2], (
        "nobody's dead were asked for"
    )
    assert not better_when(ALL_DEAD), "each death would count twice"
    others = dead_first(asked, OUTCOMES)[OTHER_DEAD]
    assert "the government's forces" in others.label
    assert "militias" not in others.label, "they have a row of their own"
    assert not better_when(others)
    assert OTHER_DEAD not in dead_first([*OF_SIDES], OUTCOMES)


@pytest.mark.parametrize(
    "shown",
    [
        ["n_killed_militia_true"],
        ["n_coalition_deaths_true", "n_killed_civilian_true", "n_killed_militia_true"],
        ["n_coalition_deaths_true", "n_killed_foreign_true"],
    ],
)
def test_the_dead_that_are_shown_add_up(shown: list[str]) -> None:
    """Every side's, or all others', make those of all sides: none twice, none lost."""
    rng = np.random.default_rng(6)
    columns = {name: rng.poisson(3.0, 20).astype(float) for name in OF_SIDES}
    columns["n_coalition_deaths_true"] = np.floor(columns[OF_SIDES[0]] / 2.0)
    others = other_dead(columns, shown)
    assert (others >= 0.0).all()
    rows = set(shown)
    if OF_SIDES[0] in rows:  # those of the coalition stand in both
        rows -= {"n_coalition_deaths_true"}
    assert np.array_equal(
        others + sum(columns[name] for name in rows), all_dead(columns)
    )


def test_each_concern_ranks_once() -> None:
    """Of three ways to say that states strike each other, the first one ranks."""
    direct = ("n_direct_strikes_true", "direct_exchange_happened_true",
              "both_struck_happened_true")  # fmt: skip
    names = ("n_rocket_attacks_true", *direct, "n_rocket_attacks")
    three = standings(names, {"base": 0.0, "light": -2.0, "hard": 3.0})
    assert [one.outcome.name for one in three.ranked] == [*names[:2]]
    assert three.table()[0].better == 4, "two outcomes, two rivals"
    head = policies_headline(three, LABELS, (), ())
    assert head.table is not None
    assert "What ranks, each concern once: rocket attacks and direct strikes" in (
        head.table.note
    )
    assert "a direct exchange nearly repeats direct strikes" in head.table.note
    by_rank = {row["name"]: row["ranks"] for row in head.figures}
    assert [by_rank[name] for name in names] == ["yes", "yes", "no", "no", "no"]


@pytest.mark.parametrize("seed", range(6))
def test_a_number_reads_the_same_on_screen_and_sheet(seed: int) -> None:
    """One rounding and one unit: the difference and both levels, of counts and shares.

    Shares of 200 worlds are often half of the last digit that is written.
    """
    arms = [arm(shift=shift, root_seed=seed) for shift in (0.0, 0.35, 0.8)]
    names = ("base", "light", "hard")
    arms = [replace(one, name=name) for one, name in zip(arms, names, strict=True)]
    comparison = compare_arms(arms, [COUNT, SHARE], resamples=100)
    columns = {
        name: {one.name: one.outcomes[name].to_numpy(float) for one in arms}
        for name in (COUNT, SHARE)
    }
    sheet = standings_of(columns, comparison.outcomes, seed)
    table = policies_headline(sheet, LABELS, (), ()).table
    assert table is not None
    cells = {(row[0], head): cell.replace("\u00a0", " ")
             for row in table.rows
             for head, cell in zip(table.heads, row, strict=True)}  # fmt: skip
    for label, outcome, unit, before, after, difference, ends, *_ in table_cells(
        comparison
    ):
        per_cent = " %" if unit == "%" else ""
        points = " points" if per_cent else ""
        at = {name: LABELS[name] for name in names}
        policy = next(x for x in names[1:] if x == label)
        assert cells[outcome, at["base"]] == f"{before}{per_cent}"
        assert cells[outcome, at[policy]] == f"{after}{per_cent}"
        told, interval = cells[outcome, f"{at[policy]} against {at['base']}"].split(
            " ("
        )
        assert told == f"{difference}{points}"
        assert interval.rstrip(")").replace("+", "") == ends
        (one,) = (x for x in sheet.outcomes if x.outcome.label == outcome)
        size = difference.lstrip("+−")
        assert f"{size} " in change_text(one, policy, "base")
        assert level_text(one, policy) == f"{after}{per_cent}"


def test_under_draws_screen_and_sheet_write_one_number() -> None:
    """The table on the screen, its sentence and the sheet have a share in points."""
    rng = np.random.default_rng(8)
    values = {p: (rng.random((40, 5)) < x).astype(float)
              for p, x in (("base", 0.3), ("light", 0.1))}  # fmt: skip
    name = "direct_exchange_happened_true"
    (one,) = standings_of(
        {name: {p: x.mean(axis=1) for p, x in values.items()}},
        {name: OUTCOMES[name]},
        3,
        are_draws=True,
    ).outcomes
    draws = DrawSet(({"x": 1.0},) * 40, 5, "d", "", {"parameters": 1})
    report = budgets_of(Drawn({name: values}, draws), {name: OUTCOMES[name]}, 3, LABELS)
    ((label, _, difference, ends, *_),) = report.cells
    assert label == "direct exchange happened (points)"
    _, told, _ = difference_texts(one, "light", "base")
    assert told.replace("+", "") == f"{difference} points ({ends})".replace("+", "")
    assert f": {difference} points on average" in report.sentences[0]


def test_a_policy_is_described_as_its_experiment_does() -> None:
    """The words of the file in the place of numbers that nobody can read."""
    base = load("iraq_2019_2020")
    never = load("iraq_2019_2020", {"actors.united_states.tolerance": 1000})
    arms = {"as it is": base, "never": never}
    _, same, told = policy_lines(base, arms, {"never": "Washington does not strike."})
    assert same == "as it is: the scenario as it stands."
    assert told == "never: Washington does not strike."
    assert "1000" in policy_lines(base, arms)[2]


def test_a_sheet_says_which_numbers_were_run() -> None:
    """As they stand, or over draws: the two give other figures."""
    two = standings(("n_strikes_true",), {"base": 0.0, "hard": 3.0})
    head = policies_headline(two, LABELS, (), ())
    drawn = policies_headline(two, LABELS, (), (), numbers="over 30 draws")
    assert head.table is not None
    assert drawn.table is not None
    assert head.table.note.startswith("The mean with the scenario's numbers as they ")
    assert drawn.table.note.startswith("The mean over 30 draws; then the differences")


def test_a_comparison_is_asked_again_under_draws_by_one_line() -> None:
    """All that it was asked stays, but for how often and where it was kept."""
    made = ".venv/bin/escalade compare iraq_2019_2020 -n 500 --workers=2 --out old"
    made += " --set 'a.b=2 c' --root-seed 7 --independent"
    command = draws_command({"command": made}, Path("old"))
    first, second = command.split(" && ")
    assert shlex.split(first) == [
        "escalade", "compare", "iraq_2019_2020", "--set", "a.b=2 c", "--root-seed",
        "7", "--draws", "100", "-n", "40", "--out", "old_draws",
    ]  # fmt: skip
    assert second == "escalade brief old_draws"
    assert draws_command({"command": "python mine.py"}, Path("old")) == ""
    two = standings(("n_strikes_true",), {"base": 0.0, "hard": 3.0})
    assert policies_headline(two, LABELS, (), (), command=command).command == command


def test_what_outcomes_alone_would_say_is_told() -> None:
    """An order of outcomes that count alike says which of them would turn it."""
    world = np.random.default_rng(2).poisson(9.0, 120).astype(float)
    names = ("n_rocket_attacks_true", "n_strikes_true", "n_coalition_deaths_true")
    shifts = {"base": (0, 0, 0), "light": (-2, -2, 1), "hard": (2, 2, -2)}
    three = standings_of(
        {n: {p: world + x[k] for p, x in shifts.items()} for k, n in enumerate(names)},
        {name: OUTCOMES[name] for name in names},
        3,
    )
    head = policies_headline(three, LABELS, (), ())
    assert (
        "does best on balance over three outcomes, all counted alike"
        in (head.answer[0])
    )
    assert head.would_change == (
        "The order counts all outcomes alike: coalition deaths alone would put "
        "‘strike more’ first.",  # noqa: RUF001 (quotation marks)
    )
    agreed = standings(names, {"base": 0.0, "light": -2.0, "hard": 3.0})
    assert policies_headline(agreed, LABELS, (), ()).would_change == ()


@pytest.mark.parametrize(("n", "left", "total"), [(2, 0, 4), (3, 4, 12), (4, 15, 24)])
def test_the_sheet_counts_the_differences_that_it_leaves_out(
    n: int, left: int, total: int
) -> None:
    """Outcomes times pairs, less those from the reference in its table."""
    names = ("n_rocket_attacks_true", "n_strikes_true", "peak_rung_true",
             "n_killed_militia_true")  # fmt: skip
    some = standings(names, {f"p{k}": float(k) for k in range(n)})
    table = policies_headline(some, {}, (), ()).table
    assert table is not None
    shown = [cell for row in table.rows for cell in row[1:] if " (" in cell]
    assert len(shown) == total - left
    said = f"The table has {total - left} of {total} differences"
    assert (said in table.note) == (left > 0)
    assert looked_at(some).startswith(f"Differences looked at: {total} ")


def test_under_draws_the_brief_has_the_intervals_of_the_screen() -> None:
    """Both take the mean over draws, and its interval, from one function."""
    rng = np.random.default_rng(8)
    values = {p: rng.poisson(9.0 + x, (40, 2)).astype(float)
              for p, x in (("base", 0), ("light", -1))}  # fmt: skip
    name = "n_rocket_attacks_true"
    (one,) = standings_of(
        {name: {p: x.mean(axis=1) for p, x in values.items()}},
        {name: OUTCOMES[name]},
        3,
        are_draws=True,
    ).outcomes
    mean = error_budget(values["light"] - values["base"], 3).mean
    assert one.change("light", "base") == (mean.value, mean.low, mean.high)


def drawn_three() -> tuple[Standings, dict[str, dict[str, object]]]:
    """Return three policies under draws, the second of which never strikes."""
    rng = np.random.default_rng(9)
    world = rng.poisson(20.0, (40, 4)).astype(float)
    strikes = rng.poisson(3.0, (40, 4)).astype(float)
    shifts = {"base": 0.0, "light": -2.0, "hard": 1.0}
    values = {
        "n_coalition_deaths_true": {p: rng.permutation(world) for p in shifts},
        "n_rocket_attacks_true": {p: world + x for p, x in shifts.items()},
        "n_killed_militia_true": {
            p: strikes * (p != "light") + (p == "hard") for p in shifts
        },
        "n_strikes_true": {p: strikes * (p != "light") for p in shifts},
        "authority_end_true": {
            p: 0.4 + 0.001 * rng.standard_normal((40, 4)) - 0.0002 * (p == "light")
            for p in shifts
        },
    }
    table = {name: OUTCOMES[name] for name in values}
    draws = DrawSet(({"x": 1.0},) * 40, 4, "d", "", {"parameters": 1})
    asked = Asked("Which?", pair=("light", "hard"), assumptions=("It costs nothing.",))
    report = budgets_of(Drawn(values, draws), table, 3, LABELS, asked=asked)
    three = standings_of(
        {n: {p: x.mean(axis=1) for p, x in by.items()} for n, by in values.items()},
        table,
        3,
        are_draws=True,
        own=STRIKES,
        pair=("light", "hard"),
    )
    return three, {row["outcome"]: row for row in report.data["outcomes"]}


def test_the_policies_that_the_question_names_are_told_first() -> None:
    """Against each other, then against the third; nobody leads with what is open."""
    three, _ = drawn_three()
    first, second, *_ = policies_answer(three, LABELS)
    assert first.startswith(
        "In the model ‘tread lightly’ comes out better than ‘strike more’: rocket "  # noqa: RUF001 (quotation marks)
        "attacks −3.0 of "
    )
    assert second.startswith(
        "It comes out slightly better than ‘go on as before’: rocket attacks −2.00 of "  # noqa: RUF001 (quotation marks)
    )
    assert "No difference can be told in coalition deaths, " in first
    table = policies_headline(three, LABELS, (), ()).table
    assert table is not None
    assert table.heads[1:] == (
        "tread lightly",
        "strike more",
        "go on as before",
        "tread lightly against strike more",
        "tread lightly against go on as before",
    )


def test_what_follows_by_construction_is_said_and_not_counted() -> None:
    """No militia dead without strikes is no finding, for either side of it."""
    three, draws = drawn_three()
    said = " ".join(policies_answer(three, LABELS))
    assert (
        "By construction, and counted as no finding: ‘tread lightly’ never strikes, "  # noqa: RUF001 (quotation marks)
        "and in the model nothing but strikes brings about militia dead (0)."
    ) in said
    assert "fewer militia dead" not in said
    dead = next(x for x in three.outcomes if x.outcome.name == "n_killed_militia_true")
    assert [dead.verdict("light", x) for x in ("base", "hard")] == [0, 0]
    assert dead.verdict("base", "hard") == 1
    tallies = {one.policy: sum(one[1:]) for one in three.table()}
    assert tallies == {"light": 6, "base": 7, "hard": 7}
    rows = {
        (row["name"], row["arm"], row["row"]): row
        for row in policies_figures(three, LABELS, draws)
    }
    row = rows["n_killed_militia_true", "light", "mean"]
    assert (row["low"], row["high"]) == (0.0, 0.0)
    assert row["interval"] == "none needed: 0 by construction"


def test_the_worse_mean_of_a_policy_is_named() -> None:
    """Also where it cannot be told from chance."""
    three, _ = drawn_three()
    authority = three.outcomes[-1]
    assert not authority.is_clear("light", "base")
    assert authority.change("light", "base")[0] < 0.0
    last = policies_answer(three, LABELS)[-1]
    assert "‘tread lightly’ has the worse mean, though chance may have made it, in" in (  # noqa: RUF001 (quotation marks)
        last
    )
    assert "authority of the government at the end against ‘go on as before’" in last  # noqa: RUF001 (quotation marks)


def test_a_sheet_has_the_spread_over_draws_and_the_share_of_them() -> None:
    """Of the pair as of the others, seen from the policy that is asked about."""
    three, draws = drawn_three()
    table = policies_headline(three, LABELS, (), (), Beside(draws)).table
    assert table is not None
    cells = {row[0]: row for row in table.rows}
    attacks = cells["rocket attacks"][4].replace("\u00a0", " ")
    assert attacks.startswith("−3.0 (")
    assert attacks.endswith("fewer in 100 % (91 to 100)")
    strikes = cells["militia dead"]
    assert strikes[1] == "0 by construction"
    assert "less in" not in strikes[4]
    authority = cells["authority of the government at the end"][5]
    assert "; less in " in authority
    raised = pair_of(draws["n_rocket_attacks_true"], "hard", "light")
    assert raised is not None
    one = three.outcomes[1]
    assert raised.side(one, one.change("hard", "light")[0])[:2] == ("more", 1.0)
    levels = [cells["rocket attacks"][k] for k in (1, 2, 3)]
    assert all(len(level) <= 4 for level in levels), "three digits"
    pair = pair_of(draws["n_rocket_attacks_true"], "light", "hard")
    turned = pair_of(draws["n_rocket_attacks_true"], "hard", "light")
    assert pair is not None
    assert turned is not None
    assert pair.less_in_share_of_draws == 1.0
    assert (turned.less_in_low, turned.less_in_high) == pytest.approx(
        (1.0 - pair.less_in_high, 1.0 - pair.less_in_low)
    )


def test_the_share_of_draws_says_what_is_surest() -> None:
    """The share of draws with its sign counts, not the place in the list."""
    _, draws = drawn_three()
    names = ("n_coalition_deaths_true", "n_rocket_attacks_true")
    world = np.random.default_rng(4).poisson(20.0, 120).astype(float)
    shaky = world - np.random.default_rng(5).normal(0.8, 2.0, 120)
    two = standings_of(
        {
            names[0]: {"light": shaky, "hard": world},
            names[1]: {"light": world - 1.0, "hard": world},
        },
        {name: OUTCOMES[name] for name in names},
        3,
        pair=("light", "hard"),
    )
    (said, *_) = policies_answer(two, LABELS)
    assert said.index("rocket attacks −1") < said.index("coalition deaths −")
    assert said.startswith("In the model ‘tread lightly’ comes out slightly better")  # noqa: RUF001 (quotation marks)
    turned = {
        names[k]: draws["n_rocket_attacks_true"]
        | {"pairs": [
            row | {"less_in": less}
            for row in draws["n_rocket_attacks_true"]["pairs"]  # pyright: ignore
        ]}
        for k, less in ((0, 0.1), (1, 0.3))
    }  # fmt: skip
    (said, *_) = policies_answer(two, LABELS, Beside(turned, horizon="over 9 days"))
    assert said.startswith("In the model, over 9 days, ‘tread lightly’")  # noqa: RUF001 (quotation marks)
    assert said.index("coalition deaths −") < said.index("rocket attacks −1")
    assert "fewer in 90 % of the draws; " in said
    panels = policies_panels(two, LABELS, Beside(turned))
    assert panels[0].title.startswith("coalition deaths")
    (untold,) = panels[0].lines
    assert np.isnan([untold.draws_low, untold.draws_high]).all()
    pairs: Any = turned[names[0]]["pairs"]
    for row in pairs:
        row |= {"is_told": True, "low": -9.0, "high": 3.0}
    (line,) = policies_panels(two, LABELS, Beside(turned))[0].lines
    assert {abs(line.draws_low), abs(line.draws_high)} == {3.0, 9.0}
    assert line.draws_low < line.low < line.high < line.draws_high


@pytest.mark.parametrize("is_turned", [True, False])
def test_where_the_numbers_as_shipped_differ_is_said(*, is_turned: bool) -> None:
    """In sign, or in whether anything is told; from whichever side it was kept."""
    three, draws = drawn_three()

    def row(outcome: str, ends: tuple[float, float, float]) -> dict[str, Any]:
        arms = ("hard", "light") if is_turned else ("light", "hard")
        value, low, high = ends
        if is_turned:
            value, low, high = -value, -high, -low
        both: dict[str, Any] = {"outcome": outcome, "arm": arms[0], "against": arms[1]}
        return both | {"value": value, "low": low, "high": high}

    kept = [
        row("authority_end_true", (-0.018, -0.021, -0.014)),
        row("n_rocket_attacks_true", (-0.5, -1.5, 0.5)),
        row("n_killed_militia_true", (3.0, 2.0, 4.0)),
    ]
    said = policies_answer(three, LABELS, Beside(draws, kept))[0]
    assert "but lower by 1.8 points (1.4 to 2.1) with the numbers as shipped" in said
    assert "but not told with the numbers as shipped (−0.5, −1.5 to 0.5)" in said
    assert said.count("as shipped") == 2, "militia dead follow by construction"
    agreed = [row("n_rocket_attacks_true", (-2.5, -3.5, -1.5))]
    said = policies_answer(three, LABELS, Beside(draws, agreed))[0]
    assert "as shipped" not in said


def test_a_sum_with_what_follows_by_construction_is_not_on_the_sheet() -> None:
    """Nor are strikes of a policy that never strikes bounded as if by chance."""
    rng = np.random.default_rng(9)
    names = ["n_coalition_deaths_true", "n_killed_militia_true", "n_strikes_true"]
    outcomes = dead_first(names, OUTCOMES)
    assert outcomes[names[0]].label == "coalition deaths in rocket attacks"
    every = dead_first(["n_killed_foreign_true", names[0]], OUTCOMES)
    assert every[names[0]].label == "coalition deaths"
    columns = {
        name: {
            "base": rng.poisson(3.0, 60).astype(float),
            "light": rng.poisson(0.0 if name in names[1:] else 3.0, 60).astype(float),
        }
        for name in outcomes
    }
    for own, is_built in ((STRIKES, True), ((), False)):
        two = standings_of(columns, outcomes, 3, own=own)
        table = policies_headline(two, LABELS, (), ()).table
        assert table is not None
        cells = {row[0].partition(":")[0]: row for row in table.rows}
        assert ("dead on all sides" in cells) != is_built
        assert ("partly by construction" in cells["other dead"][3]) == is_built
        assert (cells["strikes"][2] == "0 by construction") == is_built
        said = " ".join(policies_answer(two, LABELS))
        assert ("Other dead include those killed in strikes" in said) == is_built
        assert "By choice" not in said
        (mean,) = (
            row["interval"]
            for row in policies_figures(two, LABELS)
            if (row["name"], row["arm"]) == (names[2], "light") and row["row"] == "mean"
        )
        assert ("rule of three" in mean) != is_built


@pytest.mark.parametrize("hangs", [True, False])
def test_what_draws_could_not_tell_is_no_robustness(
    tmp_path: Path, *, hangs: bool
) -> None:
    """Where no number is shown, the sheet says how much it would have taken."""
    three, _ = drawn_three()
    rng = np.random.default_rng(3)
    lead = rng.standard_normal(40)
    numbers = pd.DataFrame(rng.standard_normal((40, 60))).rename(columns=str)
    numbers["7"] = [f"{x if hangs else -x * 0.0 + y} days"
                    for x, y in zip(lead, numbers["7"], strict=True)]  # fmt: skip
    numbers.to_csv(tmp_path / "draws.csv", index_label="draw")
    by = {"light": -lead, "hard": 0.0 * lead, "base": lead}
    columns = {one.outcome.name: by for one in three.outcomes}
    (said,) = policies._turning(tmp_path, columns, three, LABELS, None)  # pyright: ignore[reportPrivateUsage]
    if hangs:
        assert said.startswith("The number ‘7’ turns who leads in rocket attacks: ")  # noqa: RUF001 (quotation marks)
        columns = {name: x | {"light": -lead - 9.0} for name, x in columns.items()}
        costs = ("Not to strike costs nothing: no price in votes.", "Other.")
        (said,) = policies._turning(tmp_path, columns, three, LABELS, None, costs)  # pyright: ignore[reportPrivateUsage]
        assert said.startswith("No single number that was drawn turns the lead in ")
        assert "on the number ‘7’: ‘tread lightly’ leads ‘strike more’ in 100 %" in said  # noqa: RUF001 (quotation marks)
        assert said.endswith("above all that: not to strike costs nothing.")
    else:
        assert "of 60 numbers they would show one with 80 % power only at a" in said
        assert "does not mean that none matters" in said
