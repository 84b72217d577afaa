"""Damaged files are refused in words: a small part of ``tests/robustness.py``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sim.errors import StudyError
from tests import robustness

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow


def test_damaged_files_are_refused_with_line_or_field(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No traceback and no other exit than 2; in 95 % line or field is named."""
    monkeypatch.chdir(tmp_path)
    tallies = robustness.damage_files(150, seed=7)
    assert [text for one in tallies.values() for text in one.wrong] == []
    assert sum(one.n_refused for one in tallies.values()) > 90
    named = sum(one.n_named for one in tallies.values())
    assert named >= 0.95 * sum(one.n_placed for one in tallies.values())


def test_an_error_of_ours_is_seen() -> None:
    """A bare error is counted as wrong; a refusal without a place as unnamed."""

    def refuse() -> None:
        message = "file: no name for it"
        raise StudyError(message)

    def fail() -> None:
        raise KeyError("label")

    undamaged = robustness.damaged_text
    damage, tally = robustness.Damage(b"", "label"), robustness.Tally()
    for number, opened in enumerate((refuse, fail)):
        kind = robustness.Kind("x", 1.0, robustness.VALID, undamaged, opened)
        robustness._judge(kind, damage, tally, str(number))
    assert (tally.n, tally.n_refused, tally.n_named) == (2, 1, 0)
    assert tally.wrong == ["1: KeyError: 'label'"]
