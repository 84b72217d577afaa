"""The page that says how far to trust it: short, and of the evidence as it stands."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest

if TYPE_CHECKING:
    from types import ModuleType

    from tests.project.conftest import Generator

ROOT = Path(__file__).resolve().parents[2]
SCREEN = 50
"""Lines of a screen."""


@pytest.fixture
def trust(generator: Generator) -> ModuleType:
    """Return ``generators/trust_page.py`` as a module."""
    return generator("trust_page")


def test_page_is_of_the_committed_results(trust: ModuleType) -> None:
    """Renewed by ``python generators/pages.py``; every number is of a table."""
    assert trust.PAGE.read_text("utf-8") == trust.trust_page()


def test_page_is_under_two_screens(trust: ModuleType) -> None:
    """It is read, or it is no use."""
    lines = trust.trust_page().splitlines()
    assert sum(1 + len(line) // 100 for line in lines) < 2 * SCREEN


def test_a_sign_that_turns_is_told(
    trust: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The planted fault: one theory's sign of attacks is turned in the table."""
    folder = tmp_path / trust.RIVALS
    folder.mkdir()
    table = pd.DataFrame(
        {
            "theory": ["a", "b", "a", "b", "stacked"],
            "outcome": ["n_rocket_attacks_true"] * 2 + ["n_raids_true"] * 3,
            "sign": [-1, -1, 1, 1, None],
        }
    )
    monkeypatch.setattr(trust, "EXPERIMENTS", tmp_path)
    table.to_csv(folder / "policy.csv", index=False)
    assert "rocket attacks lower and raids higher under each of 2" in trust._agreed()
    assert "none does" in trust._differing()
    table.loc[0, "sign"] = 1
    table.to_csv(folder / "policy.csv", index=False)
    assert "is so for rocket attacks." in trust._differing()
    assert "raids higher under each of 2" in trust._agreed()
    table.loc[0, "sign"] = 0
    table.to_csv(folder / "policy.csv", index=False)
    assert "tells no side of rocket attacks" in trust._differing()
