"""The folder of a calibration: its generations, each whole, and its manifest.

Each finished generation is written down as it ends, with the digest of the fit that it
belongs to, so a fit that was broken off goes on with the next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

import numpy as np

from sim.files import plain_failure, write_whole
from sim.statistics import abc

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from sim.statistics.abc import Generation


def write_generation(folder: Path, digest: str, generation: Generation) -> None:
    """Write a generation that is finished, whole or not at all."""

    def write(stream: Any) -> None:
        np.savez(stream, digest=np.array(digest), **generation._asdict())

    with plain_failure(folder):
        (folder / "generations").mkdir(exist_ok=True)
    write_whole(_file_of(folder, generation.number), write)


def read_generations(folder: Path, digest: str) -> list[Generation]:
    """Return the generations that are there, whole and of this fit, in order.

    The first that is another's, or damaged, counts as not there, and so do all later.
    """
    generations: list[Generation] = []
    while (file := _file_of(folder, len(generations))).is_file():
        try:
            with file.open("rb") as stream, np.load(stream) as stored:
                if str(stored["digest"]) != digest:
                    break
                fields = {name: stored[name] for name in abc.Generation._fields}
        except (BadZipFile, EOFError, KeyError, OSError, ValueError):
            break
        for name in ("number", "attempts"):
            fields[name] = int(fields[name])
        fields["tolerance"] = float(fields["tolerance"])
        generations.append(abc.Generation(**fields))
    return generations


def _file_of(folder: Path, number: int) -> Path:
    return folder / "generations" / f"generation-{number:02d}.npz"


def generations_csv(generations: Iterable[Generation]) -> str:
    """Return a table of the generations: how close, how many tries, how many count."""
    lines = ["generation,tolerance,attempts,acceptance,effective_size"]
    lines += [
        f"{g.number},{g.tolerance:.6g},{g.attempts},{g.acceptance:.4g},"
        f"{g.effective_size:.1f}"
        for g in generations
    ]
    return "\n".join(lines) + "\n"


def said(generation: Generation) -> str:
    """Return a sentence on a generation."""
    near = (
        "from the priors"
        if not np.isfinite(generation.tolerance)
        else f"within {generation.tolerance:.3g} spreads of the record"
    )
    return (
        f"generation {generation.number}: {len(generation.weights)} particles {near}, "
        f"{100 * generation.acceptance:.3g} % of {generation.attempts} attempts, "
        f"worth {generation.effective_size:.0f}"
    )
