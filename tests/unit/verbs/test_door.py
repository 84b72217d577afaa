"""Wrong arguments are refused as wrong options are, in Python's words."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import pytest

import sim
from sim.verbs.door import in_python

VALLEY = str(Path(__file__).resolve().parents[3] / "docs" / "examples" / "valley.yaml")

WRONG: list[tuple[str, tuple[Any, ...], dict[str, Any], str]] = [
    ("run", (5,), {}, "scenario is 5, int; allowed is a text or a path or a Scenario"),
    ("run", (), {}, "missing a required argument: 'scenario'"),
    ("run", ("iraq_2019_202",), {}, "did you mean 'iraq_2019_2020'?"),
    ("run", (VALLEY,), {"replicatons": 3}, "did you mean 'replications'?"),
    ("run", (VALLEY,), {"replications": -1}, "replications -1 is out of range"),
    ("run", (VALLEY,), {"replications": "many"}, "allowed is a whole number or None"),
    ("run", (VALLEY,), {"replications": True}, "allowed is a whole number or None"),
    ("run", (VALLEY,), {"root_seed": 0.5}, "root_seed is 0.5, float"),
    ("run", (VALLEY,), {"until": "soon"}, "until 'soon'"),
    ("run", (VALLEY,), {"workers": 0}, "workers 0 is out of range"),
    ("run", (VALLEY,), {"draws": 30}, "draws needs posterior"),
    ("run", (VALLEY,), {"pictures": True}, "name one with out"),
    ("run", (VALLEY,), {"engine": "simpi"}, "did you mean 'simpy'?"),
    ("run", (VALLEY,), {"changes": {"actors.host_government.wil": 1}}, "did you mean"),
    ("run", (VALLEY,), {"changes": ["a=1"]}, "allowed is a dict or None"),
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
    ("null_of", (VALLEY,), {}, "allowed is a Scenario"),
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
