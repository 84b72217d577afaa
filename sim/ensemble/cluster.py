"""Workers of a Dask cluster, hired for as long as a study lasts."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from sim.errors import RunError, StudyError

if TYPE_CHECKING:
    from collections.abc import Generator
    from concurrent.futures import Executor

_PATIENCE: Final = 30
"""Seconds that a cluster may take to answer, and to have a first worker."""


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
