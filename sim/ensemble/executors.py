"""The executors that may work: of this machine, or of a Dask cluster.

A cluster's workers are hired for as long as a study lasts.
"""

from __future__ import annotations

import logging
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing.connection import wait as wait_for
from typing import TYPE_CHECKING, Any, Final, TypeVar

from sim.errors import RunError, StudyError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator
    from concurrent.futures import Executor

Result = TypeVar("Result")

_PATIENCE: Final = 30
"""Seconds that a cluster may take to answer, and to have a first worker."""


class Threads(ThreadPoolExecutor):
    """Threads of this process, which need nothing sent to them.

    They are for compiled replications, which run side by side, when there are too few
    of them to wait for other processes to start.
    """

    def __init__(self, n: int) -> None:
        super().__init__(n)
        self.n = n


class Processes(ProcessPoolExecutor):
    """Processes of this machine, which end with the study that hired them."""

    def sentinels(self) -> list[int]:
        """Return what tells of each process that it has ended."""
        return [process.sentinel for process in list((self._processes or {}).values())]

    def map(
        self,
        fn: Callable[..., Result],
        *iterables: Iterable[Any],
        timeout: float | None = None,
        chunksize: int = 1,
    ) -> Iterator[Result]:
        """Yield results in order; what nobody asks for any more is not cancelled.

        The thread that marks a lost call breaks, with a traceback, on a cancelled one.
        """
        del timeout, chunksize
        calls = [self.submit(fn, *some) for some in zip(*iterables, strict=False)]
        return (call.result() for call in calls)

    def let_go(self) -> None:
        """Wait until all processes have ended, and let the executor see that.

        A process that ends while it sends a result leaves half of it in the pipe, and
        who reads waits for the rest as long as anybody could still write: that is we.
        What nobody will fetch any more is not waited for when this process ends.
        """
        results: Any = self._result_queue  # None once it was shut down
        calls: Any = getattr(self, "_call_queue", None)
        for sentinel in self.sentinels():
            wait_for([sentinel])
        if results is not None:
            results._writer.close()
        if calls is not None:
            calls.cancel_join_thread()


def map_by(executor: Executor | None) -> Callable[..., Iterator[Any]]:
    """Return what calls a function with each of some arguments, as `map` does.

    The executor calls it, and this process where there is none; results are in order.
    """
    return map if executor is None else executor.map


def hands(workers: Any) -> int:
    """Return how many pieces workers do side by side, 1 where they do not say."""
    if isinstance(workers, int):
        return workers
    client: Any = getattr(workers, "_client", None)  # of a cluster
    if client is not None:
        return sum(client.nthreads().values())
    return getattr(workers, "_max_workers", 1)


@contextmanager
def cluster(address: str) -> Generator[Executor]:
    """Hire the workers of a Dask cluster; one that is lost is replaced by the others.

    Raises
    ------
    StudyError
        If `distributed` is not installed, nobody answers, or there is no worker.
    RunError
        If part after part kills its workers.
    """
    if "://" not in address:
        message = (
            f"cluster {address!r} is no address; it looks like tcp://10.0.0.1:8786"
        )
        raise StudyError(message)
    try:
        from distributed import Client, KilledWorker
    except ImportError as error:
        message = "a cluster needs Dask: pip install 'escalade[cluster]'"
        raise StudyError(message) from error
    for name in ("distributed", "distributed.client", "tornado.application"):
        for handler in logging.getLogger(name).handlers:
            handler.setLevel(logging.CRITICAL + 1)  # what it logs, we say in words
    try:
        client = Client(address, timeout=_PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        message = f"no Dask scheduler answers at {address}: {error}"
        raise StudyError(message) from error
    try:
        try:
            client.wait_for_workers(1, timeout=_PATIENCE)
        except TimeoutError as error:
            message = f"the Dask scheduler at {address} has no workers"
            raise StudyError(message) from error
        # Not pure: a result is never taken for that of an equal call.
        yield client.get_executor(pure=False)
    except KilledWorker as error:
        message = f"a part killed one worker after another ({error}); out of memory?"
        raise RunError(message) from error
    finally:
        client.close()
