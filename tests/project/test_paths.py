"""What pages and docstrings name is there: files by path, modules by dotted name."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("docs", "experiments", "generators", "scenarios", "seeds", "sim", "tests")
PAGES = sorted(
    file
    for file in (
        *ROOT.glob("*.md"),
        *(file for folder in FOLDERS for file in (ROOT / folder).rglob("*.md")),
    )
    # What a changelog tells of need not be there any more.
    if file.name != "CHANGELOG.md" and "_build" not in file.parts
)
SOURCES = sorted(
    file
    for folder in ("sim", "generators", "experiments", "tests")
    for file in (ROOT / folder).rglob("*.py")
    if file != Path(__file__)
)
PATH = re.compile(rf"(?<![\w/.-])(?:{'|'.join(FOLDERS)})/[\w./*-]+")
STANDS_FOR_MANY = re.compile(r"(?<![A-Za-z])(?!README)[A-Z]{2,}(?![A-Za-z])")
MODULE = re.compile(r"`+(sim(?:\.[a-z_]\w*)+)")
MEANT = frozenset({"docs/_build", "seeds/derive/base_rate.py", "sim/data"})
"""Made by a build, an example of a name, in a wheel only."""


def missing_paths(text: str) -> list[str]:
    """Return the paths of a text that lead nowhere; a word in capitals is any."""
    found: list[str] = []
    for match in PATH.findall(text):
        path = match.rstrip(".")
        if path.startswith(tuple(MEANT)):
            continue
        pattern = STANDS_FOR_MANY.sub("*", path)
        if not any(ROOT.glob(pattern.rstrip("/"))):
            found.append(path)
    return found


def is_there(dotted: str) -> bool:
    """Tell whether a dotted name leads to a module, or to something in one."""
    names = dotted.split(".")
    for n in range(len(names), 0, -1):
        try:
            thing = importlib.import_module(".".join(names[:n]))
        except ImportError:
            continue
        for name in names[n:]:
            if not hasattr(thing, name):
                return False
            thing = getattr(thing, name)
        return True
    return False


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_paths_named_in_a_page_exist(page: Path) -> None:
    """Each path of the checkout that a page names is a file or a folder of it."""
    assert missing_paths(page.read_text("utf-8")) == []


def test_modules_named_in_docstrings_exist() -> None:
    """Each dotted name that stands as code in a source or a page leads somewhere.

    Or it is listed as removed.
    """
    named = {
        (dotted, str(file.relative_to(ROOT)))
        for file in (*SOURCES, *PAGES)
        for dotted in MODULE.findall(file.read_text("utf-8"))
    }
    releases = (ROOT / "docs" / "releases.md").read_text("utf-8")
    removed = set(re.findall(r"^\| `(sim\.\w+)` \| .* \| \d", releases, re.MULTILINE))
    missing = {dotted for dotted, _ in named if not is_there(dotted)} - removed
    assert [each for each in sorted(named) if each[0] in missing] == []


def test_missing_path_and_missing_module_are_caught() -> None:
    """A path or a name that has moved is found."""
    text = (
        "see `sim/study/run.py`, [the house](docs/design.md#the-house) and sim/rules/."
    )
    assert missing_paths(text) == ["sim/study/run.py"]
    assert missing_paths("`tests/data/invalid/bad_RULE_NN.yaml`, sim/rules/KIND/") == []
    assert not is_there("sim.engine.no_such_room")
    assert is_there("sim.engine.run.run_replication")
