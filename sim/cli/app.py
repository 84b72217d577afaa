"""The command ``escalade``: its verbs, and what happens when one fails.

Nothing heavy is imported here: a verb loads what it needs when it runs, so that
``--help`` answers at once.
"""

from __future__ import annotations

import gc
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from typer.core import TyperGroup

from sim.cli.evidence.calibrate import calibrate
from sim.cli.evidence.forecast import forecast
from sim.cli.evidence.rivals import rivals
from sim.cli.evidence.score import score
from sim.cli.files.catalogue import list_scenarios, schema
from sim.cli.files.check import check
from sim.cli.files.compiling import compile_rules
from sim.cli.files.import_events import import_verb
from sim.cli.files.new import app as new_app
from sim.cli.files.new import new_experiment, new_scenario
from sim.cli.files.upgrade import upgrade
from sim.cli.progress import code_of, go_on, heed_termination, name_of
from sim.cli.replications.branch import branch
from sim.cli.replications.brief import brief
from sim.cli.replications.explain import explain
from sim.cli.replications.explore import explore
from sim.cli.replications.replay import replay
from sim.cli.replications.report import report
from sim.cli.replications.rerun import rerun
from sim.cli.replications.run import run
from sim.cli.studies.ablate import ablate
from sim.cli.studies.compare import compare
from sim.cli.studies.sensitivity import discover, sensitivity
from sim.cli.studies.sweep import sweep
from sim.errors import Exit, SimError, WorkersLostError, nearest, printable

SELDOM: Final = 100_000
"""New objects between two searches for unreachable cycles. Loading makes some hundred
thousand that all stay; to search among them takes a twelfth of a run's time."""

_show_traceback: list[bool] = [False]


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import PackageNotFoundError, version

        try:
            number = version("escalade")
        except PackageNotFoundError:
            number = "(not installed)"
        print(f"escalade {number}")
        raise typer.Exit(Exit.DONE)


def _options(
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            help="Print the version and leave.",
            callback=_print_version,
            is_eager=True,
        ),
    ] = False,
    debug: Annotated[
        bool, typer.Option("--debug", help="Show the traceback of an error of ours.")
    ] = False,
) -> None:
    """Simulate escalation between militias, host government, sponsor, foreign power.

    FILE is a scenario file, or the id of a shipped one: see escalade list.
    """
    _show_traceback[:] = [debug]


def guarded(verb: Callable[..., None]) -> Callable[..., None]:
    """Turn every way in which a verb may fail into one message and an exit code."""

    @wraps(verb)
    def run_verb(*args: Any, **kwargs: Any) -> None:
        try:
            verb(*args, **kwargs)
            sys.stdout.flush()
        except typer.Exit:  # a verb's own choice of exit code
            raise
        except BrokenPipeError:
            _leave_quietly()
        except WorkersLostError as error:
            raise _exit(f"{error}; {go_on()}", error.exit_code) from None
        except SimError as error:
            raise _exit(f"{error}", error.exit_code) from None
        except KeyboardInterrupt as end:
            raise _exit(name_of(end), code_of(end)) from None
        except MemoryError:
            text = "not enough memory; try fewer --workers or --replications"
            raise _exit(text, Exit.BROKEN) from None
        except OSError as error:
            place = f"{error.filename}: " if error.filename else ""
            text = f"{place}{error.strerror or error}"
            raise _exit(text, Exit.BROKEN) from None
        except Exception as error:
            raise _exit(_our_fault(error), Exit.OURS) from None

    return run_verb


def _exit(text: str, code: int) -> typer.Exit:
    if _show_traceback[0]:
        traceback.print_exc(file=sys.stderr)
    print(f"escalade: {printable(text)}", file=sys.stderr)
    return typer.Exit(code)


def _our_fault(error: Exception) -> str:
    """Say that this is an error of the program, and how to report it."""
    description = " ".join(f"{type(error).__name__}: {error}".split())[:300]
    return (
        f"an error in escalade itself ({description}); please report it with this "
        "command, the scenario file and what --debug adds"
    )


def _leave_quietly() -> None:
    """End without a word: whoever read our output has gone (``| head``)."""
    with suppress(OSError):
        sys.stdout.close()
    raise typer.Exit(Exit.DONE)


class Verbs(TyperGroup):
    """The verbs; one that does not exist is told with what was probably meant."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return the verb that the first word names."""
        word = args[0] if args else ""
        if word and not word.startswith("-") and word not in self.commands:
            ctx.fail(f"{word!r} is no verb{self._meant(word)}")
        return super().resolve_command(ctx, args)

    def _meant(self, word: str) -> str:
        from sim.experiment.named import is_experiment
        from sim.scenario.load import shipped_scenarios

        if near := nearest(word, self.commands):
            return near
        if is_experiment(word):
            return f"; did you mean: escalade sweep {word}?"
        if Path(word).is_file() or word in shipped_scenarios():
            return f"; did you mean: escalade run {word}?"
        return f"; verbs: {', '.join(self.commands)}"


app = typer.Typer(
    name="escalade",
    cls=Verbs,
    add_completion=True,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    rich_markup_mode=None,
)
app.callback()(_options)
app.command("check")(guarded(check))
app.command("compile")(guarded(compile_rules))
app.command("upgrade")(guarded(upgrade))
app.command("run")(guarded(run))
app.command("replay")(guarded(replay))
app.command("explain")(guarded(explain))
app.command("branch")(guarded(branch))
app.command("explore")(guarded(explore))
app.command("rerun")(guarded(rerun))
app.command("report")(guarded(report))
app.command("brief")(guarded(brief))
app.command("list")(guarded(list_scenarios))
app.command("schema")(guarded(schema))
app.command("sweep")(guarded(sweep))
app.command("sensitivity")(guarded(sensitivity))
app.command("ablate")(guarded(ablate))
app.command("calibrate")(guarded(calibrate))
app.command("forecast")(guarded(forecast))
app.command("score")(guarded(score))
app.command("rivals")(guarded(rivals))
app.command("discover")(guarded(discover))
new_app.command("experiment")(guarded(new_experiment))
new_app.command("scenario")(guarded(new_scenario))
new_app.callback()(lambda: None)
app.add_typer(new_app, name="new")
app.command("import")(guarded(import_verb))
app.command("compare")(guarded(compare))


def main() -> None:
    """Run the command; ``--debug`` may stand anywhere."""
    streams: tuple[Any, ...] = (sys.stdout, sys.stderr)
    for stream in streams:
        with suppress(AttributeError, ValueError):
            stream.reconfigure(errors="replace")  # a name that the terminal cannot show
    gc.set_threshold(SELDOM)
    heed_termination()
    words = sys.argv[1:]
    if "--debug" in words:
        words = ["--debug", *(word for word in words if word != "--debug")]
    try:
        app(words, prog_name="escalade")
    except KeyboardInterrupt as end:
        print(f"escalade: {name_of(end)}", file=sys.stderr)
        sys.exit(code_of(end))
