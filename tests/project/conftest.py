"""What tests of the generators need: one of them as a module."""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

GENERATORS = Path(__file__).resolve().parents[2] / "generators"

Generator = Callable[[str], ModuleType]


@pytest.fixture
def generator(monkeypatch: pytest.MonkeyPatch) -> Generator:
    """Return what imports a generator by its name, as those beside it do."""
    monkeypatch.syspath_prepend(str(GENERATORS))
    return import_module
