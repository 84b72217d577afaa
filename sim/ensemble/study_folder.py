"""The folder of a study: taken or refused, held by one writer, sealed when complete.

Whatever is run, in a folder of its own, goes the same way. The folder is taken when it
is new or this study's, and refused when it is another's. One process at a time holds
it. Its manifest says ``running`` before anything else is written, and at the end
``complete``, or ``broken off``. What is whole in it is kept, so a study that was broken
off goes on where it was.
"""

from __future__ import annotations

import json
import time
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from pydantic import Field

from sim import lock
from sim.ensemble.provenance import MANIFEST_SCHEMA, now
from sim.errors import RunError, StudyError
from sim.files import TEMPORARY, make_folder, plain_failure, write_text
from sim.reading.json_text import Form, json_object

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Generator, Mapping, Sequence

MANIFEST: Final = "manifest.json"
COMPARISON: Final = "comparison.json"
"""What a comparison without draws says, beside the folders of its arms."""
PAGES: Final = ("brief.html", "brief.pdf", "brief.csv", "report.html")
"""What is written of a folder later, and holds no more when it is run again."""


@dataclass(frozen=True, slots=True)
class StudyFolder:
    """The folder of one run, or of one study of several. It pickles."""

    path: Path
    digest: str
    """Names the study; its manifest repeats it as ``run_digest``."""

    def take(
        self, asked: Callable[[], Mapping[str, Any]] | None = None
    ) -> dict[str, Any] | None:
        """Make the folder, or accept it as this study's; return its manifest if any.

        A refusal says in what the manifest differs that `asked` gives, if it is there.

        Raises
        ------
        StudyError
            If it holds something else, or another study.
        RunError
            If it cannot be made.
        """
        manifest = read_manifest(self.path)
        if manifest is None:
            self._refuse_foreign_files()
        elif manifest.get("run_digest") != self.digest:
            noun = "study" if "study_digest" in manifest else "run"
            message = (
                f"{self.path} holds another {noun} ({_described(manifest)}); "
                + (
                    ""
                    if asked is None
                    else f"it differs in {_differing(manifest, asked())}; "
                )
                + "name another folder, or none: each run and study finds its own"
            )
            raise StudyError(message)
        make_folder(self.path)
        return manifest

    def _refuse_foreign_files(self) -> None:
        """Refuse a file, and a folder that holds more than a killed run leaves."""
        if not self.path.exists():
            return
        if not self.path.is_dir():
            message = f"{self.path} is a file; a run needs a folder"
            raise StudyError(message)
        with plain_failure(self.path):
            names = sorted(file.name for file in self.path.iterdir())
        ours = (lock.LOCK, lock.WRITER)
        left = [n for n in names if n not in ours and not n.endswith(TEMPORARY)]
        if left:
            message = (
                f"{self.path} holds no run but {left[0]!r}; name a new or an empty "
                "folder"
            )
            raise StudyError(message)

    @contextmanager
    def held(self) -> Generator[None]:
        """Hold the folder, so that no other process writes in it.

        Parts that are not as they were recorded are removed, and so made again.

        Raises
        ------
        StudyError
            If another process holds it, or made it another's in the meantime.
        RunError
            If it cannot be written.
        """
        with lock.held(self.path):
            self.take()
            with plain_failure(self.path):
                for part in self.changed():
                    part.unlink()
            yield

    @contextmanager
    def written(self, manifest: dict[str, Any]) -> Generator[dict[str, Any]]:
        """Hold the folder, and seal it, for all that a study does."""
        with self.held(), self.sealed(manifest) as results:
            yield results

    @contextmanager
    def sealed(self, manifest: dict[str, Any]) -> Generator[dict[str, Any]]:
        """Write the manifest of a study that begins; seal it when all went well.

        Pages of what the folder held before are removed.
        The folder is to be held. What the study adds to the yielded entries stands in
        the manifest at the end, with state, duration and checksums of all parts.
        """
        began = time.perf_counter()
        recorded = (read_manifest(self.path) or {}).get("parts", {})
        running = {**manifest, "state": "running", "started": now(), "parts": recorded}
        remove_pages(self.path)
        self._write(running)
        results: dict[str, Any] = {}

        def sealed_as(state: str) -> dict[str, Any]:
            seconds = round(time.perf_counter() - began, 3)
            return running | {"state": state, "duration_seconds": seconds} | results

        try:
            yield results
        except BaseException:
            self._write(sealed_as("broken off"))
            raise
        self._sweep()
        self._write(sealed_as("complete") | {"parts": self.checksums()})

    def changed(self) -> list[Path]:
        """Return the parts that are not what the manifest recorded of them.

        A part may be whole and of this run, and yet not what the run gave.
        """
        recorded = (read_manifest(self.path) or {}).get("parts", {})
        there = self.checksums()
        return [
            self.path / name
            for name, checksum in recorded.items()
            if there.get(name, checksum) != checksum
        ]

    def checksums(self) -> dict[str, str]:
        """Return the SHA-256 of every part by its path in the folder."""
        return {
            file.relative_to(self.path).as_posix(): sha256(
                file.read_bytes()
            ).hexdigest()
            for file in sorted(self.path.rglob("part-*.parquet"))
        }

    def _write(self, manifest: dict[str, Any]) -> None:
        text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
        write_text(self.path / MANIFEST, text)

    def _sweep(self) -> None:
        """Remove temporary files that a killed run left behind."""
        with plain_failure(self.path):
            for file in self.path.rglob(f".*{TEMPORARY}"):
                file.unlink(missing_ok=True)


def folder_for(
    out: str | os.PathLike[str] | None, name: str, digest: str
) -> StudyFolder:
    """Return the folder of a study: as asked, else ``runs/<name>-<12 of digest>``."""
    path = Path("runs") / f"{name}-{digest[:12]}" if out is None else Path(out)
    return StudyFolder(path, digest)


def remove_pages(path: Path) -> None:
    """Remove the brief and the report of what a folder held before."""
    with plain_failure(path):
        for name in PAGES:
            (path / name).unlink(missing_ok=True)


def take_comparison(path: Path, arms: Sequence[str]) -> None:
    """Accept a folder as that of a comparison of these arms, the reference first.

    Each arm's own folder says whether it is the same run.

    Raises
    ------
    StudyError
        If it holds another comparison, or a run or a study.
    """
    remedy = "name another folder, or none"
    if (manifest := read_manifest(path)) is not None:
        noun = "study" if "study_digest" in manifest else "run"
        message = f"{path} holds a {noun} ({_described(manifest)}); {remedy}"
        raise StudyError(message)
    there = sorted(file.parent.name for file in path.glob(f"*/{MANIFEST}"))
    is_other = not set(there) <= set(arms)
    if (file := path / COMPARISON).is_file():
        there = json_object(file.read_bytes(), file, _Compared)["arms"]
        is_other = there != list(arms)
    if is_other:
        message = (
            f"{path} holds another comparison (its arms: {', '.join(there)}; asked: "
            f"{', '.join(arms)}); {remedy}. The same arms in the same order go on, "
            "with more replications too"
        )
        raise StudyError(message)


def read_manifest(path: Path) -> dict[str, Any] | None:
    """Return a folder's manifest, or None when there is none.

    Raises
    ------
    StudyError
        If it is there and cannot be read, or was made by another version.
    """
    try:
        content = (path / MANIFEST).read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        message = f"cannot read {path / MANIFEST}: {error.strerror}"
        raise RunError(message) from error
    manifest = json_object(content, path / MANIFEST, _AnyManifest)
    if manifest.get("schema") != MANIFEST_SCHEMA:
        by = manifest.get("versions", {}).get("escalade", "another version")
        message = (
            f"{path / MANIFEST}: schema: is not {MANIFEST_SCHEMA}: {path} was made by "
            f"escalade {by}, whose digests name other runs; make it anew in another "
            f"folder: {manifest.get('command', 'escalade')}"
        )
        raise StudyError(message)
    return json_object(content, path / MANIFEST, _Manifest)


class _Compared(Form):
    """What is read of `COMPARISON`."""

    arms: list[str]


class _AnyManifest(Form):
    """What is read of the manifest of whatever version."""

    command: str = ""
    versions: dict[str, str] = Field(default_factory=dict)


class _ScenarioEntry(Form):
    """What a manifest tells of the scenario."""

    name: str = Field(min_length=1, max_length=100)  # it names a file
    file: str
    digest: str
    status: str
    title: str
    own_outcomes: list[str] = Field(default_factory=list[str])


class _Numbers(Form):
    """The replications of a manifest."""

    first: int = Field(ge=0, lt=2**63)
    count: int = Field(ge=1, lt=2**63)


class _Git(Form):
    """The commit of a manifest."""

    commit: str = ""
    is_dirty: bool = False


_Pair = Annotated[list[str | float], Field(min_length=2, max_length=2)]


class _Altered(Form):
    """What a manifest tells of what was made otherwise."""

    lineage: list[_Pair]
    without: list[str]
    without_acts: list[_Pair]
    branch: _Pair | None = None
    pasts: dict[str, Any] | None = None


class _Manifest(_AnyManifest):
    """What is read of a manifest of this version, by whatever verb."""

    run_digest: str
    rules_digest: str
    scenario: _ScenarioEntry
    root_seed: int = Field(ge=0, lt=2**64)
    until_days: float = Field(gt=0.0)
    replications: _Numbers = _Numbers(first=0, count=1)
    state: Literal["", "running", "broken off", "complete"] = ""
    started: str = ""
    duration_seconds: float = 0.0
    keeps_records: bool = False
    parts: dict[str, str] = Field(default_factory=dict)
    git: _Git = _Git()
    draws: dict[str, Any] | None = None
    experiment: dict[str, Any] | None = None
    design: dict[str, Any] | None = None
    alteration: _Altered | None = None


def _described(manifest: dict[str, Any]) -> str:
    """Say which run or study a manifest tells of."""
    scenario = manifest.get("scenario", {})
    study = manifest.get("experiment")
    return (
        (f"experiment {study.get('id')}, " if study else "")
        + f"scenario {scenario.get('name')}, digest "
        f"{str(scenario.get('digest'))[:12]}, root_seed {manifest.get('root_seed')}, "
        f"{manifest.get('until_days')} days, rules "
        f"{str(manifest.get('rules_digest'))[:12]}"
    )


def _differing(there: Mapping[str, Any], asked: Mapping[str, Any]) -> str:
    """Name what two manifests differ in."""
    differing: list[str] = []
    for words, *keys in (
        ("the experiment", "experiment", "id"),
        ("the scenario", "scenario", "name"),
        ("the scenario's numbers or what is put in", "scenario", "digest"),
        *((f"the file of its {key}", "files", key) for key in ("record", "targets")),
        ("the root_seed", "root_seed"),
        ("the days", "until_days"),
        ("the rules", "rules_digest"),
    ):
        values: list[Any] = [there, asked]
        for key in keys:
            values = [(value or {}).get(key) for value in values]
        if values[0] != values[1]:
            differing.append(words)
    return ", ".join(differing) or "points, priors, targets, arms or size"
