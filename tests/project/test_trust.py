"""The page that says how far to trust it: short, and of the evidence as it stands."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest

if TYPE_CHECKING:
    from types import ModuleType

    from tests.conftest import Generator

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
    monkeypatch.setattr(trust, "_turned", lambda: "")
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


def test_what_goes_the_other_way_from_july_is_told(
    trust: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The planted fault: the sign of the later comparison is turned in its table."""
    for name in (trust.RIVALS, trust.JULY, trust.PARTS):
        (tmp_path / name).mkdir()
    authority = "authority_end_true"
    columns = {"theory": ["a", "b"], "outcome": [authority] * 2, "sign": [1, 1]}
    pd.DataFrame(columns).to_csv(tmp_path / trust.RIVALS / "policy.csv", index=False)
    parts = {"arm": ["no_strikes", "support_only"], "outcome": [authority] * 2}
    pd.DataFrame(parts | {"mean_difference": [0.03, -0.04]}).to_csv(
        tmp_path / trust.PARTS / "summary.csv", index=False
    )
    july = pd.DataFrame(
        {
            "arm": ["tread_lightly"],
            "outcome": [authority],
            "unit": ["share"],
            "mean_difference": [-0.02],
            "mean_difference_low": [-0.03],
            "mean_difference_high": [-0.01],
        }
    )
    monkeypatch.setattr(trust, "EXPERIMENTS", tmp_path)
    july.to_csv(tmp_path / trust.JULY / "summary.csv", index=False)
    said = trust._agreed()
    assert "goes the other way" in said
    assert "authority of the government at the end (−2.0 points; −3.0 to −1.0)" in said
    assert "no strikes give +3.0 points of authority and support takes 4.0" in said
    july.iloc[:, 3:] *= -1.0
    july.to_csv(tmp_path / trust.JULY / "summary.csv", index=False)
    assert "other way" not in trust._agreed()
