"""Two arms made one: replications matched by number, and what is unsound refused.

Arms are *coupled* when they ran with the same root_seed: replication k of one and of
the other are the same world but for the policy. A replication that failed in one arm
leaves both, or the survivors would be other worlds in each.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.errors import StudyError, nearest, one_of
from sim.outcomes import outcomes_for

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from sim.ensemble.ensemble import Ensemble
    from sim.outcomes import Outcome

FEWEST_REPLICATIONS: Final = 30
"""Below it no interval is given."""

MOST_FAILED: Final = 0.001
"""Share of failed replications above which arms are not compared."""


@dataclass(frozen=True, eq=False)
class ArmOutcomes:
    """One policy or scenario, and what its replications gave."""

    name: str
    root_seed: int
    until: float
    """Days of each replication that count: not those that the record puts in."""
    outcomes: pd.DataFrame
    """One row a replication, one column an outcome; the index is its number."""
    failed: frozenset[int]
    """Numbers of the replications that failed."""
    table: dict[str, Outcome]
    """The outcomes by column."""
    label: str = ""
    """What an experiment's file calls it; empty where there is none."""

    @property
    def called(self) -> str:
        """How sentences and pictures call it."""
        return self.label or self.name

    def joined(self, then: ArmOutcomes) -> ArmOutcomes:
        """Return it with further replications after those that are there."""
        import pandas as pd

        return replace(
            self,
            outcomes=pd.concat([self.outcomes, then.outcomes]),
            failed=self.failed | then.failed,
        )


def arm_of(name: str, ensemble: Ensemble, label: str = "") -> ArmOutcomes:
    """Return an ensemble as an arm of a comparison."""
    return ArmOutcomes(
        label=label,
        name=name,
        root_seed=ensemble.root_seed,
        until=ensemble.scenario.counted_days(ensemble.until),
        outcomes=ensemble.outcomes,
        failed=frozenset(int(number) for number in ensemble.failures.index),
        table=outcomes_for(ensemble.scenario),
    )


@dataclass(frozen=True, eq=False)
class Pairing:
    """Two arms that may be compared; row k of each is replication ``numbers[k]``.

    In arms that are independent the rows have nothing to do with each other, and there
    may be more in one.
    """

    reference: ArmOutcomes
    arm: ArmOutcomes
    is_coupled: bool
    numbers: NDArray[np.int64]
    """Replications of the reference that are used, shape (n,)."""
    arm_numbers: NDArray[np.int64]
    """Those of the other arm; the same where the arms are coupled."""
    n_failed: int
    """Replications left out because they failed in either arm."""

    def columns(self, outcome: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return an outcome of the reference and of the arm; nan where undefined."""
        return (
            self.reference.outcomes[outcome].loc[self.numbers].to_numpy(dtype=float),
            self.arm.outcomes[outcome].loc[self.arm_numbers].to_numpy(dtype=float),
        )


def pair(
    reference: ArmOutcomes, arm: ArmOutcomes, *, independent: bool = False
) -> Pairing:
    """Match two arms by replication number; independent ones have nothing matched.

    Raises
    ------
    StudyError
        If the arms differ in length, are coupled or independent against what is asked,
        share fewer than 30 replications, or more than 0.1 % of those failed.
    """
    _check_lengths(reference, arm)
    names = f"{reference.name} and {arm.name}"
    is_coupled = reference.root_seed == arm.root_seed
    if not is_coupled and not independent:
        message = (
            f"{names} have different root_seeds ({reference.root_seed} and "
            f"{arm.root_seed}): their replications are different worlds and cannot be "
            "paired; give both the same root_seed, or say --independent"
        )
        raise StudyError(message)
    if is_coupled and independent:
        message = (
            f"{names} have the same root_seed ({arm.root_seed}): they are coupled, and "
            "a test for independent samples is wrong for them; leave out "
            "--independent, or give each its own root_seed"
        )
        raise StudyError(message)
    mine, theirs = _numbers(reference), _numbers(arm)
    if is_coupled:
        shared = np.intersect1d(mine, theirs)
        failed = reference.failed | arm.failed
        of_reference = _without(shared, failed)
        n_asked, of_arm = len(shared), of_reference
    else:
        of_reference = _without(mine, reference.failed)
        of_arm = _without(theirs, arm.failed)
        n_asked = len(mine) + len(theirs)
    n_used = len(of_reference) if is_coupled else len(of_reference) + len(of_arm)
    n_failed = n_asked - n_used
    if n_failed > MOST_FAILED * n_asked:
        message = (
            f"{names}: {n_failed} of {n_asked} replications failed "
            f"({100.0 * n_failed / n_asked:.2g} %); above 0.1 % those that are left no "
            "longer stand for all. Mend the scenario, or raise limits.max_incidents"
        )
        raise StudyError(message)
    n = min(len(of_reference), len(of_arm))
    if n < FEWEST_REPLICATIONS:
        unit = "paired replications" if is_coupled else "replications in the shorter"
        message = (
            f"{names}: {n} {unit}; an interval needs at least {FEWEST_REPLICATIONS}"
        )
        raise StudyError(message)
    return Pairing(
        reference=reference,
        arm=arm,
        is_coupled=is_coupled,
        numbers=of_reference,
        arm_numbers=of_arm,
        n_failed=n_failed,
    )


def _check_lengths(reference: ArmOutcomes, arm: ArmOutcomes) -> None:
    """Refuse arms that were not simulated for as long."""
    if reference.until != arm.until:
        message = (
            f"{reference.name} ran {reference.until:g} days and {arm.name} "
            f"{arm.until:g}: counts and times over different lengths cannot be "
            "compared; give both the same --until"
        )
        raise StudyError(message)


def _numbers(arm: ArmOutcomes) -> NDArray[np.int64]:
    index: Any = arm.outcomes.index
    return np.asarray(index, dtype=np.int64)


def _without(numbers: NDArray[np.int64], failed: Iterable[int]) -> NDArray[np.int64]:
    return numbers[~np.isin(numbers, np.array(sorted(failed), dtype=np.int64))]


def outcomes_to_compare(
    names: Sequence[str], arms: Sequence[ArmOutcomes]
) -> dict[str, Outcome]:
    """Return the outcomes by name, in the order asked; ``all`` stands for every one.

    Raises
    ------
    StudyError
        If one is not an outcome of every arm, or none is asked for.
    """
    return require_outcomes(names, [arm.table for arm in arms])


def require_outcomes(
    names: Sequence[str], tables: Sequence[Mapping[str, Outcome]]
) -> dict[str, Outcome]:
    """Return outcomes by name that every one of several tables has.

    Raises
    ------
    StudyError
        If one is not in all of them, or none is asked for.
    """
    known = {
        name: row
        for name, row in tables[0].items()
        if all(name in table for table in tables)
    }
    if list(names) == ["all"]:
        return known
    if not names:
        message = "no outcome to compare; name at least one"
        raise StudyError(message)
    for name in names:
        if name not in known:
            message = (
                f"{name!r} is not an outcome of every arm{nearest(name, known)}; "
                f"outcomes: {one_of(known)}"
            )
            raise StudyError(message)
    return {name: known[name] for name in names}
