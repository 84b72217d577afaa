"""Mutation testing by hand: break the code in one place, and see a test go red.

``.venv/bin/python tests/mutation.py`` draws places in the rooms below, with a fixed
seed; breaks each in a copy of the tree, one at a time; and runs the fast tests of that
room until the first one fails. A mutant that no test kills *survives*: either it is the
same mathematics in other words, or a test is missing. What came out stands in
``docs/contributing.md``.

Each result is a line of the results file, written when it is known. A run that was
broken off goes on where it stood; ``--again`` tries only those that survived, after
tests have been written. It needs ``os.fork``: Linux or macOS.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import copy
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ROOT: Final = Path(__file__).parents[1]

ROOMS: Final[dict[str, tuple[str, ...]]] = {
    "rules": (
        "tests/unit/rules",
        "tests/property/rules",
        "tests/conformance/test_kinds.py",
    ),
    "outcomes": ("tests/unit/outcomes",),
    "statistics": (
        "tests/unit/statistics",
        "tests/unit/comparison",
        "tests/unit/sweeps/test_sensitivity.py",
        "tests/unit/forecasts/test_yardstick.py",
    ),
}
"""Rooms that are broken, and the tests that must see it beside the room's doctests."""

FAST: Final = " and ".join(
    f"not {mark}" for mark in ("verify", "slow", "exhaustive", "benchmark", "numba")
)
"""The tests of ``make test`` but for those that wait for a compiler."""

NO_CODE: Final = {"parameters.py", "table.py", "registry.py"}
"""Files of `sim/rules` that are tables; the conformance tests hold them whole."""

SECONDS: Final = 180
"""After which a mutant counts as killed: it does not end."""

SWAPPED: Final[dict[type, tuple[type, ...]]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div,),
    ast.Div: (ast.Mult,),
    ast.And: (ast.Or,),
    ast.Or: (ast.And,),
}
"""What an operator becomes."""

CALLS: Final = {"min": "max", "max": "min", "minimum": "maximum", "maximum": "minimum"}
"""What a called function becomes."""


class Mutant(NamedTuple):
    """One place of one file, and what stands there instead."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int
    kind: str
    before: str
    after: str

    @property
    def name(self) -> str:
        """What identifies it while the file stays as it is."""
        return f"{self.file}:{self.line}:{self.column} {self.before} -> {self.after}"

    def planted_in(self, source: str) -> str:
        """Return the file's text with the mutant in its place.

        Columns count bytes of UTF-8, as `ast` counts them.
        """
        lines = source.encode().splitlines(keepends=True)
        head = b"".join(lines[: self.line - 1]) + lines[self.line - 1][: self.column]
        tail = lines[self.end_line - 1][self.end_column :]
        tail += b"".join(lines[self.end_line :])
        return (head + f"({self.after})".encode() + tail).decode()


def changed(node: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    """Yield what an expression may become, and the kind of that change."""
    if isinstance(node, ast.Compare):
        for place, operator in enumerate(node.ops):
            for other in SWAPPED.get(type(operator), ()):
                new = copy.deepcopy(node)
                new.ops[place] = other()
                yield "comparison", new
    elif isinstance(node, ast.BinOp):
        for other in SWAPPED.get(type(node.op), ()):
            yield "arithmetic", ast.BinOp(node.left, other(), node.right)
        if type(node.op) in {ast.Add, ast.Sub, ast.Mult, ast.Div}:
            yield "dropped term", node.left
        if type(node.op) in {ast.Add, ast.Mult}:
            yield "dropped term", node.right
    elif isinstance(node, ast.BoolOp):
        for other in SWAPPED[type(node.op)]:
            yield "condition", ast.BoolOp(other(), node.values)
        for place in range(len(node.values)):
            rest = [value for at, value in enumerate(node.values) if at != place]
            yield "condition", rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.USub):
        yield "condition" if isinstance(node.op, ast.Not) else "sign", node.operand
    elif isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        if node.value is True or node.value is False:
            return
        yield "constant", ast.Constant(node.value + 1)
        yield "constant", ast.Constant(node.value - 1)
    elif isinstance(node, ast.Call):
        yield from called(node)


def called(node: ast.Call) -> Iterator[tuple[str, ast.expr]]:
    """Yield the same call of another function, where there is an opposite one."""
    new = copy.deepcopy(node)
    if isinstance(new.func, ast.Name) and new.func.id in CALLS:
        new.func.id = CALLS[new.func.id]
        yield "call", new
    elif isinstance(new.func, ast.Attribute) and new.func.attr in CALLS:
        new.func.attr = CALLS[new.func.attr]
        yield "call", new


def expressions(node: ast.AST) -> Iterator[ast.expr]:
    """Yield expressions that are run: no annotation, text, or import for types."""
    if isinstance(node, ast.JoinedStr):
        return
    if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
        return
    if isinstance(node, ast.expr):
        yield node
    for field, value in ast.iter_fields(node):
        if field in {"annotation", "returns", "decorator_list", "keywords"}:
            if field != "keywords":
                continue
            value = [word for word in value if word.arg not in {"strict", "axis"}]  # noqa: PLW2901
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield from expressions(child)


def mutants_of(file: str, source: str) -> list[Mutant]:
    """Return every mutant of a file, in order of place."""
    return [
        Mutant(
            file,
            node.lineno,
            node.col_offset,
            node.end_lineno or node.lineno,
            node.end_col_offset or node.col_offset,
            kind,
            ast.unparse(node),
            ast.unparse(new),
        )
        for node in expressions(ast.parse(source))
        for kind, new in changed(node)
    ]


def drawn(tree: Path, room: str, sample: int, seed: int) -> list[Mutant]:
    """Return mutants of a room, drawn without replacement; all of them if few."""
    files = sorted(
        path
        for path in (tree / "sim" / room).rglob("*.py")
        if room != "rules" or path.name not in NO_CODE
    )
    every = [
        mutant
        for path in files
        for mutant in mutants_of(str(path.relative_to(tree)), path.read_text("utf-8"))
    ]
    chance = random.Random(f"{seed} {room}")
    return chance.sample(every, min(sample, len(every)))


def copied(folder: Path) -> Path:
    """Return a copy of what the tests need."""
    for name in ("sim", "tests", "scenarios", "seeds", "experiments", "docs"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    for name in ("pyproject.toml", "README.md", "CHANGELOG.md", "Makefile"):
        shutil.copy(ROOT / name, folder / name)
    return folder


def verdict(tree: Path, mutant: Mutant, tests: Iterable[str]) -> tuple[str, str]:
    """Return ``killed``, ``timeout`` or ``survived``, and the test that saw it."""
    file = tree / mutant.file
    source = file.read_text("utf-8")
    file.write_text(mutant.planted_in(source), "utf-8")
    try:
        return fast_tests(tree, (mutant.file, *tests))
    finally:
        file.write_text(source, "utf-8")


def fast_tests(tree: Path, tests: Iterable[str]) -> tuple[str, str]:
    """Run tests in a process of their own until the first fails.

    The process is a copy of this one, which has loaded the large libraries.
    """
    report = tree / "first_failure"
    report.write_text("")
    child = os.fork()
    if child == 0:
        code = 3
        try:
            os.setsid()
            code = run_pytest(tree, tests, report)
        finally:
            os._exit(code)
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            survived = os.waitstatus_to_exitcode(status) == 0
            return ("survived" if survived else "killed"), report.read_text()
        time.sleep(0.05)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return "timeout", ""


def run_pytest(tree: Path, tests: Iterable[str], report: Path) -> int:
    """Run pytest here, without output, and note the first test that fails."""
    import pytest

    class FirstFailure:
        def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
            if report.failed:
                file.write_text(report.nodeid)

        def pytest_collectreport(self, report: pytest.CollectReport) -> None:
            if report.failed:
                file.write_text(report.nodeid)

    file = report
    os.chdir(tree)
    sys.dont_write_bytecode = True
    sys.path[:] = [str(tree), *(p for p in sys.path if Path(p or ".") != ROOT)]
    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
        options = ["-x", "-q", "-n0", "-p", "no:randomly", "-p", "no:cacheprovider"]
        return int(
            pytest.main([*options, "-m", FAST, *tests], plugins=[FirstFailure()])
        )


def load_libraries() -> None:
    """Import what every process would, and nothing of ours."""
    for name in ("pandas", "pyarrow", "pydantic", "pytest", "SALib", "scoringrules",
                 "scipy.optimize", "scipy.stats", "simpy", "yaml"):  # fmt: skip
        with contextlib.suppress(ImportError):
            __import__(name)


def results_in(file: Path) -> dict[str, dict[str, str]]:
    """Return the results of a file by mutant; none where there is no file."""
    lines = file.read_text("utf-8").splitlines() if file.exists() else []
    return {row["name"]: row for row in map(json.loads, lines)}


def summary(rows: Iterable[dict[str, str]]) -> str:
    """Return a table of rooms, and each survivor on a line of its own."""
    rows = list(rows)
    lines = ["| Room | Mutants | Survive | Share |", "|---|--:|--:|--:|"]
    for room in ROOMS:
        verdicts = Counter(row["verdict"] for row in rows if row["room"] == room)
        n, left = sum(verdicts.values()), verdicts["survived"]
        if n:
            lines.append(f"| `{room}` | {n} | {left} | {100 * left / n:.0f} % |")
    kinds = Counter(row["kind"] for row in rows if row["verdict"] == "survived")
    lines += ["", "Kinds: " + ", ".join(f"{k} {n}" for k, n in kinds.most_common()), ""]
    lines += [row["name"] for row in rows if row["verdict"] == "survived"]
    return "\n".join(lines)


def main() -> None:
    """Draw mutants, try each, and print the share that survives."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "results", type=Path, help="a file of JSON lines, made or added to"
    )
    parser.add_argument("--rooms", nargs="+", choices=ROOMS, default=list(ROOMS))
    parser.add_argument("--sample", type=int, default=80, help="mutants of each room")
    parser.add_argument("--seed", type=int, default=1, help="of the sample")
    parser.add_argument("--minutes", type=float, default=60.0, help="stop after")
    parser.add_argument("--again", action="store_true", help="only those that survived")
    asked = parser.parse_args()
    results = results_in(asked.results)
    end = time.monotonic() + 60.0 * asked.minutes
    load_libraries()
    with tempfile.TemporaryDirectory() as folder:
        tree = copied(Path(folder))
        for room in asked.rooms:
            if fast_tests(tree, (f"sim/{room}", *ROOMS[room]))[0] != "survived":
                sys.exit(f"the tests of {room} fail before anything is broken")
            for mutant in drawn(tree, room, asked.sample, asked.seed):
                row = results.get(mutant.name)
                if (row is None) == asked.again or time.monotonic() > end:
                    continue
                if row is not None and row["verdict"] != "survived":
                    continue
                outcome, test = verdict(tree, mutant, ROOMS[room])
                results[mutant.name] = {
                    "name": mutant.name, "room": room, "kind": mutant.kind,
                    "verdict": outcome, "test": test,
                }  # fmt: skip
                with asked.results.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(results[mutant.name]) + "\n")
    print(summary(results.values()))


if __name__ == "__main__":
    main()
