"""``rerun``: a run made again from its folder, or what failed in it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.verbs.answer import Answer
from sim.verbs.arguments import offered_by, workers_asked
from sim.verbs.replications.report import folder_of
from sim.verbs.watch import Watch, watch_of

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from sim.ensemble.rerun import StoredRun


@dataclass(frozen=True, eq=False, repr=False)
class RerunAnswer(Answer):
    """A run beside itself: whether every byte came out the same."""

    run: StoredRun
    different: Sequence[str]
    """Names of the parts that came out different."""
    path: Path
    """The folder of the new run."""

    def headline(self) -> str:
        """Return how many parts are the same."""
        n = len(self.run.manifest["parts"])
        return f"{self.path}: {n - len(self.different)} of {n} parts as {self.run.path}"

    def table(self) -> pd.DataFrame:
        """Return one row a part: whether it is the same."""
        import pandas as pd

        names = sorted(self.run.manifest["parts"])
        same = [name not in self.different for name in names]
        return pd.DataFrame({"part": names, "is_same": same})

    def data(self) -> dict[str, Any]:
        """Return the same as plain data."""
        return {"out": str(self.path), "different": list(self.different)}


@dataclass(frozen=True, eq=False, repr=False)
class FailedAgainAnswer(Answer):
    """What had failed in a run, run again."""

    run: StoredRun
    failed: Sequence[int]
    """Numbers of the replications that had failed."""
    still: Mapping[int, str]
    """Those that still do, and why."""
    path: Path

    def headline(self) -> str:
        """Return how many had failed, and how many still do."""
        return f"{self.path}: {len(self.failed)} failed, {len(self.still)} still fail"

    def table(self) -> pd.DataFrame:
        """Return one row a replication that had failed: its error, empty if none."""
        import pandas as pd

        errors = [self.still.get(number, "") for number in self.failed]
        return pd.DataFrame({"replication": list(self.failed), "error": errors})

    def data(self) -> dict[str, Any]:
        """Return the same as plain data."""
        return {"failed": list(self.failed), "still": dict(self.still)}


def rerun(
    run: str | os.PathLike[str] | Answer,
    *,
    failed: bool = False,
    out: str | os.PathLike[str] | None = None,
    workers: int | None = 1,
    cluster: str | None = None,
    engine: str = "auto",
    plugin: str | Sequence[str] | None = None,
    watch: bool | Watch = True,
) -> RerunAnswer | FailedAgainAnswer:
    """Make a run again from its folder, and say whether every byte is the same.

    Parameters
    ----------
    run
        Folder of a run, or what `sim.run` answered with one.
    failed
        Whether only the replications that failed in it are run again.
    out
        Folder of the new run, which holds none yet; the run's with ``-again`` added
        when None.
    workers, cluster, engine, plugin, watch
        As in `sim.run`.

    Returns
    -------
    RerunAnswer or FailedAgainAnswer
        `table` has one row a part of the run, or one a replication that had failed;
        numbers of both are counts.

    Raises
    ------
    StudyError
        If the folder holds no complete run, the rules are others by now, or `out` holds
        a run: what is there would be read and not made again.

    Examples
    --------
    >>> import sim, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     few = sim.run("iraq_2019_2020", replications=3, until=20, out=f"{folder}/a")
    ...     sim.rerun(few).table()["is_same"].all().item()
    True
    """
    from sim.ensemble.rerun import read_run, run_again, run_failed_again

    watch = watch_of(watch)
    crew, path = workers_asked(workers, cluster), folder_of(run)
    kinds, own = offered_by(plugin)
    stored = read_run(path, kinds, own=own)
    if failed:
        with watch.stage(f"failed: {path.name}", crew) as progress:
            had, still = run_failed_again(stored, crew, progress, engine)
        return FailedAgainAnswer(stored, had, still, path)
    folder = path.with_name(path.name + "-again") if out is None else Path(out)
    with watch.stage(f"again: {path.name}", crew) as progress:
        different = run_again(stored, folder, crew, progress, engine)
    return RerunAnswer(stored, different, folder)
