"""``escalade compile``: rules and outcomes compiled now, so that no run waits."""

from __future__ import annotations

import time
from typing import Annotated

import typer

from sim.cli.present import OutcomePluginOption
from sim.verbs.watch import say, span


def compile_rules(
    file: Annotated[
        str,
        typer.Argument(metavar="[FILE]", help="A scenario, of whose kinds of actor."),
    ] = "iraq_2019_2020",
    plugins: OutcomePluginOption = None,
) -> None:
    """Compile the rules and the outcomes, once for each state of them."""
    from sim.engine.cast import Cast
    from sim.engine.choice import compiling_sentence, has_numba
    from sim.ensemble.compiling import why_not_compiled
    from sim.errors import StudyError
    from sim.verbs.arguments import scenario_of

    if not has_numba():
        message = "numba is not installed (pip install 'escalade[compiled]')"
        raise StudyError(message)
    from sim.engine.compiled.driver import needs_compiling

    scenario = scenario_of(file, plugin=plugins)
    cast, began = Cast(scenario), time.monotonic()
    if needs_compiling(cast):
        say(compiling_sentence(cast))
    if reason := why_not_compiled(scenario):
        raise StudyError(reason)
    print(f"compiled, {span(time.monotonic() - began)}: runs start at once from now on")
