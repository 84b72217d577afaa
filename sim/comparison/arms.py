"""Running the arms of a comparison: the same root_seed and the same numbers for all."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from sim.analytic.branching import refuse_runaway
from sim.comparison.pairing import ArmOutcomes, arm_of
from sim.engine.alteration import UNALTERED, Alteration
from sim.ensemble.ensemble import run_ensemble
from sim.ensemble.filtered_past import pasts_for
from sim.ensemble.workers import hired
from sim.errors import StudyError, one_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from sim.ensemble.ensemble import Ensemble
    from sim.ensemble.part import Progress
    from sim.ensemble.workers import Workers
    from sim.scenario.scenario import Scenario


_TAKEN: Final = ("", ".", "..", "pictures", "as_shipped")
"""What no arm may be called: its name is that of its folder in the comparison's."""


def refuse_names(names: Iterable[str]) -> None:
    """Refuse names of arms that cannot be names of folders of their own.

    Raises
    ------
    StudyError
        With all of them.
    """
    wrong = [repr(n) for n in names if n in _TAKEN or "/" in n or "\\" in n]
    if wrong:
        taken = one_of(map(repr, _TAKEN))
        message = (
            f"arms: {one_of(wrong)}: an arm is named as its folder; allowed is any "
            f"text without / and \\ but {taken}"
        )
        raise StudyError(message)


@dataclass(frozen=True)
class ArmRunner:
    """Scenarios by arm, the reference first, and how they are run."""

    scenarios: Mapping[str, Scenario]
    root_seed: int
    until: float
    independent: bool = False
    """Whether each arm gets a root_seed of its own: the next whole number."""
    workers: Workers = 1
    """An executor serves all arms; a number hires processes anew for each."""
    out: Path | None = None
    """Folder that gets one run directory an arm; None keeps outcomes in memory."""
    progress: Progress | None = field(default=None, compare=False)
    labels: Mapping[str, str] = field(default_factory=dict[str, str])
    """What an experiment's file calls the arms, by name."""
    engine: str = "auto"
    """``auto``, ``simpy`` or ``compiled``; results do not depend on it."""

    def check(self) -> None:
        """Refuse arms that run away, that are too short, or that no folder can have.

        Raises
        ------
        StudyError
            With the reason.
        """
        refuse_names(self.scenarios)
        for name, scenario in self.scenarios.items():
            if self.until > scenario.horizon:
                message = (
                    f"{name} ends after {scenario.horizon:g} days, before the "
                    f"{self.until:g} days of the comparison; give --until"
                )
                raise StudyError(message)
            try:
                refuse_runaway(scenario, self.until)
            except StudyError as error:
                message = f"arm {name}: {error}"
                raise StudyError(message) from error

    def run(self, numbers: range) -> list[ArmOutcomes]:
        """Run a range of replications of every arm."""
        arms: list[ArmOutcomes] = []
        for place, (name, scenario) in enumerate(self.scenarios.items()):
            root_seed = self.root_seed + place if self.independent else self.root_seed
            ensemble = run_ensemble(
                scenario,
                replications=numbers,
                root_seed=root_seed,
                workers=self.workers,
                until=self.until,
                out=None if self.out is None else self.out / name,
                progress=self._progress(place, len(numbers)),
                keep_records=False,
                engine=self.engine,
                alteration=self.alteration_of(name),
                n_beside=len(numbers) * (len(self.scenarios) - 1),
            )
            _refuse_all_failed(name, ensemble)
            arms.append(arm_of(name, ensemble, self.labels.get(name, "")))
        return arms

    def alteration_of(self, name: str) -> Alteration:
        """Return the pasts of an arm: all that part on a day have the first's."""
        (first, reference), *_ = self.scenarios.items()
        scenario = self.scenarios[name]
        is_one_past = (
            scenario.history == reference.history
            and scenario.actors == reference.actors
        )
        if self.independent or not (is_one_past or name == first):
            return UNALTERED
        return self._filtered(reference)

    def pasts_of(self, name: str) -> Alteration:
        """Return the pasts of an arm, its own where it does not have the first's."""
        altered = self.alteration_of(name)
        return (
            self._filtered(self.scenarios[name]) if altered.pasts is None else altered
        )

    def _filtered(self, scenario: Scenario) -> Alteration:
        engine = "simpy" if self.engine == "simpy" else "compiled"
        with hired(self.workers) as executor:
            pasts = pasts_for(
                scenario, self.root_seed, engine=engine, executor=executor
            )
        return Alteration(pasts=pasts)

    def _progress(self, place: int, n: int) -> Progress | None:
        """Return a progress that counts the arms before this one."""
        progress, n_arms = self.progress, len(self.scenarios)
        if progress is None:
            return None
        whole = progress

        def tell(done: int, asked: int) -> None:
            del asked
            whole(place * n + min(done, n), n_arms * n)

        return tell

    def same_arms(self) -> list[str]:
        """Return the names of the arms that have the reference's very values."""
        names = list(self.scenarios)
        digests = {n: s.digest for n, s in self.scenarios.items()}
        return [name for name in names[1:] if digests[name] == digests[names[0]]]


def _refuse_all_failed(name: str, ensemble: Ensemble) -> None:
    """Refuse an arm of which nothing is left."""
    if len(ensemble.failures) < len(ensemble.outcomes):
        return
    first = ensemble.failures.iloc[0]
    message = f"every replication of {name} failed; the first: {first['error']}"
    raise StudyError(message)
