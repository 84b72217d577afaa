"""Wrong arguments are refused as wrong options are, in Python's words."""

from __future__ import annotations

import inspect
import pickle
import warnings
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import sim
from sim.comparison import certificate
from sim.verbs import watch
from sim.verbs.arguments import in_python

VALLEY = str(Path(__file__).resolve().parents[3] / "docs" / "examples" / "valley.yaml")

LINE = "actors.foreign_power.tolerance"

WRONG: list[tuple[str, tuple[Any, ...], dict[str, Any], str]] = [
    ("run", (5,), {}, "scenario is 5, int; allowed is a text or a path or a Scenario"),
    ("run", (), {}, "missing a required argument: 'scenario'"),
    ("run", ("iraq_2019_202",), {}, "did you mean 'iraq_2019_2020'?"),
    ("run", (VALLEY,), {"replicatons": 3}, "did you mean 'replications'?"),
    ("run", (VALLEY,), {"n": 500}, "did you mean 'replications'?; it has scenario,"),
    ("run", (VALLEY,), {"n": 500}, "own_outcomes, watch"),
    ("branch", (VALLEY, 1), {"n": 500}, "did you mean 'futures'?"),
    ("sweep", ({"scenario": VALLEY, "factors": {"x": {}}},), {}, "value  factors.x "),
    ("sweep", ({"scenario": VALLEY, "until": -1},), {}, "value  until "),
    ("run", (VALLEY,), {"replications": -1}, "replications -1 is out of range"),
    ("run", (VALLEY,), {"replications": "many"}, "allowed is a whole number or None"),
    ("run", (VALLEY,), {"replications": True}, "allowed is a whole number or None"),
    ("run", (VALLEY,), {"root_seed": 0.5}, "root_seed is 0.5, float"),
    ("run", (VALLEY,), {"until": "soon"}, "until 'soon'"),
    ("run", ("",), {}, "no file and no id is named"),
    ("run", ("irak",), {}, "shipped are iraq_2019_2020, "),
    ("run", (VALLEY,), {"outcomes": "n_strikes"}, "did you mean 'own_outcomes'?"),
    ("run", (VALLEY,), {"own_outcomes": "n_strikes"}, "allowed is a dict"),
    ("run", (VALLEY,), {"changes": {LINE: "3/week"}}, "write no unit"),
    ("compare", (VALLEY,), {"changes": {LINE: 1}, "replications": 29}, "30 to"),
    ("compare", ({"a": {LINE: 1}, "b": VALLEY},), {}, "arm a: "),
    ("sweep", ({"scenario": VALLEY, "factors": {"x": object()}},), {}, "no file can"),
    ("run", (VALLEY,), {"workers": 0}, "workers 0 is out of range"),
    ("run", (VALLEY,), {"draws": 30}, "draws needs posterior"),
    ("run", (VALLEY,), {"pictures": True}, "name one with out"),
    ("run", (VALLEY,), {"engine": "simpi"}, "did you mean 'simpy'?"),
    ("run", (VALLEY,), {"changes": {"actors.host_government.wil": 1}}, "did you mean"),
    ("run", (VALLEY,), {"changes": ["a=1"]}, "allowed is a dict with"),
    ("load", (VALLEY,), {"free_from": "2020-02-31"}, "free_from: '2020-02-31'"),
    ("load", (VALLEY,), {"plugin": "no_such_module"}, "cannot be imported"),
    ("replay", (VALLEY, "x"), {}, "allowed is a whole number"),
    ("compare", (), {}, "compare needs scenarios"),
    ("compare", (VALLEY,), {}, "what to change with changes"),
    ("compare", (VALLEY, 3), {}, "scenarios is 3, int; allowed is"),
    ("compare", (VALLEY, VALLEY), {"outcomes": "n_raid_true"}, "did you mean"),
    ("ablate", (VALLEY,), {"outcomes": "n_raid_true"}, "did you mean"),
    ("sweep", ("e01_red_lin",), {}, "did you mean 'e01_red_line'?"),
    ("discover", ("e01_red_line",), {"outcome": "x"}, "give one of above and below"),
    ("sensitivity", ("e02_screening",), {"outcome": "n_raid"}, "is not an outcome of"),
    ("sensitivity", ("e02_screening",), {"arm": "bse"}, "did you mean 'base'?"),
    ("explain", ("/nowhere",), {}, "holds no run"),
    ("branch", ("/nowhere", 1), {"at": 3}, "holds no run"),
    ("report", ("/nowhere",), {}, "holds no run"),
    ("rerun", ("/nowhere",), {}, "holds no run"),
    ("score", (), {}, "score needs an experiment"),
    ("import_events", ("/nowhere.csv", "map.yaml"), {"form": "acledd"}, "'acled'"),
    ("null_of", (3,), {}, "allowed is a text or a path or a Scenario"),
    ("report", (3,), {}, "run is 3, int; allowed is a text or a path or what a verb"),
    ("brief", (3,), {}, "run is 3, int; allowed is a text or a path or what a verb"),
    ("rerun", (3,), {}, "run is 3, int; allowed is a text or a path or what a verb"),
    ("explain", (3,), {}, "allowed is a text or a path or what sim.run answered"),
    ("branch", (3, 1), {}, "allowed is a text or a path or what sim.run answered"),
    ("compare", ({},), {}, "compare needs scenarios"),
    ("run", (VALLEY,), {"watch": 3}, "allowed is True or False or a Watch"),
    ("run", (VALLEY,), {"changes": {3: 1}}, "allowed is a dict with texts as keys"),
    ("compare", (VALLEY,), {"outcomes": [3]}, "allowed is a text or a list of texts"),
    ("load", ("valley\0",), {}, "allowed is a text or a path or a Scenario"),
]


@pytest.mark.parametrize(("verb", "args", "more", "part"), WRONG)
def test_wrong_arguments_are_refused_in_our_words(
    verb: str, args: tuple[Any, ...], more: dict[str, Any], part: str
) -> None:
    """Each refusal is ours, names the argument, and what is allowed or nearest."""
    with pytest.raises(sim.SimError) as refusal:
        getattr(sim, verb)(*args, **more)
    said = str(refusal.value)
    assert part in said
    ours = [line for line in said.split("\n") if "escalade " not in line]
    assert not any("--" in line for line in ours)


NEEDED: dict[str, Any] = {
    "scenario": VALLEY,
    "scenarios": VALLEY,
    "run": "no_such_run",
    "experiment": "e01_red_line",
    "inputs": "f01_monthly_origins",
    "replication": 1,
    "file": "no_such_file",
    "map_file": "no_such_map",
    "free_from": "2020-03-01",
    "days": 14,
    "outcome": "n_strikes_true",
}
"""What a verb needs, by argument."""

SMALL: dict[str, Any] = {
    "scenario": VALLEY,
    "replications": 2,
    "until": 9,
    "factors": {"line": {"path": LINE, "levels": [0.5, 1.2]}},
}

OF_NO_ARGUMENT = (object(), print, b"x", {3: 1}, [object()], "\0", "\ud800", {1})
"""What no argument may be."""
OF_SOME = (3, -1, 0.5, float("nan"), None, True, [], [3], "", "no/such/path", {"a": 1})
"""What some may be, so that it is only seen to be wrong further in."""

VERBS = [
    name
    for name in sim.__all__
    if callable(getattr(sim, name)) and not isinstance(getattr(sim, name), type)
]


@pytest.mark.parametrize("verb", VERBS)
def test_whatever_an_argument_is_the_refusal_is_ours(
    verb: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No public function lets an error of Python's out, whatever it is given."""
    monkeypatch.chdir(tmp_path)
    enter = getattr(sim, verb)
    parameters = inspect.signature(enter).parameters
    needed = {k: NEEDED[k] for k, p in parameters.items() if p.default is p.empty}
    if "Mapping" in str(parameters.get("experiment")):
        needed["experiment"] = SMALL
    if "engine" in parameters:
        needed["engine"] = "none"  # refused, so that nothing is simulated
    for argument in parameters:
        for value in (*OF_NO_ARGUMENT, *OF_SOME):
            given = needed | {argument: value}
            many = [given.pop(k) for k in ("inputs", "scenarios") if k in given]
            must_refuse = value in OF_NO_ARGUMENT
            with pytest.raises(sim.SimError) if must_refuse else suppress(sim.SimError):
                enter(*many, **given)


def test_a_scenario_is_its_id_its_path_or_an_object() -> None:
    """Each verb that takes a scenario takes all three, and answers the same."""
    taken = [
        v for v in VERBS if "scenario" in inspect.signature(getattr(sim, v)).parameters
    ]
    assert set(taken) == {
        "ablate",
        "check",
        "forecast",
        "load",
        "null_of",
        "replay",
        "run",
    }
    for one in (VALLEY, Path(VALLEY), sim.load(VALLEY)):
        assert sim.null_of(one).digest == sim.null_of(VALLEY).digest
        assert sim.check(one).table().equals(sim.check(VALLEY).table())
    more: dict[str, Any] = {"free_from": "2020-03-01", "days": 7, "replications": 4}
    by_id, by_object = (
        sim.forecast(one, **more).data()["forecasts"][0] | {"made": "its moment"}
        for one in ("iraq_2019_2020", sim.load("iraq_2019_2020"))
    )
    assert by_object == by_id
    with pytest.raises(sim.SimError, match="load it without free_from"):
        sim.forecast(sim.load("iraq_2019_2020", free_from="2020-03-01"), **more)


def test_numbers_and_days_of_numpy_and_pandas_are_taken() -> None:
    """They are what Python's own would be, in a dict of changes too."""
    own = sim.run(
        VALLEY, replications=5, root_seed=3, until="2020-02-15", changes={LINE: 1}
    )
    for until in (pd.Timestamp("2020-02-15"), datetime(2020, 2, 15), np.float32(45)):
        other = sim.run(
            VALLEY,
            replications=np.int64(5),  # pyright: ignore[reportArgumentType]
            root_seed=np.uint8(3),  # pyright: ignore[reportArgumentType]
            until=until,  # pyright: ignore[reportArgumentType]
            changes={LINE: np.int64(1)},
        )
        assert other.outcomes.equals(own.outcomes)
        assert repr(other) == repr(own)


def test_arms_are_given_by_what_they_change() -> None:
    """A dict of changes is the first arm with them, as if each had been loaded."""
    changes = {LINE: 1}
    more = {"replications": 30, "until": 30, "outcomes": "n_strikes_true"}
    by_dict = sim.compare({"a": VALLEY, "b": changes}, **more)  # pyright: ignore
    loaded = {"a": sim.load(VALLEY), "b": sim.load(VALLEY, changes)}
    assert by_dict.table().equals(sim.compare(loaded, **more).table())  # pyright: ignore
    with pytest.raises(sim.SimError, match=r"load each arm with sim\.load"):
        sim.compare({"a": loaded["a"], "b": changes}, **more)  # pyright: ignore


def test_an_experiment_is_given_as_a_dict() -> None:
    """It is what its file would be."""
    factors = {"line": {"path": LINE, "levels": np.array([0.5, 1.2])}}
    asked = {"scenario": VALLEY, "replications": 2, "until": 20, "factors": factors}
    assert sim.sweep(asked).table()["line"].unique().tolist() == [0.5, 1.2]


def test_certificates_cost_nothing_until_they_are_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Table, line and page of a comparison are there without them."""
    asked: list[int] = []
    monkeypatch.setattr(certificate, "certify", lambda *_: asked.append(1) or [])
    answer: Any = sim.compare(
        VALLEY, changes={LINE: 1}, replications=30, until=10, outcomes="n_strikes_true"
    )
    assert answer.sentences()
    assert answer._repr_html_()
    assert repr(answer)
    assert not asked
    assert answer.certificates == []
    assert asked == [1]


def test_whoever_waits_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """After two seconds it is said which engine runs, and then how much is left."""
    now = [0.0]
    monkeypatch.setattr(watch.time, "monotonic", lambda: now[0])
    waiting = watch.watch_of(watch=True)
    waiting.say("SimPy engine: since.")
    with waiting.stage("simulating") as tell:
        tell(0, 300)
        assert capsys.readouterr().err == ""
        now[0] = 20.0
        tell(100, 300)
        said = capsys.readouterr().err
    assert said.split("\n")[:2] == [
        "SimPy engine: since.",
        "simulating: 100 of 300 done, about 40.0 s left",
    ]
    assert watch.watch_of(watch=False) is watch.SILENT


@pytest.mark.parametrize("verb", [sim.load, sim.run, sim.compare, sim.replay])
def test_a_number_beyond_its_range_is_warned_of(verb: Any) -> None:
    """The range is that of the file, which a change leaves; within it is silence."""
    path = "actors.united_states.tolerance"
    more: dict[Any, dict[str, Any]] = {
        sim.load: {},
        sim.run: {"replications": 2, "until": 5},
        sim.replay: {"replication": 0, "until": 5},
        sim.compare: {"replications": 30, "until": 5, "outcomes": "n_strikes_true"},
    }
    said = r"tolerance is 3, outside its range .* 0\.5"
    with pytest.warns(UserWarning, match=said) as warned:
        verb("iraq_2019_2020", changes={path: 3}, **more[verb])
    assert {one.filename for one in warned} == {__file__}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        verb("iraq_2019_2020", changes={path: 1.2}, **more[verb])


def test_levels_beyond_a_range_are_warned_of() -> None:
    """Of a sweep as of a run, of the line that asked."""
    asked: dict[str, Any] = {"scenario": "iraq_2019_2020", "replications": 2}
    factor = {"path": "actors.united_states.tolerance", "levels": [1.0, 3.0]}
    asked |= {"until": 5, "factors": {"line": factor}}
    with pytest.warns(UserWarning, match="tolerance is 3, outside its range") as warned:
        sim.sweep(asked, watch=True)
    assert [one.filename for one in warned] == [__file__]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        sim.sweep(asked | {"factors": {"line": factor | {"levels": [1.0, 1.2]}}})


def test_a_question_that_nobody_asked_is_not_told(tmp_path: Path) -> None:
    """Notes have none; the sheet, which needs one, asks what changes."""
    answer = sim.sweep(SMALL, out=tmp_path / "study", watch=False)
    assert not any("?" in text for text in answer.notes())
    assert sim.brief(answer).question == "What changes with line?"
    asked = sim.sweep({**SMALL, "question": "Does it matter?"}, watch=False)
    assert asked.notes()[0] == "Does it matter?"


def test_draws_answer_as_a_plain_comparison_does() -> None:
    """An interval of a mean has one name; what cannot be told is no number."""
    answer: Any = sim.compare(
        "iraq_2019_2020",
        changes={"actors.united_states.tolerance": 1.5},
        draws=30,
        until=40,
        outcomes=["n_strikes_true", "n_rocket_attacks_true"],
        watch=False,
    )
    table = answer.table().set_index("outcome")
    for row in answer.data()["outcomes"]:
        ((_, budget),) = row["differences"].items()
        mean, told = budget["mean"], table.loc[row["outcome"]]
        assert told[["mean", "low", "high"]].tolist() == [
            mean["value"], mean["low"], mean["high"],
        ]  # fmt: skip
        ends = [budget["low"], budget["high"]] if budget["is_told"] else [np.nan] * 2
        assert told[["draws_low", "draws_high"]].tolist() == pytest.approx(
            ends, nan_ok=True
        )
    assert not any("." in column for column in table.columns)
    assert answer.sentences()[0].startswith("Strikes, ")
    assert list(answer.figures()) == ["effects"]


def test_a_branch_says_what_is_otherwise(tmp_path: Path) -> None:
    """In words, with the value before, in one line too."""
    few = sim.run("iraq_2019_2020", replications=2, until=40, watch=False)
    changes = {"actors.united_states.tolerance": 1.5}
    fan = sim.branch(few, 1, at=9, futures=30, changes=changes, watch=False)
    assert fan.otherwise == ["tolerance of the United States 1.5 instead of 0.8"]
    assert repr(fan).endswith("from day 9 on, tolerance of the United States 1.5 "
                              "instead of 0.8>")  # fmt: skip


def test_objects_print_as_a_line() -> None:
    """No address, and nothing that fills a screen."""
    shown = repr(sim.load(VALLEY).actors[0])
    assert len(shown) < 100
    assert "0x" not in shown


def test_a_scenario_is_not_changed_after_it_was_loaded() -> None:
    """Its file is: the refusal says where."""
    with pytest.raises(sim.SimError, match=r"changes goes with .* give it to sim.load"):
        sim.run(sim.load(VALLEY), changes={"actors.host_government.will": 1.0})


def test_a_name_that_is_none_names_the_nearest() -> None:
    """A misspelt verb is told as one."""
    with pytest.raises(AttributeError, match=r"did you mean 'run'\?"):
        sim.runn  # noqa: B018 # pyright: ignore


def test_verbs_go_to_other_processes() -> None:
    """A verb pickles, by its public name."""
    assert pickle.loads(pickle.dumps(sim.run)) is sim.run


def test_a_whole_command_keeps_its_options() -> None:
    """What is to be given to a shell is left as it is."""
    command = "it failed\n  escalade replay x.yaml --root-seed 1"
    assert in_python(command) == command


def test_a_table_says_which_columns_it_has(tmp_path: Path) -> None:
    """A column that is not there is told with those that are, and stays a KeyError."""
    table = sim.run("iraq_2019_2020", replications=3, until=20, watch=False).table()
    with pytest.raises(KeyError) as caught:
        table["maen"]
    assert isinstance(caught.value, sim.SimError)
    assert "did you mean 'mean'?; it has label, unit, n," in str(caught.value)
    with pytest.raises(sim.SimError, match=r"is a row: table\.loc\['n_raids'\]"):
        table["n_raids"]
    assert type(table[["mean"]]) is type(table.head()) is pd.DataFrame
    assert table.attrs["note"]
    table.to_csv(tmp_path / "table.csv")
    assert len(pd.read_csv(tmp_path / "table.csv")) == len(table)
