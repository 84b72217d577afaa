"""One way to write a table, a number with its error, a quantile, an end, a digest."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted(
    file
    for folder in ("sim", "generators", "experiments")
    for file in (ROOT / folder).rglob("*.py")
    if "_build" not in file.parts
)


@pytest.fixture(scope="module")
def trees() -> dict[str, ast.Module]:
    """Return each file of the project, parsed."""
    return {
        str(file.relative_to(ROOT)): ast.parse(file.read_text(encoding="utf-8"))
        for file in FILES
    }


def texts(tree: ast.AST) -> list[str]:
    """Return the string constants of a file, docstrings left out."""
    docstrings = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in docstrings
    ]


def builds_markdown(tree: ast.AST) -> bool:
    """Whether a file writes the rule under a Markdown table's heads."""
    return any(re.search(r"\|? ?-{2,}:?\s?\|", text) for text in texts(tree))


def calls(tree: ast.AST) -> set[str]:
    """Return the last names of what a file calls."""
    return {
        node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute | ast.Name)
    }


def interpolates_weights(tree: ast.AST) -> bool:
    """Whether a file reads values off cumulated weights: `interp` over `cumsum`."""
    return {"interp", "cumsum"} <= calls(tree)


def counts_digits_of_an_error(tree: ast.AST) -> bool:
    """Whether a function works out digits from an error: `log10` of an argument."""
    return any(
        "log10" in calls(node)
        and {"error", "half", "half_width"} & {one.arg for one in node.args.args}
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
    )


def ends_with_a_number(tree: ast.AST) -> bool:
    """Whether a file ends a command with a number in place of a name of `Exit`."""
    return any(
        isinstance(node, ast.Call)
        and calls(ast.Expression(node)) & {"Exit", "exit", "SystemExit"}
        and any(isinstance(one, ast.Constant) for one in node.args)
        for node in ast.walk(tree)
    )


def digests_json(tree: ast.AST) -> bool:
    """Whether a file takes the SHA-256 of JSON whose keys are put in order."""
    return any(
        isinstance(node, ast.Call)
        and calls(node.func) | calls(node) >= {"sha256", "dumps"}
        and "sort_keys"
        in {one.arg for one in ast.walk(node) if isinstance(one, ast.keyword)}
        for node in ast.walk(tree)
    )


WAYS = [
    (builds_markdown, "sim/digits.py", 'x = "|" + "---|" * 3'),
    (builds_markdown, "sim/digits.py", 'x = f"| --- | {y} |"'),
    (ends_with_a_number, None, "raise typer.Exit(3)"),
    (digests_json, "sim/digest.py", "sha256(dumps(x, sort_keys=True).encode())"),
    (
        interpolates_weights,
        "sim/statistics/weighted.py",
        "np.interp(0.5, np.cumsum(w) - 0.5 * w, x)",
    ),
    (
        counts_digits_of_an_error,
        "sim/digits.py",
        "def f(x, half):\n return -floor(log10(half))",
    ),
]


@pytest.mark.parametrize(("does", "home", "fault"), WAYS)
def test_there_is_one_way(
    trees: dict[str, ast.Module], does: object, home: str | None, fault: str
) -> None:
    """Only its home does it, and a second, planted, is seen."""
    assert callable(does)
    assert [file for file, tree in trees.items() if does(tree)] == (
        [home] if home else []
    )
    assert does(ast.parse(fault))


def test_a_number_has_the_same_digits_wherever_it_is_written() -> None:
    """36.48 with an error of 40 is 40: in the table of a run as in a comparison."""
    from sim.cli.replications import run
    from sim.cli.studies import sensitivity, sweep
    from sim.comparison import words
    from sim.digits import figure
    from sim.forecasts import score_table
    from sim.reports import answer

    assert figure(36.48, 40.0) == "40"
    for module in (run, sensitivity, sweep, words, score_table, answer):
        assert vars(module)["figure"] is figure
