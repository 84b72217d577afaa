"""The folder of a study: taken when it is new or its own, refused when another's."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from sim.ensemble import archive
from sim.ensemble.archive import read_manifest
from sim.errors import StudyError
from sim.files import plain_failure

if TYPE_CHECKING:
    from pathlib import Path


def prepare(folder: Path, digest: str) -> bool:
    """Make the folder, or accept it as this study's; return whether it was there."""
    manifest = read_manifest(folder) if folder.exists() else None
    if manifest is None and folder.exists():
        left = sorted(f.name for f in folder.iterdir() if not archive.is_ours(f.name))
        if left and left != ["cells"]:
            message = f"{folder} holds no study but {left[0]!r}; name another folder"
            raise StudyError(message)
    elif manifest is not None and manifest.get("study_digest") != digest:
        message = (
            f"{folder} holds another study or run; name another folder, or none: each "
            "study finds its own"
        )
        raise StudyError(message)
    with plain_failure(folder):
        folder.mkdir(parents=True, exist_ok=True)
    return manifest is not None


def part_checksums(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every part of every cell by its path in the folder."""
    return {
        file.relative_to(folder).as_posix(): sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.glob("cells/*/outcomes/part-*.parquet"))
    }
