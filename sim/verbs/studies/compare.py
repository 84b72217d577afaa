"""``compare``: whether two policies differ, and by how much."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from sim.errors import StudyError
from sim.verbs.answer import Answer
from sim.verbs.arguments import (
    MOST_REPLICATIONS,
    caution,
    day_from,
    folder_asked,
    kinds_of,
    listed,
    past_asked,
    require,
    say_caution,
    say_outside,
    several,
    workers_asked,
)
from sim.verbs.studies.arms import (
    arms_asked,
    length_asked,
    outcomes_asked,
    target_asked,
)
from sim.verbs.watch import SILENT, Watch, watch_of

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping, Sequence
    from datetime import date
    from pathlib import Path

    import pandas as pd

    from sim.comparison.arms import ArmRunner
    from sim.comparison.certificate import Certificate
    from sim.comparison.result import Comparison
    from sim.experiment.experiment import Experiment
    from sim.pictures.style import Pictures
    from sim.scenario.scenario import Scenario
    from sim.verbs.studies.compare_draws import DrawnComparisonAnswer

REPLICATIONS: Final = 1000
POSTERIOR_DRAWS: Final = 200


@dataclass(frozen=True, eq=False, repr=False)
class ComparisonAnswer(Answer):
    """Every arm against the first, in coupled worlds unless they are independent."""

    result: Comparison
    runner: ArmRunner
    """What ran the arms."""
    scenario: Scenario
    """The reference's."""
    competing: Sequence[str] = ()
    """Times to events of which it is asked which comes first."""
    path: Path | None = None
    watch: Watch = SILENT
    """Who is told how far `certificates` are."""

    @cached_property
    def certificates(self) -> Sequence[Certificate]:
        """Of coupled arms: how long each pair is one world, record by record.

        For that every pair is run once more, when it is first asked for.
        """
        from sim.comparison.certificate import certify

        runner, first = self.runner, self.result.pairings[0]
        if runner.independent:
            return []
        with self.watch.stage("certifying the pairs") as progress:
            return certify(
                runner.scenarios,
                runner.root_seed,
                map(int, first.numbers),
                runner.until,
                runner.engine,
                progress,
                {name: runner.pasts_of(name) for name in runner.scenarios},
            )

    def sentences(self) -> list[str]:
        """Return what each arm does to each outcome, in words with intervals."""
        from sim.comparison.words import sentences

        return sentences(self.result)

    def headline(self) -> str:
        """Return the arms, and how much was run of each."""
        arms, first = self.result.arms, self.result.comparisons[0]
        unit = "paired replications" if first.is_coupled else "replications each"
        others = "; ".join(arm.called for arm in arms[1:])
        name = self.scenario.name
        where = f"{name}: " if arms[0].called not in (name, arms[0].name) else ""
        return (
            f"{where}{others} against {arms[0].called}: {first.n} {unit}, root_seed "
            f"{arms[0].root_seed}, {arms[0].until:g} days"
        )

    def table(self) -> pd.DataFrame:
        """Return one row an arm and outcome, unrounded, with every effect's interval.

        Differences are of the arm from the reference, in the outcome's unit.
        """
        from sim.comparison.words import comparison_table

        return comparison_table(self.result)

    def notes(self) -> list[str]:
        """Return the sentences, and what is to be minded of them."""
        from sim.comparison.words import caveats

        first = caution(self.scenario)
        assumptions = self.result.asked.assumptions
        sentences = [*self.sentences(), *assumptions, *caveats(self.result)]
        return [first, *sentences] if first else sentences

    def _repr_html_(self) -> str:
        columns = ["unit", "reference_mean", "arm_mean"]
        columns += [f"mean_difference{end}" for end in ("", "_low", "_high")]
        table: Any = self.table()
        return self.html(table.set_index(["arm", "outcome"])[columns])

    def data(self) -> dict[str, Any]:
        """Return what the command prints with ``--json``."""
        from sim.comparison.words import comparison_data

        data = comparison_data(self.result)
        data["certificates"] = [one.as_data() for one in self.certificates]
        return data | {"out": None if self.path is None else str(self.path)}

    def pictures(self) -> Pictures:
        """Return what plots effects, pairs, distributions and times."""
        from sim.pictures.comparison import comparison_pictures

        return comparison_pictures(self.result, self.scenario, self.competing)

    def write(self, out: Path) -> None:
        """Write the tables and pictures; remove pages of what was there before."""
        import pandas as pd

        from sim.comparison.words import comparison_data
        from sim.ensemble.study_folder import COMPARISON, remove_pages
        from sim.files import write_bytes, write_json
        from sim.pictures.style import save_all

        table: Any = self.table()
        out.mkdir(parents=True, exist_ok=True)
        remove_pages(out)
        write_bytes(out / "comparison.csv", table.to_csv(index=False).encode())
        write_json(out / COMPARISON, comparison_data(self.result))
        if self.certificates:
            frame: Any = pd.concat([one.frame() for one in self.certificates])
            csv = frame.to_csv(index=False).encode()
            write_bytes(out / "certificate.csv", csv)
        save_all(self.pictures(), out / "pictures")


def compare(
    *scenarios: str | os.PathLike[str] | Scenario | Mapping[str, Any],
    changes: Mapping[str, Any] | None = None,
    replications: int | None = None,
    root_seed: int | None = None,
    workers: int | None = 1,
    cluster: str | None = None,
    free_from: str | date | None = None,
    past: str | None = None,
    particles: int | None = None,
    until: str | float | date | None = None,
    outcomes: str | Sequence[str] | None = None,
    competing: str | Sequence[str] | None = None,
    independent: bool = False,
    until_half_width: str | None = None,
    at_most: int = 20_000,
    draws: int | None = None,
    posterior: str | os.PathLike[str] | None = None,
    vary: str | Sequence[str] | None = None,
    out: str | os.PathLike[str] | bool | None = None,
    engine: str = "auto",
    plugin: str | Sequence[str] | None = None,
    watch: bool | Watch = True,
) -> ComparisonAnswer | DrawnComparisonAnswer:
    """Compare scenarios or policies in coupled worlds, as ``escalade compare`` does.

    Parameters
    ----------
    scenarios
        Files, ids, or scenarios that are loaded, the reference first; one with
        `changes`; one experiment with arms; or one dict of them by the names of arms,
        where an arm may be a dict too: what it changes in the first.
    changes
        New values by path, as in `sim.load`.
    replications
        Of each arm, 30 or more: 1000 when None. Under draws of each draw: 2.
    root_seed
        0 to 2**64 - 1, the same for all arms, which are coupled by it: 1, or the
        experiment's, when None.
    workers, cluster, until, engine, plugin, watch
        As in `sim.run`.
    free_from
        Day on which the arms part: until then each is the reference, to the byte.
    past, particles
        As in `sim.run`; all arms start from the same filtered pasts.
    outcomes
        Names of what is compared, or ``all``; a chosen few when None.
    competing
        Times to events that compete: which comes first is compared too.
    independent
        Whether each arm has a root_seed of its own.
    until_half_width
        ``OUTCOME=VALUE``: replicate until the interval of this difference is as narrow,
        in the outcome's unit.
    at_most
        Replications at which that gives up.
    draws
        So many sets of parameters are drawn from their ranges, shared by all arms.
    posterior
        Posterior of a calibration from which they are drawn instead; 200 when `draws`
        is None.
    vary
        Paths to draw from their ranges; all that have one when None.
    out
        Folder for runs, tables and pictures, new or of the same arms in the same order,
        which then go on; its brief and report are removed, to be written anew. True
        gives it one of its own in ``runs/``; None keeps nothing.

    Returns
    -------
    ComparisonAnswer or DrawnComparisonAnswer
        `table` has one row an arm and outcome; differences are arm minus reference, in
        the outcome's unit, with 95 % intervals. Under draws they are split into chance
        and what is not known of the parameters.

    Raises
    ------
    ScenarioError
        With every fault of a file, or of the changes.
    StudyError
        If the request is unsound, an outcome is none, or the folder holds another
        comparison.

    Examples
    --------
    >>> import sim
    >>> answer = sim.compare(
    ...     "iraq_2019_2020",
    ...     changes={"actors.iraq.ability": 0.9},
    ...     replications=30,
    ...     until=60,
    ...     outcomes="n_raids_true",
    ... )
    >>> answer
    <Comparison: iraq_2019_2020: ability of Iraq 0.9 instead of 0.6 against the ...>
    >>> answer.table()[["arm", "outcome", "n"]].to_dict("records")
    [{'arm': 'iraq.ability=0.9', 'outcome': 'n_raids_true', 'n': 30}]
    >>> arms = {
    ...     "as it was": "iraq_2019_2020",
    ...     "able": {"actors.iraq.ability": 0.9},
    ...     "unable": {"actors.iraq.ability": 0.1},
    ... }
    >>> sim.compare(arms, replications=30, until=30, outcomes="n_raids_true")
    <Comparison: able; unable against as it was: 30 paired replications, ...>
    """
    from sim.comparison.arms import ArmRunner
    from sim.comparison.pairing import FEWEST_REPLICATIONS
    from sim.comparison.parting import parting_advice, parting_text
    from sim.digest import run_digest
    from sim.ensemble.study_folder import folder_for, take_comparison
    from sim.ensemble.workers import hired

    watch = watch_of(watch)
    crew = workers_asked(workers, cluster)
    require("--at-most", at_most, 1, MOST_REPLICATIONS)
    day = day_from(free_from)
    past_asked(past)
    arms = arms_asked(
        scenarios,
        changes or {},
        kinds_of(plugin),
        free_from=day,
        past=past,
        particles=particles,
    )
    experiment = arms.experiment
    root_seed = _asked(root_seed, experiment.root_seed if experiment else None, 1)
    require("--root-seed", root_seed, 0)
    length = length_asked(until, arms.scenarios, experiment)
    for scenario in {s.name: s for s in arms.scenarios.values()}.values():
        say_caution(scenario, watch)
    first = next(iter(arms.scenarios.values()))
    base = first if experiment is None else experiment.scenario
    say_outside(base, arms.scenarios.values(), watch)
    parting = parting_text(arms.scenarios)
    if advice := parting_advice(arms.scenarios):
        watch.say(f"{parting} {advice}")
    names = outcomes_asked(outcomes, experiment)
    planned = experiment.replications if experiment else None
    if draws is not None or posterior is not None:
        from sim.verbs.studies.compare_draws import Draws, compare_draws

        idle = {
            "--independent": independent,
            "--until-half-width": until_half_width,
            "--competing": competing,
        }
        _refuse_idle(idle, "of no effect under parameter draws; leave it out")
        asked = Draws(
            number=POSTERIOR_DRAWS if draws is None else draws,
            replications=_asked(replications, None, 2),
            vary=several(vary),
            as_shipped=_asked(None, planned, REPLICATIONS),
            posterior=posterior,
            engine=engine,
        )
        return compare_draws(
            arms=arms,
            names=names,
            asked=asked,
            root_seed=root_seed,
            until=length,
            workers=crew,
            out=out,
            watch=watch,
            notes=(parting,) if parting else (),
        )
    _refuse_idle({"--vary": vary}, "of no effect without --draws, 100 for example")
    n = _asked(replications, planned, REPLICATIONS)
    require("--replications", n, FEWEST_REPLICATIONS, MOST_REPLICATIONS)
    texts = [run_digest(one, root_seed, length) for one in arms.scenarios.values()]
    digest = sha256("".join(texts).encode()).hexdigest()
    folder = folder_asked(out, folder_for(None, first.name, digest).path)
    if folder is not None:
        take_comparison(folder, list(arms.scenarios))
    watch.keep(
        "nothing is kept, since no --out names a folder"
        if folder is None
        else f"what is finished is kept in {folder}"
    )
    rivals = list(listed(competing))
    with (
        watch.stage("simulating " + ", ".join(arms.scenarios), crew) as progress,
        hired(crew) as executor,
    ):
        runner = ArmRunner(
            scenarios=arms.scenarios,
            root_seed=root_seed,
            until=length,
            independent=independent,
            workers=1 if executor is None else executor,
            out=folder,
            progress=progress,
            labels=arms.labels,
            engine=engine,
        )
        runner.check()
        target = target_asked(until_half_width, at_most, experiment, replications)
        notes = [parting] if parting else []
        comparison = _compared(
            runner=runner,
            names=names,
            n=n,
            target=target,
            rivals=rivals,
            notes=notes,
            experiment=experiment,
        )
    answer = ComparisonAnswer(comparison, runner, first, rivals, folder, watch)
    if folder is not None:
        answer.write(folder)
    return answer


def _refuse_idle(options: Mapping[str, Any], why: str) -> None:
    """Refuse options that would do nothing: whoever gives them believes they do."""
    given = [name for name, value in options.items() if value]
    if given:
        message = f"{', '.join(given)}: {why}"
        raise StudyError(message)


def _asked(given: int | None, planned: int | None, default: int) -> int:
    """Return what is asked for, else the experiment's, else the default."""
    if given is not None:
        return given
    return default if planned is None else planned


def _compared(
    runner: ArmRunner,
    names: list[str],
    n: int,
    target: tuple[str, float, int] | None,
    rivals: list[str],
    notes: list[str],
    experiment: Experiment | None,
) -> Comparison:
    """Run the arms and compare them."""
    from sim.comparison.compare import compare_arms
    from sim.comparison.competing import competing_names, with_competing
    from sim.comparison.pairing import require_outcomes
    from sim.comparison.stopping import replicate_until
    from sim.outcomes import outcomes_for

    tables = [outcomes_for(scenario) for scenario in runner.scenarios.values()]
    if rivals:
        require_outcomes(rivals, tables)
    chosen = require_outcomes(names, tables)
    notes += [
        f"{name} has the very values of the reference: no difference is possible."
        for name in runner.same_arms()
    ]
    if target is None:
        arms = runner.run(range(n))
    else:
        outcome, half_width, at_most = target
        require_outcomes([outcome], tables)
        arms, stopped = replicate_until(
            run=runner.run,
            outcome=outcome,
            half_width=half_width,
            at_most=at_most,
            independent=runner.independent,
        )
        notes.append(stopped)
    wanted = list(chosen)
    if rivals:
        arms = [with_competing(arm, rivals) for arm in arms]
        wanted += competing_names(arms[0], rivals)
    return compare_arms(
        arms,
        wanted,
        independent=runner.independent,
        notes=tuple(notes),
        asked=None if experiment is None else experiment.asked,
    )
