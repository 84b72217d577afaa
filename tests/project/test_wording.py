"""Names say what they hold, and nothing is packed to fit a line."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DIALECT = {"found", "told", "made", "kept", "what"}
"""Nouns that stood for anything: each has a name that says what it is."""
ROOMS = ("sim", "generators", "experiments", "seeds")


def named(tree: ast.AST) -> set[str]:
    """Return the names of variables, arguments, attributes, functions and classes.

    A column of a format (``made`` of a forecast's file) is a field of its class, and no
    variable.
    """
    fields = {
        id(entry.target)
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        for entry in node.body
        if isinstance(entry, ast.AnnAssign)
    }
    names: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) if id(node) not in fields:
                names.add(name)
            case ast.Attribute(attr=name, ctx=ast.Store()) | ast.arg(arg=name):
                names.add(name)
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                names.add(name.strip("_").lower())
            case _:
                pass
    return names


def is_packed(node: ast.AST) -> bool:
    """Whether a call unpacks a tuple that it has just packed."""
    return isinstance(node, ast.Call) and any(
        isinstance(one, ast.Starred) and isinstance(one.value, ast.Tuple | ast.List)
        for one in node.args
    )


def is_cut_by_truth(node: ast.AST) -> bool:
    """Whether a text is cut by a comparison, as in ``"s"[: n != 1]``."""
    return (
        isinstance(node, ast.Subscript)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.slice, ast.Slice)
        and isinstance(node.slice.upper, ast.Compare)
    )


def is_tuple_of_vars(node: ast.AST) -> bool:
    """Whether an object's values are taken by ``tuple(vars(x).values())``."""
    return isinstance(node, ast.Call) and ast.unparse(node).startswith("tuple(vars(")


WRONG = {
    "packed": (is_packed, "f(*(a, b), *(c, d))"),
    "cut by truth": (is_cut_by_truth, "'s'[: n != 1]"),
    "tuple of vars": (is_tuple_of_vars, "tuple(vars(x).values())"),
}


def trees(*folders: str) -> dict[str, ast.Module]:
    """Return each file of some folders, parsed."""
    return {
        str(file.relative_to(ROOT)): ast.parse(file.read_text("utf-8"))
        for folder in folders
        for file in sorted((ROOT / folder).rglob("*.py"))
        if "_build" not in file.parts
    }


def test_names_say_what_they_hold() -> None:
    """No variable, argument, attribute or function is called by a word for anything."""
    wrong = {
        file: words
        for file, tree in trees(*ROOMS).items()
        if (words := named(tree) & DIALECT)
    }
    assert not wrong
    planted = "def f(told):\n found: int = 1\n x.made = [kept for kept in y]"
    assert named(ast.parse(planted)) & DIALECT == {"told", "found", "made", "kept"}


@pytest.mark.parametrize("kind", WRONG)
def test_lines_are_plain(kind: str) -> None:
    """Arguments are not packed, and texts not cut, to fit a line."""
    is_wrong, fault = WRONG[kind]
    assert any(map(is_wrong, ast.walk(ast.parse(fault))))
    places = [
        f"{file}:{getattr(node, 'lineno', 0)}"
        for file, tree in trees(*ROOMS).items()
        for node in ast.walk(tree)
        if is_wrong(node)
    ]
    assert not places
