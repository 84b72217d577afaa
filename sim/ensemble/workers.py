"""Who does the work: this process, others of this machine, any executor, or a cluster.

A worker is sent a task and the bounds of a part, and sends back the bytes of the
part's files; the process that started the study writes them. So whoever works needs
no file system in common, nothing is written once that process is gone, and results
depend neither on who worked nor on how many.
"""

from __future__ import annotations

import os
import pickle
import signal
import socket
import threading
from collections import OrderedDict
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    wait,
)
from contextlib import closing, contextmanager, suppress
from hashlib import sha256
from multiprocessing import get_context
from multiprocessing.connection import wait as wait_for
from typing import TYPE_CHECKING, Any, Final

from sim.digest import rules_digest
from sim.engine.cast import Cast
from sim.ensemble.executors import Processes, Threads, cluster, hands
from sim.ensemble.part import Finished, Task, make_part, put_away
from sim.ensemble.provenance import versions
from sim.errors import StudyError, WorkersLostError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Mapping

    from sim.ensemble.archive import Part
    from sim.ensemble.compiling import Compiling
    from sim.ensemble.frames import Table

Workers = int | str | Executor
"""Processes on this machine, 1 being this one; the address of a Dask scheduler, such as
``tcp://10.0.0.1:8786``; or an executor of whatever kind."""

FEWEST_AHEAD: Final = 16
"""Parts given out at once, at least; it bounds what is finished and not written."""

MOST_LOSSES: Final = 3
"""Times in a row that lost processes are replaced, although no part was finished."""

GRACE_SECONDS: Final = 0.5
"""What is under way when a study breaks off has so long to end, and be kept."""

LOST_SECONDS: Final = 2.0
"""After so long without a result it is seen whether a process has ended."""

MOST_TASKS: Final = 8
"""Tasks that a worker remembers, so that it need not prepare each part's anew."""

Work = tuple["Task", "Part"]
"""One part of a task: all that a worker is given."""


def finished(
    work: Iterable[Work], workers: Workers, compiling: Compiling | None = None
) -> Generator[tuple[Task, Part, Table | None]]:
    """Yield each part when it is finished and written, in whatever order.

    Without a directory the part's outcomes come with it. Processes that die are
    replaced, `MOST_LOSSES` times between one finished part and the next. While rules
    are compiled, one worker's core is left to that.

    Raises
    ------
    RunError
        If a part cannot be written, or the workers are lost.
    StudyError
        If a scenario cannot be sent to them, or they run other rules.
    """
    left = dict(enumerate(work))
    fewest, n_losses, before = 1, 0, len(left)
    while left:
        try:
            with (
                hired(workers, max(fewest, len(left))) as executor,
                closing(_given_out(left, executor, compiling)) as results,
            ):
                for number, table in results:
                    yield *left.pop(number), table
        except BrokenExecutor as error:
            fewest = 2  # what killed a worker is not tried in this process
            n_losses = 1 if len(left) < before else n_losses + 1
            before = len(left)
            if isinstance(workers, Executor) or n_losses > MOST_LOSSES:
                times = f" {n_losses} times running" if n_losses > 1 else ""
                message = (
                    f"a worker process died{times} (out of memory? fewer --workers "
                    "need less); finished parts are kept"
                )
                raise WorkersLostError(message) from error
        except CancelledError as error:
            message = "the cluster dropped the work; finished parts are kept"
            raise WorkersLostError(message) from error


@contextmanager
def hired(workers: Workers, most: int | None = None) -> Generator[Executor | None]:
    """Hire workers for as long as the block lasts; None stands for this process.

    A study of several ensembles hires once, and gives each the executor. An executor is
    handed on as it is, and left open. No more are hired than `most`, which are of use.
    """
    if isinstance(workers, Executor):
        yield workers
    elif isinstance(workers, str):
        with cluster(workers) as executor:
            yield executor
    elif min(workers, workers if most is None else most) <= 1:
        yield None
    else:
        n = workers if most is None else min(workers, most)
        context = get_context("spawn")
        ends, alive = context.Pipe(duplex=False)
        own = Processes(n, context, initializer=_start_worker, initargs=(ends,))
        try:
            yield own
        except BaseException:
            alive.close()
            own.let_go()
            # What is cancelled now would break the thread that marks it as lost.
            own.shutdown(wait=True)
            raise
        finally:
            own.shutdown(wait=True, cancel_futures=True)
            alive.close()
            ends.close()


def describe_workers(workers: Workers) -> int | str:
    """Return workers as a manifest names them."""
    if isinstance(workers, Threads):
        return workers.n
    return type(workers).__name__ if isinstance(workers, Executor) else workers


def _given_out(
    work: Mapping[int, Work], executor: Executor | None, compiling: Compiling | None
) -> Generator[tuple[int, Table | None]]:
    """Yield each part's place in the work once it is done, here or by an executor."""
    queue = iter(list(work.items()))
    if executor is None:
        prepared = _Prepared()
        for number, (asked, part) in queue:
            task = asked if compiling is None else compiling.now(asked)
            _, cast = prepared.get(id(task), lambda task=task: task)
            yield number, put_away(task, part, make_part(task, cast, part))
        return
    waiting: dict[Future[Finished], tuple[int, Task, Part]] = {}
    ahead = max(FEWEST_AHEAD, 4 * hands(executor))
    give = _given_here if isinstance(executor, Threads) else _given_away
    submit = give(executor)
    try:
        while True:
            is_busy = compiling is not None and compiling.needs_core
            most = max(1, hands(executor) - 1) if is_busy else ahead
            while len(waiting) < most and (entry := next(queue, None)) is not None:
                number, (task, part) = entry
                task = task if compiling is None else compiling.now(task)
                waiting[submit(task, part)] = number, task, part
            if not waiting:
                return
            ready, _ = wait(waiting, timeout=LOST_SECONDS, return_when=FIRST_COMPLETED)
            if not ready and isinstance(executor, Processes):
                if wait_for(executor.sentinels(), 0.0):
                    message = "a worker process ended while it sent a result"
                    raise BrokenExecutor(message)
                continue
            for future in ready:
                number, task, part = waiting[future]
                table = put_away(task, part, future.result())
                del waiting[future]
                yield number, table
    finally:
        _store_running_parts(waiting, executor)


def _given_here(executor: Executor) -> Callable[[Task, Part], Future[Finished]]:
    """Return how a part is given to a thread of ours: all share one cast."""
    prepared = _Prepared()

    def submit(task: Task, part: Part) -> Future[Finished]:
        task, cast = prepared.get(id(task), lambda: task)
        return executor.submit(make_part, task, cast, part)

    return submit


def _given_away(executor: Executor) -> Callable[[Task, Part], Future[Finished]]:
    """Return how a part is given to whoever works elsewhere."""
    send = _Sender()

    def submit(task: Task, part: Part) -> Future[Finished]:
        blob, key = send(task)
        with _interrupts_held():
            return executor.submit(make_sent_part, key, blob, part)

    return submit


@contextmanager
def _interrupts_held() -> Generator[None]:
    """Let Ctrl-C wait: a process that starts within takes after us, and ignores it."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _store_running_parts(
    waiting: Mapping[Future[Finished], tuple[int, Task, Part]], executor: Executor
) -> None:
    """When a study breaks off: drop what has not begun, write what soon ends.

    Our own processes end thereafter, whatever they do. Of what they were given nothing
    is cancelled: a thread of the executor's will mark it as lost, and breaks, in many
    lines on stderr, on a future that has ended in the meantime.
    """
    is_own = isinstance(executor, Processes)
    under_way = [future for future in waiting if is_own or not future.cancel()]
    for future in wait(under_way, timeout=GRACE_SECONDS).done:
        _, task, part = waiting[future]
        if task.directory is not None:
            with suppress(CancelledError, Exception):
                put_away(task, part, future.result())


class _Sender:
    """Pickles each task once, with what its workers must have in common with us."""

    def __init__(self) -> None:
        self.last: tuple[Task, bytes, str] | None = None

    def __call__(self, task: Task) -> tuple[bytes, str]:
        """Return a task's pickle, and the key by which workers know it."""
        if self.last is not None and self.last[0] is task:
            return self.last[1:]
        try:
            blob = pickle.dumps((task, _making(task)))
        except (pickle.PicklingError, AttributeError, TypeError) as error:
            message = (
                f"{task.scenario.name} cannot be sent to a process ({error}); write "
                "its kinds at the top of a module, or use workers=1"
            )
            raise StudyError(message) from error
        self.last = (task, blob, sha256(blob).hexdigest())
        return self.last[1:]


def _making(task: Task) -> dict[str, str]:
    """Return what makes the same results and the same bytes."""
    identity = {"rules": rules_digest(task.scenario)[:12]}
    return identity | {k: v for k, v in versions().items() if k != "python"}


class _Prepared(threading.local):
    """Casts of the last tasks of a thread, by their keys."""

    def __init__(self) -> None:
        self.by_key: OrderedDict[Any, tuple[Task, Cast]] = OrderedDict()

    def get(self, key: Any, task: Callable[[], Task]) -> tuple[Task, Cast]:
        """Return a task and its cast, made when the key is new."""
        prepared = self.by_key.get(key)
        if prepared is None:
            new = task()
            prepared = self.by_key[key] = (new, Cast(new.scenario))
            if len(self.by_key) > MOST_TASKS:
                self.by_key.popitem(last=False)
        return prepared


_PREPARED: Final = _Prepared()


def make_sent_part(key: str, blob: bytes, part: Part) -> Finished:
    """Run a part, as a worker."""
    task, cast = _PREPARED.get(key, lambda: _unpacked(blob))
    return make_part(task, cast, part)


def _unpacked(blob: bytes) -> Task:
    """Return a task, if it can be done here just as at home."""
    task, theirs = pickle.loads(blob)
    ours = _making(task)
    different = [f"{k} {ours.get(k)!r} for {v!r}" for k, v in theirs.items()
                 if ours.get(k) != v]  # fmt: skip
    if different:
        message = (
            f"the worker on {socket.gethostname()} would not give the same bytes: it "
            f"has {', '.join(different)}"
        )
        raise StudyError(message)
    return task


def _start_worker(heard: Any) -> None:
    """Prepare a worker process; the parent alone answers an interrupt.

    It ends, in the middle of whatever it does, when the parent closes its end of a pipe
    or was killed. A pipe and no event of multiprocessing: whoever sets an event waits
    for each waiter to wake, and for ever for one that was killed while it waited.
    """
    threading.Thread(target=_end_with, args=(heard,), daemon=True).start()
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _end_with(heard: Any) -> None:
    """End this process when nobody holds the pipe's other end any more."""
    with suppress(OSError):
        heard.poll(None)
    os._exit(1)
