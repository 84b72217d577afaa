"""What many tests need: golden files, to compare with or to renew; generators."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib import import_module
from math import isclose
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import HealthCheck, settings

# The same examples each time, and no verdict on speed: a busy machine is no fault.
settings.register_profile(
    "escalade",
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("escalade")


RELATIVE = 1e-9
NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")

Golden = Callable[[Path, str], None]
Generator = Callable[[str], ModuleType]

GENERATORS = Path(__file__).resolve().parents[1] / "generators"


SLOW = frozenset(
    {
        "test_cluster",  # a scheduler and two workers of Dask
        "test_drivers",  # compiles the rules
        "test_history",  # the same
        "test_howto_kind",
        "test_invariants",
        "test_killed",  # processes that are killed
        "test_kinds_numba",
        "test_report",  # a run, a comparison and a sweep
        "test_rerun",
        "test_theatres",
        "test_tutorial",  # follows the tutorial's commands
        "test_workers",
    }
)
"""Modules whose tests take long together; they run with ``make verify``."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the slow modules."""
    for item in items:
        if item.path.stem in SLOW:
            item.add_marker(pytest.mark.slow)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--renew-golden``."""
    parser.addoption(
        "--renew-golden",
        action="store_true",
        help="write the golden files anew instead of comparing with them",
    )


def difference(found: str, golden: str) -> str:
    """Say where two texts differ, numbers by more than 1e-9 of themselves; or ''."""
    a, b = found.splitlines(), golden.splitlines()
    for number, (x, y) in enumerate(zip(a, b, strict=False), start=1):
        if x != y and not _same(x, y):
            return f"line {number}\n  found  {x[:300]}\n  golden {y[:300]}"
    return "" if len(a) == len(b) else f"{len(a)} lines, golden {len(b)}"


def _same(x: str, y: str) -> bool:
    if NUMBER.sub("#", x) != NUMBER.sub("#", y):
        return False
    pairs = zip(NUMBER.findall(x), NUMBER.findall(y), strict=True)
    return all(
        a == b
        or (("." in a or "e" in a) and isclose(float(a), float(b), rel_tol=RELATIVE))
        for a, b in pairs
    )


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """Return a function that compares a text with a golden file, or renews the file."""
    is_renewed = request.config.getoption("--renew-golden")

    def compare(file: Path, found: str) -> None:
        if is_renewed:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(found, "utf-8")
            return
        assert file.is_file(), f"{file.name} is missing: make golden"
        changed = difference(found, file.read_text("utf-8"))
        assert not changed, f"{file.name}: {changed}\nmake golden renews it"

    return compare


@pytest.fixture
def generator(monkeypatch: pytest.MonkeyPatch) -> Generator:
    """Return what imports a generator by its name, as those beside it do."""
    monkeypatch.syspath_prepend(str(GENERATORS))
    return import_module
