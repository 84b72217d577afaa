"""Whether draws of a posterior may be used for a scenario: what is refused, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.errors import StudyError
from sim.scenario.numbers import illegal_numbers

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sim.ensemble.draw_set import DrawSet
    from sim.experiment.posterior import Posterior
    from sim.scenario.scenario import Scenario


def refuse_set_twice(
    posterior: Posterior, setters: Mapping[str, Iterable[str]], undone: str = "it"
) -> None:
    """Refuse what sets a path that the posterior sets too: one would undo the other.

    Parameters
    ----------
    posterior
        What the draws come from.
    setters
        The paths that are set, by what sets them: 'the arm strict', '--set'.
    undone
        What the draw would undo.

    Raises
    ------
    StudyError
        That names path and setter.
    """
    drawn = set(posterior.paths)
    for who, paths in setters.items():
        both = [path for path in paths if path in drawn]
        if both:
            message = (
                f"{both[0]} is drawn from the posterior and set by {who}: the draw "
                f"would undo {undone}. Leave it out, or use a posterior that does not "
                "hold it"
            )
            raise StudyError(message)


def refuse_unfit(posterior: Posterior, draws: DrawSet, scenario: Scenario) -> str:
    """Refuse draws that make no legal scenario; return what is to be said of them.

    Parameters
    ----------
    posterior
        What the draws come from.
    draws
        Those that are used.
    scenario
        What they are put into.

    Returns
    -------
    str
        That it is not the scenario which was fitted; empty if it is.

    Raises
    ------
    StudyError
        If the scenario lacks a path, if a development sets one later and so would
        undo the draw, or if a draw leaves what is legal.
    """
    told = posterior.require(scenario)
    drawn = set(draws.paths)
    for change in scenario.changes:
        path = f"actors.{change.actor}.{change.parameter}"
        if change.how == "set" and path in drawn:
            message = (
                f"{path} is drawn from the posterior, and the development "
                f"{change.identity} of {scenario.name} sets it, which would undo the "
                "draw"
            )
            raise StudyError(message)
    first = ""
    n_illegal = 0
    for draw, values in enumerate(draws.values):
        said = illegal_numbers(scenario, values)  # pyright: ignore[reportArgumentType]
        if said:
            n_illegal += 1
            first = first or f"draw {draw}: {said[0]}"
    if n_illegal:
        message = (
            f"{n_illegal} of {len(draws.values)} draws of the posterior make no legal "
            f"scenario of {scenario.name}; {first}. They are not left out in silence: "
            "what is left would be another posterior"
        )
        raise StudyError(message)
    return told
