"""Ctrl-C and SIGTERM: what a command says when one ends it, and how it goes on."""

from __future__ import annotations

import shlex
import signal
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from sim.cli.present import say
from sim.errors import Exit, Terminated

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from types import FrameType


def heed_termination() -> None:
    """Let SIGTERM end the command as Ctrl-C does, not on the spot."""
    signal.signal(signal.SIGTERM, _terminate)


def _terminate(number: int, frame: FrameType | None) -> None:
    raise Terminated


@contextmanager
def resumable(kept: Callable[[], str]) -> Generator[None]:
    """Say what is kept when a signal ends the work within, and how to go on.

    Parameters
    ----------
    kept
        Gives the words, such as ``finished rows are kept in runs/x``.
    """
    try:
        yield
    except KeyboardInterrupt as end:
        say(f"{name_of(end)}: {kept()}; {go_on()}")
        raise typer.Exit(code_of(end)) from None


def name_of(end: KeyboardInterrupt) -> str:
    """Say which signal ended the command."""
    return "ended by SIGTERM" if isinstance(end, Terminated) else "interrupted"


def code_of(end: KeyboardInterrupt) -> Exit:
    """Return the exit code of a command that a signal ended."""
    return Exit.TERMINATED if isinstance(end, Terminated) else Exit.INTERRUPTED


def go_on() -> str:
    """Say how a command that broke off goes on."""
    return (
        "to go on, give the same command again:\n"
        f"  {shlex.join(['escalade', *sys.argv[1:]])}"
    )


def kept_in(done: int, replications: int, folder: object) -> str:
    """Say how much of a run is kept."""
    return f"at least {done} of {replications} replications are kept in {folder}"
