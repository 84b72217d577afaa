"""Robustness by hand: damaged files, killed processes, corners of what is legal.

``.venv/bin/python tests/robustness.py`` damages 10,000 files, and opens each as the
command does; kills 60 runs, 50 local workers and 50 workers of a Dask cluster; and runs
100 scenarios whose parameters stand at legal limits, on both engines. It takes half an
hour and writes its tables into ``docs/validation.md``. ``files``, ``kills`` or
``corners`` does one part; with ``--number`` it is smaller, and only printed. A small
part stands in `make verify` (``tests/verification/test_robustness.py``).

It needs Linux: workers are found by ``/proc``.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

ROOT: Final = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from sim.digits import markdown_table
from sim.errors import Exit, RunError, SimError, StudyError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PAGE: Final = ROOT / "docs" / "validation.md"
VALID: Final = ROOT / "tests" / "data" / "valid"
SECONDS: Final = 20.0
"""In which a corner ends, or is refused."""

EXPERIMENT: Final = """\
schema: 1
id: small
question: Does the salvo matter, and the ability?
scenario: two_actors.yaml
root_seed: 3
replications: 2
until: 2020-01-20
outcomes: [n_rocket_attacks, n_raids]
changes:
  means.rocket.accuracy: 0.5
arms:
  calm: {label: Calm, cancels: []}
  firm: {changes: {actors.host.ability: 0.6}}
factors:
  salvo:
    path: means.rocket.salvo_median
    range: [1, 3]
    note: rounds
  obedience:
    path: actors.brigade.obedience
    levels: [20 %, 60 %]
design:
  kind: grid
  points: 2
"""
EVENTS: Final = """\
date_start,date_end,act,actor,list,killed_foreign,id,corrects
2020-07-06,2020-08-04,coverage,,,,,
2020-07-11,,rocket_attack,unknown_militia,core,0,a1,
2020-07-12,,rocket_attack,unknown_militia,core,1,a2,a1
2020-07-19,,rocket_attack,unknown_militia,other_rocket,,,
2020-07-24,2020-07-25,raid,iraq,,,,
2020-08-02,,air_strike,united_states,,,,
"""


# Damage


class Damage(NamedTuple):
    """A damaged text, and the key that was damaged, where it is one."""

    text: bytes
    key: str = ""


def damaged_text(text: str, chance: random.Random) -> Damage:
    """Return a text with one to three slips or blows."""
    lines = text.split("\n")
    for _ in range(chance.choice((1, 1, 2, 3))):
        at = chance.randrange(len(lines))
        line = lines[at]
        place = chance.randrange(len(line) + 1)
        match chance.randrange(12):
            case 0:
                del lines[at : at + chance.choice((1, 1, 5))]
                lines = lines or [""]
            case 1:
                lines.insert(at, line)
            case 2:
                other = chance.randrange(len(lines))
                lines[at], lines[other] = lines[other], line
            case 3:
                lines[at] = line[:place] + line[place + 1 :]
            case 4:
                odd = chance.choice("\t\0:{}[]'\"#&*!|>%@`,- \u202e\u00a0é0\x1b")
                lines[at] = line[:place] + odd + line[place:]
            case 5:
                lines[at] = " " * chance.randrange(6) + line.lstrip()
            case 6 | 7:
                value = chance.choice(
                    ("-1", "1e999", ".nan", "0", "x", "", "[]", "{}", "null", "true",
                     "9" * 30, "2020-02-31", "9999-12-31", "1/week", "é" * 300)
                )  # fmt: skip
                lines[at] = re.sub(
                    r"[^\s:,\[\]{}]+(?=[,\]}]*\s*$)",
                    lambda _, v=value: v,
                    line,
                    count=1,
                )
            case 8:
                lines[at] = re.sub(
                    r"\w+", lambda word: _misspelt(word[0], chance), line, count=1
                )
            case 9:
                lines = lines[: at + 1]
            case 10:
                lines[at] = line + line
            case _:
                number = chance.choice(("-5", "1e12", "0.5", "7", "1e-300"))
                lines[at] = re.sub(
                    r"\b\d+(\.\d+)?\b", lambda _, n=number: n, line, count=1
                )
    data = "\n".join(lines).encode("utf-8", "surrogatepass")
    if chance.random() < 0.03:
        place = chance.randrange(len(data) + 1)
        data = data[:place] + bytes([chance.randrange(128, 256)]) + data[place:]
    return Damage(data)


def _misspelt(word: str, chance: random.Random) -> str:
    letters = list(word)
    at = chance.randrange(len(letters))
    letters[at : at + 1] = [chance.choice("abcxyz")] * chance.choice((0, 1, 2))
    return "".join(letters)


def damaged_json(text: str, chance: random.Random) -> Damage:
    """Return a JSON text with one value missing or wrong, or damaged as a text."""
    if chance.random() < 0.25:
        return damaged_text(text, chance)
    data = json.loads(text)
    places = [*_places(data)]
    inside, key = chance.choice(places)
    if chance.random() < 0.3:
        del inside[key]
    else:
        inside[key] = chance.choice(
            (None, 3, -1.5, "x", "", [], {}, [3], True, float("nan"), 10**40, "é" * 300)
        )
    return Damage(json.dumps(data).encode(), str(key))


def _places(data: Any) -> Iterator[tuple[Any, Any]]:
    keys = list(data) if isinstance(data, dict) else range(len(data))
    for key in keys:
        yield data, key
        if isinstance(data[key], dict | list):
            yield from _places(data[key])


# Files


class Kind(NamedTuple):
    """A kind of file: how one is opened, what is damaged in it, and where."""

    name: str
    share: float
    file: Path
    damage: Callable[[str, random.Random], Damage]
    open: Callable[[], object]


@dataclass
class Tally:
    """What became of the files of one kind."""

    n: int = 0
    n_legal: int = 0
    n_refused: int = 0
    n_named: int = 0
    n_placed: int = 0
    """Of the refused, those in which there is a line or a field to be named."""
    wrong: list[str] = field(default_factory=list[str])
    longest: float = 0.0


WHOLE_FILE: Final = re.compile(
    r"is empty|not UTF-8|is not UTF-8|no such file|is no JSON|other data than its"
    r"|was changed|holds no run|is no study|broken off|complete it first"
)
"""Refusals of a file as a whole: no line or field of it is to blame."""

NAMED: Final = re.compile(
    r"\bline \d+|\boffset \d+|  value +\S|\bcolumn \S|: ?[\w./-]+: "
)


def command(*words: str | Path) -> None:
    """Run the command in this process; raise what it ends with."""
    from typer.testing import CliRunner

    from sim.cli.app import app

    done = CliRunner().invoke(app, [str(word) for word in words])
    if done.exit_code == Exit.OURS or "Traceback" in done.output:
        raise AssertionError(done.output)
    if done.exit_code == Exit.BAD_INPUT:
        raise StudyError(done.output)
    if done.exit_code:
        raise RunError(done.output)


def kinds_of_file(room: Path) -> list[Kind]:
    """Lay out one whole file of each kind; return how each is damaged and opened."""
    from sim.ensemble.ensemble import run_ensemble
    from sim.experiment.posterior import KEY, read_posterior
    from sim.forecasts.file import read_forecast
    from sim.reports.report import page_of
    from sim.scenario.event_table import read_event_table
    from sim.scenario.load import load

    kinds: list[Kind] = []
    for share, name in (
        (0.1, "two_actors"), (0.05, "short_forms"), (0.1, "shared_numbers"),
        (0.05, "calm_sibling"),
    ):  # fmt: skip
        file = room / f"{name}.yaml"
        shutil.copy(VALID / f"{name}.yaml", room)
        check = _checker(file)
        kinds.append(Kind("scenario", share, file, damaged_text, check))
    for share, name in ((0.2, "small"), (0.05, "small2")):
        folder = room / name
        folder.mkdir()
        shutil.copy(VALID / "two_actors.yaml", folder)
        text = EXPERIMENT.replace("small", name)
        if name == "small2":
            text = text[: text.index("factors:")].replace("s: 2\n", "s: 40\n")
        file = folder / f"{name}.yaml"
        file.write_text(text, "utf-8")
        kinds.append(Kind("experiment", share, file, damaged_text, _checker(file)))
    events = room / "events.csv"
    events.write_text(EVENTS, "utf-8")
    kinds.append(
        Kind(
            "event table", 0.15, events, damaged_text, lambda: read_event_table(events)
        )
    )
    forecast = room / "forecast.json"
    shipped = sorted((ROOT / "experiments").glob("f02*/**/*.json"))[0]
    shutil.copy(shipped, forecast)
    kinds.append(
        Kind("forecast", 0.1, forecast, damaged_json, lambda: read_forecast(forecast))
    )
    kinds.append(_posterior(room, KEY, read_posterior))
    fitted = room / "fitted"
    fitted.mkdir()
    for file in (ROOT / "scenarios").glob("iraq_calibrated*"):
        shutil.copy(file, fitted)
    manifest = next(fitted.glob("*.json"))
    kinds.append(
        Kind("calibration manifest", 0.02, manifest, damaged_json,
             _checker(next(fitted.glob("*.yaml"))))
    )  # fmt: skip
    run = room / "run"
    run_ensemble(load(VALID / "two_actors.yaml"), replications=4, until=9.0, out=run)
    study, pair = room / "study", room / "pair"
    words = ("--workers", "1", "--engine", "simpy", "--out")
    command("sweep", room / "small" / "small.yaml", *words, study)
    command("compare", room / "small2" / "small2.yaml", *words, pair)
    for folder in (run, study, pair):
        named = [folder / name for name in ("manifest.json", "comparison.json")]
        for file in filter(Path.is_file, named):
            kinds.append(
                Kind("manifest" if file.name == "manifest.json" else "study folder",
                     0.03, file, damaged_json,
                     lambda folder=folder: page_of(folder, ""))
            )  # fmt: skip
        table = folder / "table.csv"
        if table.is_file():
            kinds.append(
                Kind("study folder", 0.03, table, damaged_text,
                     lambda folder=folder: page_of(folder, ""))
            )  # fmt: skip
    return kinds


def _checker(file: Path) -> Callable[[], object]:
    return lambda: command("check", file)


def _posterior(room: Path, key: bytes, read: Callable[[Path], object]) -> Kind:
    """Return posteriors whose metadata, bytes or columns are damaged."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    file = room / "posterior.parquet"
    whole = ROOT / "experiments" / "c01_iraq_2019_2020" / "posterior.parquet"
    table = pq.read_table(whole)
    metadata = table.schema.metadata[key].decode()

    def damage(_: str, chance: random.Random) -> Damage:
        damaged, about = table, Damage(metadata.encode())
        how = chance.random()
        if how < 0.8:
            about = damaged_json(metadata, chance)
        else:
            column = chance.choice(table.column_names)
            at, about = table.column_names.index(column), Damage(b"", column)
            other = chance.choice(("x", float("nan"), None, -1e300))
            values = pa.array([other] * len(table))
            damaged = (
                table.drop_columns([column])
                if how < 0.9
                else table.set_column(at, column, values)
            )
        text = about.text or metadata.encode()
        buffer = pa.BufferOutputStream()
        pq.write_table(damaged.replace_schema_metadata({key: text}), buffer)
        data = buffer.getvalue().to_pybytes()
        if how >= 0.97:
            place = chance.randrange(len(data))
            data = data[:place] + bytes([data[place] ^ 255]) + data[place + 1 :]
            return Damage(data)
        return Damage(data, about.key)

    shutil.copy(whole, file)
    return Kind("posterior", 0.08, file, damage, lambda: read(file))


def damage_files(number: int, seed: int = 1) -> dict[str, Tally]:
    """Damage so many files, open each, and count what came of it."""
    tallies: dict[str, Tally] = {}
    with tempfile.TemporaryDirectory() as name:
        kinds = kinds_of_file(Path(name))
        total = sum(kind.share for kind in kinds)
        for place, kind in enumerate(kinds):
            tally = tallies.setdefault(kind.name, Tally())
            whole = kind.file.read_bytes()
            is_text = kind.damage is not None and kind.name != "posterior"
            text = whole.decode() if is_text else ""
            kind.open()  # as it stands it is legal
            left, n = max(1, round(number * kind.share / total)), -1
            while left:
                n += 1
                damage = kind.damage(text, random.Random(f"{seed} {place} {n}"))
                if damage.text == whole:
                    continue
                left -= 1
                kind.file.write_bytes(damage.text)
                _judge(kind, damage, tally, f"{kind.name} {seed} {place} {n}")
            kind.file.write_bytes(whole)
    return tallies


def _judge(kind: Kind, damage: Damage, tally: Tally, name: str) -> None:
    tally.n += 1
    began = time.process_time()
    try:
        kind.open()
    except SimError as error:
        text = f"{error}"
        tally.n_refused += 1
        if error.exit_code != Exit.BAD_INPUT:
            tally.wrong.append(f"{name}: exit {error.exit_code}: {text[:300]}")
        is_whole = bool(WHOLE_FILE.search(text))
        is_named = bool(NAMED.search(text)) or (
            len(damage.key) > 2 and damage.key in text
        )
        tally.n_placed += is_named or not is_whole
        tally.n_named += is_named
        if not is_named and not is_whole and os.environ.get("SHOW_UNNAMED"):
            print(f"{name}: {text[:300]}")
    except Exception as error:  # what is sought
        tally.wrong.append(f"{name}: {type(error).__name__}: {error}"[:400])
    else:
        tally.n_legal += 1
    tally.longest = max(tally.longest, time.process_time() - began)


# Corners


class Corner(NamedTuple):
    """What became of a scenario at a corner on one engine."""

    ending: str
    """``ends``, ``refused`` before it ran, or ``stops``."""
    seconds: float


def try_corners(number: int) -> list[Corner]:
    """Run one replication at each corner on each engine, or have it refused."""
    from sim.analytic.branching import refuse_runaway
    from sim.engine.cast import Cast
    from sim.engine.compiled.driver import CompiledDriver
    from sim.engine.driver import SimpyDriver
    from sim.scenario.load import load, shipped_scenarios
    from tests.conformance.corners import corner_of

    scenarios = [load(name) for name in shipped_scenarios()]
    warm = CompiledDriver(Cast(scenarios[0]))
    warm.rows(1, 0, 1.0)
    corners: list[Corner] = []
    for n in range(number):
        scenario = corner_of(scenarios[n % len(scenarios)], 1000 + n)
        logs: list[bytes | str] = []
        began = time.process_time()
        try:
            refuse_runaway(scenario)
        except StudyError:
            corners.append(Corner("refused", time.process_time() - began))
            continue
        for driver in (SimpyDriver, CompiledDriver):
            began = time.process_time()
            try:
                rows = driver(Cast(scenario)).rows(1, 0, scenario.horizon)
                logs.append(rows.tobytes())
                ending = "ends"
            except RunError as error:
                logs.append(str(error))
                ending = "stops"
            corners.append(Corner(ending, time.process_time() - began))
        assert logs[0] == logs[1], f"corner {n} of {scenario.name}"
    return corners


# Kills


class Kills(NamedTuple):
    """How many were killed, and how many studies ended with other bytes or not."""

    n: int
    n_other: int


def _start(folder: Path, workers: str, *more: str) -> subprocess.Popen[str]:
    words = ("run", VALID / "two_actors.yaml", "-n", "1500", "--outcomes-only",
             "--engine", "simpy", "--until", "30", "--out", folder)  # fmt: skip
    who = ("--cluster" if "://" in workers else "--workers", workers)
    return subprocess.Popen(
        [sys.executable, "-m", "sim", *map(str, words), *who, *more],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )


def _parts(folder: Path) -> dict[str, bytes]:
    files = sorted(folder.rglob("part-*"))
    return {str(file.relative_to(folder)): file.read_bytes() for file in files}


def _workers_of(process: subprocess.Popen[str]) -> list[int]:
    """Return the processes that work for one, without its resource tracker."""
    found: list[int] = []
    with suppress(OSError):
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        for child in map(int, children.read_text("utf-8").split()):
            line = Path(f"/proc/{child}/cmdline").read_bytes()
            if b"spawn_main" in line:
                found.append(child)
    return found


def _drain(process: subprocess.Popen[str]) -> None:
    """Read what a program logs; it waits for ever when its pipe is full."""
    assert process.stderr is not None
    threading.Thread(target=process.stderr.read, daemon=True).start()


class Dask:
    """A scheduler on loopback, and two workers, each replaced when it is killed."""

    def __init__(self, stack: ExitStack) -> None:
        from tests.unit.ensemble import test_cluster

        self.stack, self.make = stack, test_cluster
        line, scheduler = test_cluster.start(
            stack, "Scheduler at:", "dask_scheduler", *test_cluster.LOOPBACK, "--port=0"
        )
        _drain(scheduler)
        self.address = line.split()[-1]
        self.workers = [self._new(), self._new()]

    def _new(self) -> subprocess.Popen[str]:
        words = (*self.make.LOOPBACK, "--no-nanny", "--nthreads=1")
        worker = self.make.start(
            self.stack, "Registered to:", "dask_worker", self.address, *words
        )[1]
        _drain(worker)
        return worker

    def kill_one(self, chance: random.Random) -> None:
        """Kill a worker, and start another in its place."""
        at = chance.randrange(2)
        self.workers[at].kill()
        self.workers[at].wait()
        self.workers[at] = self._new()


def kill_runs(number: int) -> Kills:
    """Kill runs at random moments and begin them again until they end."""
    return _killed(number, lambda process, _: process.kill(), "2")


def kill_workers(number: int) -> Kills:
    """Kill workers of this machine at random moments."""

    def kill(process: subprocess.Popen[str], chance: random.Random) -> None:
        workers = _workers_of(process)
        if not workers:
            raise ProcessLookupError
        os.kill(chance.choice(workers), signal.SIGKILL)

    return _killed(number, kill, "2")


def kill_dask_workers(number: int) -> Kills:
    """Kill workers of a Dask cluster at random moments."""
    with ExitStack() as stack:
        dask = Dask(stack)
        return _killed(number, lambda _, chance: dask.kill_one(chance), dask.address)


def _killed(
    number: int,
    kill: Callable[[subprocess.Popen[str], random.Random], None],
    workers: str,
) -> Kills:
    chance, n_killed, n_other = random.Random(number), 0, 0
    with tempfile.TemporaryDirectory() as name:
        room = Path(name)
        began = time.monotonic()
        _, error = _start(room / "whole", workers).communicate()
        lasts = time.monotonic() - began
        expected = _parts(room / "whole")
        assert expected, error
        while n_killed < number:
            folder = room / "killed"
            shutil.rmtree(folder, ignore_errors=True)
            for _ in range(100):
                process = _start(folder, workers)
                try:
                    process.wait(chance.uniform(0.2, 1.0) * lasts)
                except subprocess.TimeoutExpired:
                    if n_killed < number:
                        with suppress(ProcessLookupError):
                            kill(process, chance)
                            n_killed += 1
                _, error = process.communicate(timeout=300)
                assert "Traceback" not in error, error
                if process.returncode == 0:
                    break
            n_other += _parts(folder) != expected
    return Kills(n_killed, n_other)


# The tables


def files_table(tallies: dict[str, Tally]) -> str:
    """Write what became of damaged files as a table of Markdown."""
    heads = (
        "Damaged", "files", "still legal", "refused, exit 2", "line or field named",
        "traceback, other exit", "longest, s",
    )  # fmt: skip
    rows: list[tuple[str, ...]] = []
    for name, one in [*tallies.items(), ("all", _total(tallies))]:
        share = 100.0 * one.n_named / max(1, one.n_placed)
        counts = (one.n, one.n_legal, one.n_refused)
        named = f"{share:.1f} % of {one.n_placed:,}"
        last = str(len(one.wrong)), f"{one.longest:.1f}"
        rows.append((name, *(f"{count:,}" for count in counts), named, *last))
    return markdown_table(heads, rows, numbers=range(1, 7)).rstrip("\n")


def _total(tallies: dict[str, Tally]) -> Tally:
    total = Tally()
    for one in tallies.values():
        for name in ("n", "n_legal", "n_refused", "n_named", "n_placed"):
            setattr(total, name, getattr(total, name) + getattr(one, name))
        total.wrong += one.wrong
        total.longest = max(total.longest, one.longest)
    return total


def kills_table(kills: dict[str, Kills]) -> str:
    """Write what became of killed studies as a table of Markdown."""
    heads = "Killed", "times", "studies that ended with other bytes"
    rows = [(name, str(one.n), str(one.n_other)) for name, one in kills.items()]
    return markdown_table(heads, rows, numbers=(1, 2)).rstrip("\n")


def corners_table(corners: list[Corner]) -> str:
    """Write what became of legal corners as a table of Markdown."""
    heads = "Corners, by engine", "number", "longest, s"
    rows: list[tuple[str, ...]] = []
    for ending in dict.fromkeys(corner.ending for corner in corners):
        times = [corner.seconds for corner in corners if corner.ending == ending]
        rows.append((ending, str(len(times)), f"{max(times):.1f}"))
    return markdown_table(heads, rows, numbers=(1, 2)).rstrip("\n")


KILLS: Final = {
    "runs": (kill_runs, 60),
    "local workers": (kill_workers, 50),
    "Dask workers": (kill_dask_workers, 50),
}


def files(number: int | None) -> str:
    """Damage files; print what was not refused as it should be."""
    tallies = damage_files(number or 10_000)
    for one in tallies.values():
        print(*one.wrong[:20], sep="\n")
    return files_table(tallies)


def kills(number: int | None) -> str:
    """Kill runs and workers."""
    done: dict[str, Kills] = {}
    for name, (kill, most) in KILLS.items():
        done[name] = kill(number or most)
        print(name, *done[name], flush=True)
    return kills_table(done)


def corners(number: int | None) -> str:
    """Run legal corners."""
    return corners_table(try_corners(number or 100))


PARTS: Final = {"files": files, "corners": corners, "kills": kills}


def main() -> None:
    """Do all parts, or one; write each whole table into the page."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("part", nargs="?", choices=[*PARTS])
    parser.add_argument("--number", type=int, help="How many; then only print.")
    asked = parser.parse_args()
    os.chdir(tempfile.gettempdir())  # what a verb writes by default is not for here
    for name in [asked.part] if asked.part else [*PARTS]:
        text = PARTS[name](asked.number)
        print(text)
        if asked.number is None:
            begin, end = (f"<!-- {name}: {word} -->" for word in ("begin", "end"))
            before, rest = PAGE.read_text("utf-8").split(begin)
            after = rest.split(end)[1]
            page = f"{before}{begin}\n\n{text}\n\n{end}{after}"
            PAGE.write_text(page, "utf-8")


if __name__ == "__main__":
    main()
