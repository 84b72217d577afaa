"""The compiled driver as Python sees it: a cast in, logs out."""

from __future__ import annotations

import threading
from contextlib import suppress
from functools import lru_cache
from math import inf, nextafter
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.draws import Draws
from sim.engine import capacity
from sim.engine.alteration import UNALTERED, Alteration
from sim.engine.compiled.cache import (
    ONE_AT_A_TIME,
    compile_first,
    folder_for_kinds,
    is_locked,
    is_warm,
)
from sim.engine.compiled.numbering import Numbering
from sim.engine.compiled.tables import Tables, fits, write_alteration
from sim.engine.log import IncidentLog, Origin, Record, RecordType, Rows
from sim.engine.observation import reports_on
from sim.errors import RunError
from sim.ladder import Act
from sim.rules.behaviour import Effect
from sim.rules.registry import KINDS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sim.engine.cast import Cast
    from sim.rules.behaviour import Kind


class CompiledDriver:
    """Runs replications of one cast; any number of threads may share it.

    Parameters
    ----------
    cast
        The scenario's cast; `why_not` must have found nothing against it.
    """

    name = "compiled"

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        with ONE_AT_A_TIME:
            kinds = kinds_for(cast)
            self._run, self.cache = _loaded_for(kinds, cast.is_filtered)
        self._tables = Tables(cast, Numbering(kinds))
        self._local = threading.local()

    def renew(self, cast: Cast) -> None:
        """Take another cast that differs in numbers only, for this thread alone.

        Making a driver costs ten times as much as a replication; a study of very many
        points keeps one and renews it.
        """
        self.cast = cast
        self._tables.renew(cast)
        if getattr(self._local, "place", None) is not self._tables.place:
            self._local.place = self._tables.place
            self._local.alteration = UNALTERED
        if not hasattr(self._local, "state"):
            self._local.state = self._tables.start.copy()

    def rows(
        self,
        root_seed: int,
        number: int,
        until: float | None = None,
        alteration: Alteration = UNALTERED,
    ) -> Rows:
        """Run one replication and return its records as numbers.

        They are views that the thread's next replication overwrites.

        Raises
        ------
        RunError
            As the SimPy driver does, with the same message.
        """
        horizon = float(self.cast.scenario.horizon if until is None else until)
        place, _ = self._place()
        place["live"][0]["n_weighings"] = 0
        return self._rows(root_seed, number, horizon, alteration)

    def weights(
        self,
        root_seed: int,
        number: int,
        days: Sequence[float],
        alteration: Alteration = UNALTERED,
    ) -> list[float]:
        """Return what `sim.engine.run.weigh_replication` does."""
        place, _ = self._place()
        live = place["live"][0]
        live["n_weighings"] = len(days)
        live["weigh_day"][: len(days)] = days
        self._rows(root_seed, number, nextafter(days[-1], inf), alteration)
        return live["weighed"][: len(days)].tolist()

    def memory(self, actor: int, name: str) -> Any:
        """Return a field of an actor's memory as the thread's last replication left it.

        An entry per actor or per means where the field is a list.
        """
        place, state = self._place()
        slot = int(place["s"][0]["slot"][actor])
        return state["M"][self.cast.kinds[actor].name][0, slot][name].copy()

    def _rows(
        self, root_seed: int, number: int, horizon: float, alteration: Alteration
    ) -> Rows:
        place, state = self._place()
        if self._local.alteration is not alteration:
            write_alteration(place["altered"][0], alteration)
            self._local.alteration = alteration
        seed, replication = np.uint64(root_seed), np.uint64(number)
        self._run(place, state, self._tables.start, seed, replication, horizon)
        live = place["live"][0]
        if live["status"]:  # not STATUS_FINE
            path = self.cast.scenario.path or self.cast.scenario.name
            raise RunError(
                self._complaint(live), path, root_seed, number, str(alteration)
            )
        return Rows(
            place["log"][0, : int(live["n_rows"])],
            place["effects"]["of"][0, : int(live["n_effects"])],
        )

    def log(
        self,
        root_seed: int,
        number: int,
        until: float | None = None,
        alteration: Alteration = UNALTERED,
    ) -> IncidentLog:
        """Run one replication and return its log, as the SimPy driver does."""
        cast = self.cast
        rows = self.rows(root_seed, number, until, alteration)
        effects = [Effect(*effect) for effect in rows.effects.tolist()]
        records = [record_in(row, effects) for row in rows.records]
        draws = Draws(root_seed, number)
        reports = reports_on(
            draws, cast.scenario.observations, records, alteration.lineage
        )
        return IncidentLog(
            replication=number,
            root_seed=root_seed,
            horizon=cast.scenario.horizon if until is None else until,
            since=cast.since,
            actors=cast.names,
            sites=cast.sites,
            means=tuple(means.name for means in cast.means),
            operations=tuple(operation.name for operation in cast.operations),
            stages=tuple(
                tuple(stage.name for stage in operation.stages)
                for operation in cast.operations
            ),
            records=tuple(records),
            reports=tuple(reports),
        )

    def _place(self) -> tuple[Any, Any]:
        """Return this thread's own place to run in."""
        local = self._local
        if not hasattr(local, "place"):
            # Room for records is not copied: few of them are ever written.
            whole = self._tables.place
            local.place = np.zeros(1, whole.dtype)
            for name in set(whole.dtype.names or ()) - {"log", "effects"}:
                local.place[name] = whole[name]
            local.state = self._tables.start.copy()
            local.alteration = UNALTERED
        return local.place, local.state

    def _complaint(self, live: Any) -> str:
        """Say what went wrong, in the SimPy driver's words."""
        from sim.engine.compiled import moments

        day = float(live["now"])
        match int(live["status"]):
            case moments.STATUS_HAZARD:
                channel = self.cast.channels[int(live["wrong_channel"])]
                return capacity.hazard_out_of_bounds(
                    day,
                    self.cast.names[channel.actor],
                    channel.option.operation.name,
                    float(live["wrong_rate"]),
                    float(live["wrong_ceiling"]),
                )
            case moments.STATUS_CANDIDATES:
                channel = self.cast.channels[int(live["wrong_channel"])]
                return capacity.too_many_candidates(
                    day,
                    self.cast.names[channel.actor],
                    channel.option.operation.name,
                    channel.highest,
                )
            case moments.STATUS_INCIDENTS:
                most = self.cast.scenario.max_incidents
                return capacity.too_many_incidents(day, most)
            case moments.STATUS_RUNNING:
                return capacity.too_many_running(day)
            case moments.STATUS_PENDING:
                return capacity.too_many_pending(day)
            case moments.STATUS_RECORDS:
                return capacity.too_many_records(day)
            case status:
                return (
                    f"day {day:.3f}: the compiled driver stopped with status {status}"
                )


def kinds_for(cast: Cast) -> tuple[Kind, ...]:
    """Return the kinds to compile: those that ship, and the scenario's own."""
    shipped = tuple(KINDS.values())
    if all(kind in shipped for kind in cast.kinds):
        return shipped
    return tuple(dict.fromkeys(cast.kinds))


def why_not(cast: Cast) -> str:
    """Return why a cast cannot run compiled, or the empty string.

    It compiles the rules of kinds that it has not met before.
    """
    reason = fits(cast)
    if reason:
        return reason
    try:
        with suppress(RunError):
            CompiledDriver(cast).rows(0, 0, until=1e-9)
    except Exception as error:
        from sim.engine.compiled.blame import rule_at_fault, said

        names = ", ".join(sorted({kind.name for kind in cast.kinds}))
        fault = rule_at_fault(dict.fromkeys(cast.kinds))
        return fault or f"the rules of {names} do not compile: {said(error)}"
    return ""


def record_in(row: Any, effects: list[Effect]) -> Record:
    """Return a row of the compiled log as the record that it stands for."""
    return Record(
        time=float(row["time"]),
        record_type=RecordType(row["record_type"]),
        identity=int(row["high"]) << 64 | int(row["low"]),
        cause=int(row["cause_high"]) << 64 | int(row["cause_low"]),
        actor=int(row["actor"]),
        act=Act(row["act"]),
        target=int(row["target"]),
        site=int(row["site"]),
        operation=int(row["operation"]),
        stage=int(row["stage"]),
        effect=effects[int(row["effect"])],
        confidence=float(row["confidence"]),
        origin=Origin(row["origin"]),
    )


@lru_cache(maxsize=8)
def _loaded_for(kinds: tuple[Kind, ...], is_filtered: bool) -> tuple[Any, Path]:
    """Return the entry point for a tuple of kinds, compiled first if it is not kept."""

    def otherwise() -> Any:
        from sim.engine.compiled.loop import run_for

        return run_for(kinds, is_filtered)

    folder = _folder(kinds, is_filtered)
    return compile_first(folder, _compile, (kinds, is_filtered), otherwise), folder


def _compile(asked: tuple[tuple[Kind, ...], bool]) -> None:
    from sim.engine.compiled.loop import compile_kinds

    compile_kinds(asked)


@lru_cache(maxsize=8)
def _folder(kinds: tuple[Kind, ...], is_filtered: bool) -> Path:
    return folder_for_kinds(kinds, "filtered" if is_filtered else "")


def is_being_compiled(cast: Cast) -> bool:
    """Whether another process compiles the rules of a cast now."""
    return is_locked(_folder(kinds_for(cast), cast.is_filtered))


def needs_compiling(cast: Cast) -> bool:
    """Whether the first replication will have to compile (half a minute, once)."""
    return not is_warm(_folder(kinds_for(cast), cast.is_filtered))
