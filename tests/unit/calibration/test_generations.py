"""The generations of a fit: they come back as they were, and a damaged one does not."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from sim.calibration.generations import read_generations, write_generation
from sim.statistics.abc import Generation


def cut(file: Path) -> None:
    """Leave the first half of a file."""
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])


def empty(file: Path) -> None:
    """Leave nothing of a file."""
    file.write_bytes(b"")


def overwritten(file: Path) -> None:
    """Write over the data of a file, which keeps its length and its directory."""
    whole = file.read_bytes()
    file.write_bytes(bytes([255]) * 2000 + whole[2000:])


def another(file: Path) -> None:
    """Put a file of arrays of another kind in a file's place."""
    np.savez(file, digest=np.array("fit"), weights=np.ones(2))


@pytest.mark.parametrize("damage", [cut, empty, overwritten, another])
def test_a_damaged_generation_counts_as_not_there(
    tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    """Those before it are read; it, and what was made from it, is made anew."""
    column = np.linspace(0.0, 1.0, 100)
    for number in range(3):
        one = Generation(
            number=number,
            scores=np.column_stack((column, column)),
            weights=np.full(100, 0.01),
            summaries=np.column_stack((column, column)),
            distances=column + number,
            tolerance=np.inf,
            attempts=200,
            spread=np.ones(2),
        )
        write_generation(tmp_path, "fit", one)
    assert [g.number for g in read_generations(tmp_path, "fit")] == [0, 1, 2]
    assert read_generations(tmp_path, "fit")[2].distances.tolist() == [*(column + 2)]
    assert read_generations(tmp_path, "another") == []
    damage(tmp_path / "generations" / "generation-01.npz")
    assert [g.number for g in read_generations(tmp_path, "fit")] == [0]
