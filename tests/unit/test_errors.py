from __future__ import annotations

import pickle
from concurrent.futures import ProcessPoolExecutor
from typing import TYPE_CHECKING

import pytest

import sim.errors
from sim.errors import (
    Fault,
    RunError,
    ScenarioError,
    SimError,
    SourceError,
    StudyError,
    nearest,
    one_of,
)
from sim.reading.strict_yaml import parse
from sim.rules.registry import KINDS
from sim.scenario.form import whole
from sim.scenario.load import shipped_scenarios
from sim.scenario.resolve import resolve
from sim.sources import shipped_sources

if TYPE_CHECKING:
    from collections.abc import Iterable

EXAMPLE = ScenarioError(
    "scenarios/iraq_militias_2019.yaml",
    [
        Fault(44, 5, "actors.us.rseolve", "unknown field; did you mean 'resolve'?"),
        Fault(
            31, 9, "actors.kataib.reciprocity.value", "1.4 is above the range [0, 1]"
        ),
        Fault(58, 5, "actors.x1.kind", "'milita' is not a kind"),
    ],
)


def test_faults_are_listed_sorted_and_aligned():
    """The text is the one that the style guide shows, sorted by line."""
    assert str(EXAMPLE) == (
        "scenarios/iraq_militias_2019.yaml: 3 faults\n"
        "  line 31  actors.kataib.reciprocity.value   1.4 is above the range [0, 1]\n"
        "  line 44  actors.us.rseolve                 "
        "unknown field; did you mean 'resolve'?\n"
        "  line 58  actors.x1.kind                    'milita' is not a kind"
    )


def test_one_fault_is_singular():
    """One fault is '1 fault', and no path leaves no gap."""
    assert str(ScenarioError("a.yaml", [Fault(7, 1, "", "a tab; use spaces")])) == (
        "a.yaml: 1 fault\n  line 7  a tab; use spaces"
    )


def test_whole_file_faults_and_line_numbers_of_any_width_align():
    """Line 0 reads 'file' and comes first."""
    faults = [
        Fault(120, 1, "a", "x"),
        Fault(9, 1, "long.er", "y"),
        Fault(0, 0, "", "z"),
    ]
    assert str(ScenarioError("a.yaml", faults)).splitlines()[1:] == [
        "  file                z",
        "  line 9    long.er   y",
        "  line 120  a         x",
    ]


def test_a_fault_stays_on_its_line_and_cannot_steer_the_terminal():
    """Control characters in a path, place or message are shown as escapes."""
    error = ScenarioError("a\n.yaml", [Fault(1, 1, "k\x1b[31m", "m\nn")])
    assert str(error) == "a\\n.yaml: 1 fault\n  line 1  k\\x1b[31m   m\\nn"


def test_a_very_long_place_does_not_push_the_other_messages_away():
    """Padding ends at 60 characters."""
    error = ScenarioError("a", [Fault(1, 1, "x" * 500, "m"), Fault(2, 1, "y", "n")])
    assert str(error).splitlines()[2] == f"  line 2  y{' ' * 62}n"


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (SimError, 2),
        (ScenarioError, 2),
        (SourceError, 2),
        (StudyError, 2),
        (RunError, 3),
    ],
)
def test_exit_codes(kind: type[SimError], code: int):
    """A wrong file exits with 2, a broken run with 3."""
    assert kind.exit_code == code
    assert issubclass(kind, SimError)


def test_run_error_ends_with_the_command_that_repeats_it():
    """The last line is the command, quoted for a shell; root_seed 0 is a seed."""
    assert str(RunError("hazard is nan", "scenarios/x.yaml", 0, 412)) == (
        "hazard is nan\n"
        "  escalade replay scenarios/x.yaml --root-seed 0 --replication 412"
    )
    assert "'my file.yaml'" in str(RunError("broke", "my file.yaml", 7, 1))
    assert str(RunError("hazard is nan")) == "hazard is nan"
    assert str(RunError("hazard is nan", "x.yaml", 7)) == "hazard is nan"


ERRORS = [
    EXAMPLE,
    SourceError("no source 'afp-2020'"),
    StudyError("5 replications give no interval"),
    RunError("hazard is nan", "scenarios/x.yaml", 7, 412),
]


@pytest.mark.parametrize("error", ERRORS, ids=lambda e: type(e).__name__)
def test_errors_survive_pickling(error: SimError):
    """Type, text and fields are the same after pickling."""
    copy = pickle.loads(pickle.dumps(error))
    assert type(copy) is type(error)
    assert str(copy) == str(error)
    assert vars(copy) == vars(error)


def _fail(number: int) -> None:
    raise ERRORS[number]


@pytest.mark.slow
def test_errors_come_back_from_worker_processes():
    """A worker's error arrives whole in the parent process."""
    with ProcessPoolExecutor(1) as pool:
        for number, error in enumerate(ERRORS):
            with pytest.raises(type(error)) as caught:
                pool.submit(_fail, number).result()
            assert str(caught.value) == str(error)


def test_nearest_ignores_case_and_hopeless_or_endless_names():
    """A near name is named as it is written; nothing near gives nothing."""
    assert nearest("ResolvE", ["resolve"]) == "; did you mean 'resolve'?"
    assert nearest("no", ["NO"]) == "; did you mean 'NO'?"
    assert nearest("zebra", ["resolve"]) == ""
    assert nearest("resolve", []) == ""
    assert nearest("x" * 1_000_000, ["resolve"]) == ""


def test_one_of_lists_in_order_and_shortens():
    """Up to sixteen names are listed in their order; more are counted."""
    assert one_of(["militia", "host_government"]) == "militia, host_government"
    assert one_of(str(i) for i in range(40)).endswith("14, 15, ... (40 in all)")
    assert one_of(str(i) for i in range(16)).endswith("14, 15")


def test_the_first_hundred_faults_are_told_and_the_rest_counted() -> None:
    """Of 999 faults the first hundred by line are printed; the last line counts."""
    faults = [Fault(line, 1, "", "is wrong") for line in range(999, 0, -1)]
    error = ScenarioError("a.yaml", faults)
    lines = str(error).splitlines()
    assert lines[0] == "a.yaml: 999 faults"
    assert len(error.faults) == 100
    assert lines[100].split() == ["line", "100", "is", "wrong"]
    assert lines[-1] == "  and 899 more faults"
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


def test_nearest_names_are_sought_for_the_told_faults_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A scenario with 5,000 unknown sites asks for a hundred nearest names."""
    asked: list[str] = []

    def count(name: str, allowed: Iterable[str]) -> str:
        asked.append(name)
        return f"; one of {len(list(allowed))}"

    monkeypatch.setattr(sim.errors, "nearest", count)
    file = shipped_scenarios()["iraq_2019_2020"]
    own = '    label: "Kata\'ib Hezbollah"\n    reach:\n'
    head, reach, rest = file.read_text("utf-8").partition(own)
    many = "".join(f"      nowhere_{n}: 1\n" for n in range(5000))
    with pytest.raises(ScenarioError) as caught:
        resolve(whole(parse(head + reach + many + rest, "x")), KINDS, shipped_sources())
    assert caught.value.n_more >= 4900
    assert len(asked) == 100
    assert "one of 13" in caught.value.faults[0].message
