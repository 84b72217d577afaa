"""The executors of this machine, and how work is given to any executor."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing.connection import wait as wait_for
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from concurrent.futures import Executor

Result = TypeVar("Result")


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
