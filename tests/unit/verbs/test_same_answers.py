"""The command and Python give the same answers, to the byte, by the same options."""

from __future__ import annotations

import doctest
import inspect
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import typer
from typer.testing import CliRunner

import sim
from sim.cli.app import app
from sim.files import plain
from sim.verbs.arguments import RENAMED

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[3]
VALLEY = str(ROOT / "docs" / "examples" / "valley.yaml")
SWEPT = str(ROOT / "docs" / "examples" / "valley_sweep.yaml")
SCREENED = str(ROOT / "docs" / "examples" / "valley_screening.yaml")
EVENTS = str(ROOT / "docs" / "examples" / "events.csv")
SHIPPED = "iraq_2019_2020"

PYTHON: dict[str, str] = {
    "import": "import_events",
    "list": "list_scenarios",
}
"""Verbs whose name in Python is another: one is a keyword, one a builtin."""
FILES = {"compile", "upgrade", "schema", "new", "explore"}
"""Verbs that write or print files for editors, or serve a page, and answer nothing."""
SCREEN_ONLY = {"check": {"resolve"}, "compare": {"verbose"}, "run": {"verbose"}}
"""Options that say how an answer is printed."""
PYTHON_ONLY = {"run": {"own_outcomes"}}
"""Arguments that no option can be: functions."""


def commands() -> dict[str, Any]:
    """Return every verb of the command."""
    group: Any = typer.main.get_command(app)
    return {name: one for name, one in group.commands.items() if name not in FILES}


def escalade(*words: str | float | Path) -> Any:
    """Run the command in this process; return what it prints as JSON."""
    done = CliRunner().invoke(app, [*map(str, words), "--json"])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def parts(folder: Path) -> dict[str, bytes]:
    """Return the files of a study, but for when and how it was made."""
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in sorted(folder.rglob("*.*"))
        if file.is_file()
        and file.name not in ("manifest.json", "budget.json")
        and not file.name.startswith(".")
    }


@pytest.mark.parametrize("verb", sorted(commands()))
def test_every_verb_has_its_options_in_python(verb: str) -> None:
    """Each option is an argument of its name, and no argument is without one."""
    options: set[str] = set()
    positions = 0
    for parameter in commands()[verb].params:
        if parameter.param_type_name == "argument":
            positions += 1
            continue
        longest: str = max(parameter.opts, key=len).removeprefix("--")
        options.add(RENAMED.get(longest) or longest.replace("-", "_"))
    options -= {"json", *SCREEN_ONLY.get(verb, set())}
    signature = inspect.signature(getattr(sim, PYTHON.get(verb, verb)))
    arguments = set(signature.parameters)
    if verb == "import":
        options |= {"form", "file"}  # where a command has them is by their place
        positions = 0
    else:
        first = list(signature.parameters)[:positions]
        assert not options & set(first)
        arguments -= set(first)
    arguments -= {"watch", *PYTHON_ONLY.get(verb, set())}
    assert arguments == options


def same(answer: dict[str, Any], printed: dict[str, Any], *but: str) -> None:
    """Check that an answer is what the command prints, save where it was kept."""
    mine = json.loads(json.dumps(plain(answer)))
    for name in ("out", "pictures", *but):
        mine.pop(name, None)
        printed.pop(name, None)
    assert mine == printed


def test_run(tmp_path: Path) -> None:
    """Summary, record and every part are the same, with changes and to a date."""
    more = {"actors.first_militia.base_rate": "2/week"}
    printed = escalade(
        *("run", VALLEY, "-n", 12, "--until", "2020-02-15", "--root-seed", 3),
        *("--set", "actors.first_militia.base_rate=2/week", "--workers", 1),
        *("--pictures", "--out", tmp_path / "a"),
    )
    answer = sim.run(
        VALLEY,
        replications=12,
        until="2020-02-15",
        root_seed=3,
        changes=more,
        pictures=True,
        out=tmp_path / "b",
    )
    same(answer.data(), printed)
    assert parts(tmp_path / "a") == parts(tmp_path / "b")
    in_memory = sim.run(sim.load(VALLEY, more), replications=12, until=45, root_seed=3)
    assert in_memory.table().equals(answer.table())
    assert in_memory.outcomes.equals(answer.outcomes)


def test_run_under_draws(tmp_path: Path) -> None:
    """The budget of a run under draws is the same."""
    fit = "c01_iraq_2019_2020"
    printed = escalade(
        *("run", SHIPPED, "--posterior", fit, "--draws", 30, "--until", 3),
        *("--engine", "simpy", "--workers", 1, "--out", tmp_path / "a"),
    )
    answer = sim.run(SHIPPED, posterior=fit, draws=30, until=3, engine="simpy")
    same(answer.data(), printed)


def test_replay() -> None:
    """Story, outcomes and records of a replication are the same."""
    words = ("replay", VALLEY, "-k", 4, "--until", 60, "--without", "act=raid")
    answer = sim.replay(VALLEY, 4, until=60, without="act=raid")
    same(answer.data(), escalade(*words))
    assert len(answer.records()) == len(answer.data()["records"])


def test_compare(tmp_path: Path) -> None:
    """Tables, certificates and pictures of a comparison are the same."""
    path = "actors.foreign_power.tolerance"
    words = ("--set", f"{path}=0.3", "-n", 30, "--until", 40, "--workers", 1)
    printed = escalade("compare", VALLEY, *words, "--out", tmp_path / "a")
    answer = sim.compare(
        VALLEY, changes={path: 0.3}, replications=30, until=40, out=tmp_path / "b"
    )
    same(answer.data(), printed)
    assert parts(tmp_path / "a") == parts(tmp_path / "b")
    loaded = {"valley": sim.load(VALLEY), "other": sim.load(VALLEY, {path: 0.3})}
    other = sim.compare(loaded, replications=30, until=40)
    numbers = ["n", "mean_difference", "reference_mean", "arm_mean"]
    assert other.table()[numbers].equals(answer.table()[numbers])


def test_compare_under_draws(tmp_path: Path) -> None:
    """The budgets and ranks of arms under draws from ranges are the same."""
    fit = "c01_iraq_2019_2020"
    words = ("compare", SHIPPED, "iraq_endogenous_2019_2020", "--posterior", fit)
    more = ("--draws", 30, "--until", 2, "--engine", "simpy", "--workers", 1)
    printed = escalade(*words, *more, "--out", tmp_path / "a")
    answer: Any = sim.compare(
        *words[1:3], posterior=fit, draws=30, until=2, engine="simpy"
    )
    same(answer.data(), printed)
    assert set(answer.ranking()["arm"]) == set(words[1:3])


def test_sweep_sensitivity_and_discover(tmp_path: Path) -> None:
    """Tables of a design, of its factors and of a region are the same."""
    few = ("--workers", 1, "-n", 2, "--out", tmp_path / "a")
    printed = escalade("sensitivity", SCREENED, *few)
    answer = sim.sensitivity(SCREENED, replications=2, out=tmp_path / "b")
    same(answer.data(), printed)
    swept = sim.sweep(SCREENED, replications=2, out=tmp_path / "b")
    same(swept.data(), escalade("sweep", SCREENED, *few))
    assert parts(tmp_path / "a") == parts(tmp_path / "b")
    words = ("--outcome", "n_strikes_true", "--above", 0.5)
    printed = escalade("discover", SWEPT, *words, "--workers", 1, "-n", 2,
                       "--out", tmp_path / "c")  # fmt: skip
    asked: dict[str, Any] = {"outcome": "n_strikes_true", "above": 0.5}
    same(sim.discover(SWEPT, replications=2, **asked).data(), printed)


def test_ablate(tmp_path: Path) -> None:
    """The ledger is the same."""
    words = ("-n", 30, "--until", 20, "--mechanism", "militia.claims", "--workers", 1)
    printed = escalade("ablate", VALLEY, *words, "--out", tmp_path / "a")
    answer = sim.ablate(
        VALLEY,
        replications=30,
        until=20,
        mechanism="militia.claims",
        out=tmp_path / "b",
    )
    same(answer.data(), printed)
    assert parts(tmp_path / "a") == parts(tmp_path / "b")


def test_explain_branch_and_report(tmp_path: Path) -> None:
    """What is asked of a run by its folder, and by what `sim.run` answered."""
    run = sim.run(VALLEY, replications=6, until=60, out=tmp_path / "run")
    same(
        sim.explain(run, replication=2).data(),
        escalade("explain", tmp_path / "run", "-k", 2),
    )
    same(
        sim.explain(tmp_path / "run", replication=2, without="1").data(),
        escalade("explain", tmp_path / "run", "-k", 2, "--without", 1),
    )
    cause = ("--without", "first=rocket_attack", "--outcomes", "n_raids_true")
    same(
        sim.explain(run, without=cause[1], outcomes=cause[3]).data(),
        escalade("explain", tmp_path / "run", *cause),
    )
    same(
        sim.explain(run, paths_to="raid").data(),
        escalade("explain", tmp_path / "run", "--paths-to", "raid"),
    )
    words = ("-k", 1, "--at", "2020-02-01", "-n", 3, "--workers", 1)
    printed = escalade("branch", tmp_path / "run", *words, "--out", tmp_path / "fan")
    answer = sim.branch(run, 1, at="2020-02-01", futures=3, out=tmp_path / "again")
    same(answer.data(), printed)
    assert parts(tmp_path / "fan") == parts(tmp_path / "again")
    assert sim.report(run) == tmp_path / "run" / "report.html"


def test_check_and_list() -> None:
    """What a file holds, and what ships, is the same."""
    same(sim.check(VALLEY).data(), escalade("check", VALLEY))
    same(sim.check(SWEPT).data(), escalade("check", SWEPT))
    printed = escalade("list")
    assert list(sim.list_scenarios().index) == [row["id"] for row in printed]


def test_forecast_and_score(tmp_path: Path) -> None:
    """A forecast is the same file, but for when it was made, and gets equal marks."""
    few = ("-n", 20, "--question", "n_rocket_attacks", "--workers", 1)
    printed = escalade(
        *("forecast", SHIPPED, "--from", "2020-03-01", "--days", 14),
        *few,
        *("--out", tmp_path / "a.json"),
    )
    answer = sim.forecast(
        SHIPPED,
        free_from="2020-03-01",
        days=14,
        replications=20,
        question="n_rocket_attacks",
        out=tmp_path / "b.json",
    )
    (mine,), (theirs,) = answer.data()["forecasts"], printed["forecasts"]
    assert mine["digest"] == theirs["digest"]
    marks = sim.score(tmp_path / "b.json", events=EVENTS)
    same(marks.data(), escalade("score", tmp_path / "a.json", "--events", EVENTS))


@pytest.mark.slow
def test_calibrate(tmp_path: Path) -> None:
    """The fit of the docstring's example, too long for other times, is the same."""
    file = str(ROOT / "docs" / "examples" / "small_fit.yaml")
    printed = escalade("calibrate", file, "--workers", 1, "--out", tmp_path / "a")
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    (example,) = doctest.DocTestFinder().find(sim.calibrate, "calibrate", globs={})
    for one in example.examples:
        one.options.pop(doctest.SKIP, None)
    runner = doctest.DocTestRunner(optionflags=flags)
    assert runner.run(example, clear_globs=False).failed == 0
    same(example.globs["fit"].data(), printed, "posterior")


@pytest.mark.parametrize(
    "answer",
    [
        lambda: sim.load(SHIPPED),
        lambda: sim.run(VALLEY, replications=3, until=20),
        lambda: sim.replay(VALLEY, 1, until=40),
        lambda: sim.compare(
            VALLEY, changes={"actors.foreign_power.tolerance": 0.3}, replications=30,
            until=20,
        ),
        lambda: sim.check(VALLEY),
        lambda: sim.check(SWEPT),
    ],
)  # fmt: skip
def test_what_is_public_shows_itself_briefly(answer: Callable[[], Any]) -> None:
    """In a line, and in a notebook on a screen or two, with no path of the machine."""
    shown = answer()
    assert len(repr(shown)) < 400
    assert "\n" not in repr(shown)
    html = shown._repr_html_()
    assert html.startswith("<")
    assert len(html) < 20_000
    assert str(ROOT) not in repr(shown) + html


def test_figures_can_be_changed() -> None:
    """Pictures are figures of Matplotlib, and nothing is written for them."""
    from matplotlib.figure import Figure

    figures = sim.run(VALLEY, replications=3, until=20).figures()
    assert {"ladder", "outcomes"} <= figures.keys()
    for figure in figures.values():
        assert isinstance(figure, Figure)
        figure.axes[0].set_title("mine")
        figure.canvas.draw_idle()
