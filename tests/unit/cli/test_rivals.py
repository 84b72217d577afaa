"""``escalade rivals``: what it refuses, with the exit code and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typer.testing import CliRunner

from sim.cli.app import app

if TYPE_CHECKING:
    from pathlib import Path


def test_an_experiment_without_theories_is_refused() -> None:
    """The message says which section the verb needs."""
    result = CliRunner().invoke(app, ["rivals", "f01_monthly_origins"])
    assert result.exit_code == 2
    assert "has no section 'rivals'" in result.output


def test_a_fault_is_told_with_its_line(tmp_path: Path) -> None:
    """As of any experiment's file."""
    file = tmp_path / "faulty.yaml"
    file.write_text("schema: 1\nid: faulty\nrivals: {windows: [0]}\n", "utf-8")
    result = CliRunner().invoke(app, ["rivals", str(file)])
    assert result.exit_code == 2
    assert "line 3" in result.output
