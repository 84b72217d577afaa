"""``explain``: why an incident happened, what if one had not, how it comes about."""

from __future__ import annotations

import shlex
from dataclasses import asdict, dataclass
from functools import cached_property
from math import isnan, nan
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import StudyError
from sim.verbs.answer import Answer
from sim.verbs.arguments import caution, header, listed, require, say_caution, several
from sim.verbs.replications.run import Run
from sim.verbs.watch import Watch, watch_of

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

    import pandas as pd

    from sim.ensemble.ensemble import Ensemble
    from sim.explanation.difference import Difference
    from sim.explanation.explain import Explanation
    from sim.explanation.necessity import ButFor
    from sim.explanation.paths import Paths
    from sim.pictures.style import Pictures
    from sim.reports.why import StepText
    from sim.scenario.scenario import Scenario


class _OfRun(Answer):
    """What is said of a run's scenario."""

    scenario: Scenario

    def notes(self) -> list[str]:
        """Return the caution of an unchecked scenario."""
        return [text for text in (caution(self.scenario),) if text]


@dataclass(frozen=True, eq=False, repr=False)
class ExplanationAnswer(_OfRun):
    """Why one incident of one replication happened."""

    result: Explanation
    scenario: Scenario
    chosen: str = ""
    """Why this replication, where none was named."""
    share: float = nan
    """Share of the run's replications in which the act that is explained happens; nan
    where no outcome counts it."""
    n: int = 0
    """Replications of the run."""

    @cached_property
    def step_texts(self) -> list[StepText]:
        """Each step in words: what happened, by which links, what weighed."""
        from sim.reports.why import tell

        return tell(self.result)

    def headline(self) -> str:
        """Return which incident of which replication."""
        from sim.reports.why import heading

        return f"{self.scenario.name}: {heading(self.result)}"

    def table(self) -> pd.DataFrame:
        """Return one row a step, by its number in the story, the incident last."""
        import pandas as pd

        rows = [
            {
                "number": one.sentence.number,
                "date": one.sentence.date,
                "text": one.sentence.text,
                "links": one.links,
                "moved_by": one.reasons,
                "is_in_chain": one.is_in_chain,
            }
            for one in self.step_texts
        ]
        frame: Any = pd.DataFrame(rows)
        return frame.set_index("number")

    @property
    def over_all(self) -> str:
        """How often the act comes in the whole run; empty where it does not say."""
        from sim.ladder import ACTS

        if isnan(self.share):
            return ""
        label = ACTS[self.result.steps[-1].record.act].label
        return (
            f"This act, {label}, comes in {100.0 * self.share:.0f} % of the run's "
            f"{self.n} histories, whatever leads to it. What holds of all of them, not "
            "of this one alone:"
        )

    def questions(self) -> list[str]:
        """Return the commands that ask the same of the whole run."""
        from sim.ladder import name_of

        one = self.result
        acts = {step.number: step.record.act for step in one.steps}
        words = ["escalade", "explain", one.scene.folder]
        texts = [shlex.join([*words, "--paths-to", name_of(acts[one.number])])]
        if len(one.chain) > 1:
            before = f"act={name_of(acts[one.chain[-2]])}"
            texts.append(shlex.join([*words, "--without", before]))
        return texts

    @property
    def story(self) -> str:
        """The command that tells the whole replication, by the same numbers."""
        from sim.ensemble.part import scenario_file

        scene = self.result.scene
        file = scene.scenario.name
        if scene.folder != "RUN":
            file = str(scenario_file(scene.scenario, Path(scene.folder)))
        words = ["escalade", "replay", file, "--root-seed", f"{scene.root_seed}"]
        words += ["-k", f"{scene.number}", "--until", f"{scene.until:g}"]
        return shlex.join([*words, *scene.alteration.words(), "--every"])

    def preventions(self) -> pd.DataFrame:
        """Return one row for each that would have prevented it, and what comes then."""
        import pandas as pd

        from sim.reports.why import prevention_cells

        heads, rows = prevention_cells(self.result)
        return pd.DataFrame(rows, columns=list(heads))

    def notes(self) -> list[str]:
        """Return what the incident hangs on, in a sentence, and the caution."""
        from sim.reports.why import chance_text, ending

        texts = (self.chosen, ending(self.result), chance_text(self.result))
        lines = [*(text for text in texts if text), *super().notes()]
        if not self.over_all:
            return lines
        return [*lines, f"{self.over_all} {'; '.join(self.questions())}"]

    def data(self) -> dict[str, Any]:
        """Return what the command prints with ``--json``."""
        from sim.reports.why import chain_text, chance_text, ending

        data = self.result.as_data()
        data["chosen"] = self.chosen
        data["over_all"] = {"text": self.over_all, "commands": self.questions()}
        data["story"] = self.story
        data["chain_text"] = chain_text(self.result)
        data["ending"] = ending(self.result)
        data["chance"]["text"] = chance_text(self.result)
        for step, words in zip(data["steps"], self.step_texts, strict=True):
            step["text"], step["reasons"] = words.sentence.text, words.reasons
        return {"scenario": header(self.scenario)} | data

    def pictures(self) -> Pictures:
        """Return what plots it on the ladder."""
        from sim.pictures.why import why_picture

        return {"why": lambda: why_picture(self.result)}


@dataclass(frozen=True, eq=False, repr=False)
class DifferenceAnswer(_OfRun):
    """A replication beside itself without some incidents, or with one put in."""

    result: Difference
    scenario: Scenario
    without: Sequence[str]
    put_in: str | None
    outcomes: Sequence[str]
    """Names of those that both worlds are told by."""

    @property
    def asked(self) -> str:
        """What is otherwise, in words."""
        from sim.explanation.difference import author_known

        parts = [f"without {', '.join(self.without)}"] if self.without else []
        if number := author_known(self.put_in):
            parts.append(f"where who did [{number}] is known for sure")
        elif self.put_in is not None:
            parts.append(f"with {self.put_in} put in")
        return " and ".join(parts)

    def headline(self) -> str:
        """Return the replication, and what is otherwise."""
        number = self.result.own.replication
        return f"{self.scenario.name}: replication {number} {self.asked}"

    def table(self) -> pd.DataFrame:
        """Return one row an incident of either world, from where they part."""
        import pandas as pd

        return pd.DataFrame(
            [
                {
                    name: row[name]
                    for name in ("status", "day", "act", "actor", "target")
                }
                | {"as_it_was": row["factual"], "otherwise": row["otherwise"]}
                for row in self.data()["incidents"]
            ]
        )

    def notes(self) -> list[str]:
        """Return how far the worlds differ, in a sentence, and the caution."""
        from sim.reports.why import difference_text

        return [difference_text(self.result), *super().notes()]

    def data(self) -> dict[str, Any]:
        """Return what the command prints with ``--json``."""
        from sim.reports.why import side_by_side

        data = self.result.as_data()
        rows = side_by_side(self.result, self.scenario)
        for incident, words in zip(data["incidents"], rows, strict=True):
            incident |= {"factual": words.factual, "otherwise": words.otherwise}
        asked: dict[str, Any] = {}
        if self.without or self.put_in is None:
            asked["without"] = list(self.without)
        if self.put_in is not None:
            asked["put_in"] = self.put_in
        return {"scenario": header(self.scenario)} | asked | data


@dataclass(frozen=True, eq=False, repr=False)
class ButForAnswer(_OfRun):
    """A whole run beside itself without a cause, or with one put in."""

    result: ButFor
    scenario: Scenario

    def headline(self) -> str:
        """Return the cause, and in how many replications it happens."""
        one = self.result
        if one.is_put_in:
            return f"{self.scenario.name}: {one.n} replications with {one.cause}"
        n = "all" if one.n_with_cause == one.n else one.n_with_cause
        return (
            f"{self.scenario.name}: without {one.cause}, which happens in {n} of "
            f"{one.n} replications"
        )

    def table(self) -> pd.DataFrame:
        """Return one row an outcome: shares, 0 to 1, or counts, with intervals."""
        import pandas as pd

        data: Any = asdict(self.result)
        both = [*data["shares"].items(), *data["changes"].items()]
        rows: Any = [{"outcome": name, **row} for name, row in both]
        pandas: Any = pd
        frame = pandas.json_normalize(rows)
        return frame.set_index("outcome")

    def data(self) -> dict[str, Any]:
        """Return what the command prints with ``--json``."""
        return {"scenario": header(self.scenario)} | asdict(self.result)


@dataclass(frozen=True, eq=False, repr=False)
class PathsAnswer(_OfRun):
    """By which chains an act first comes about over a run, and where chains end."""

    result: Paths
    scenario: Scenario

    def headline(self) -> str:
        """Return the act, and in how many replications it comes."""
        one = self.result
        return (
            f"{self.scenario.name}: {one.label} comes in {one.n_reached} of {one.n} "
            "replications"
        )

    def table(self) -> pd.DataFrame:
        """Return one row a chain of acts, the most frequent first; shares 0 to 1."""
        import pandas as pd

        return pd.DataFrame(self.result.as_data()["paths"])

    def off_ramps(self) -> pd.DataFrame:
        """Return one row an act: how often nobody answers it; shares 0 to 1."""
        import pandas as pd

        return pd.DataFrame(self.result.as_data()["off_ramps"])

    def data(self) -> dict[str, Any]:
        """Return what the command prints with ``--json``."""
        return {"scenario": header(self.scenario)} | self.result.as_data()

    def pictures(self) -> Pictures:
        """Return what plots the chains."""
        from sim.pictures.paths import paths_picture

        return {"paths": lambda: paths_picture(self.result)}


def ensemble_of(run: str | os.PathLike[str] | Run) -> Ensemble:
    """Return the replications of a run, or of its folder.

    Raises
    ------
    StudyError
        If the folder holds none, or its rules are not those of today.
    """
    from sim.ensemble.rerun import read_run

    if isinstance(run, Run):
        return run.ensemble
    stored = read_run(Path(run))
    if stored.why_other_rules:
        message = f"{stored.why_other_rules}: make it again, with escalade rerun {run}"
        raise StudyError(message)
    return stored.ensemble()


def explain(
    run: str | os.PathLike[str] | Run,
    *,
    replication: int | None = None,
    incident: int | str | None = None,
    without: int | str | Sequence[int | str] | None = None,
    put_in: str | None = None,
    outcomes: str | Sequence[str] | None = None,
    paths_to: str | None = None,
    picture: str | os.PathLike[str] | None = None,
    engine: str = "auto",
    watch: bool | Watch = True,
) -> ExplanationAnswer | DifferenceAnswer | ButForAnswer | PathsAnswer:
    """Say why an incident happened, or what would be without one.

    Parameters
    ----------
    run
        What `sim.run` answered, or the folder of a run.
    replication
        Number of the replication; with `without` or `put_in` all when None, else one
        that ends in a strike.
    incident
        Its number in the story (`sim.replay`), its identity, or words such as
        ``first strike``, ``worst attack`` or ``first coalition death``; when None the
        first of its strikes on the highest rung, or without any the first on the
        highest rung.
    without
        What if this had not happened: words as of `incident`; a class (``act=ACT``,
        ``act=ACT@DATE``, ``all strikes``), ``development=ID`` or ``record=ROW``; of one
        replication also numbers in the story, and identities.
    put_in
        What if this had happened: ``act=ACT,actor=NAME,at=DATE``, and ``target=``,
        ``site=`` and what it does; of one replication, with `without`, in its place.
        There also ``author=N``: what if who did incident N were known for sure.
    outcomes
        Names of outcomes that both worlds are told by; the main ones when None.
    paths_to
        An act, or words as of `incident`: by which chains it comes about over the whole
        run.
    picture
        File (.svg and .png) that it is drawn into; `figures` gives it without one.
    engine, watch
        As in `sim.run`.

    Returns
    -------
    ExplanationAnswer, DifferenceAnswer, ButForAnswer or PathsAnswer
        Each link is in the log's column of causes, or is confirmed by a replay. Times
        are in days since the start, shares 0 to 1.

    Raises
    ------
    StudyError
        If there is no such replication, incident or cause, or the folder holds no run.

    Examples
    --------
    >>> import sim
    >>> few = sim.run("iraq_2019_2020", replications=2, until=60)
    >>> why = sim.explain(few, replication=1)
    >>> why
    <Explanation: iraq_2019_2020: why incident ... of replication 1 happened (...)>
    >>> why.table()["is_in_chain"].iloc[-1].item()
    True
    >>> sim.explain(few, without="first=rocket_attack")
    <ButFor: iraq_2019_2020: without the first rocket attack, which happens in all ...>
    """
    watch = watch_of(watch)
    ensemble = ensemble_of(run)
    scenario, texts = ensemble.scenario, several(without)
    _refuse_several_in_one(texts, replication)
    say_caution(scenario, watch)
    answer: ExplanationAnswer | DifferenceAnswer | ButForAnswer | PathsAnswer
    if paths_to is not None:
        if replication is not None or texts or put_in or incident:
            message = "--paths-to is asked of the whole run, and alone"
            raise StudyError(message)
        answer = _paths(ensemble, paths_to, engine, watch)
    elif replication is None and (texts or put_in is not None):
        if picture is not None:
            option = "--without" if texts else "--put-in"
            message = f"{option} tells what would be; leave --picture"
            raise StudyError(message)
        _refuse_over_all(texts, put_in)
        answer = _over_all(ensemble, texts, put_in, listed(outcomes), engine)
    else:
        chosen = ""
        if replication is None:
            if incident is not None:
                message = f"--incident {incident!r}: name its --replication"
                raise StudyError(message)
            replication, chosen = _telling(ensemble)
        require("--replication", replication, 0)
        if texts or put_in is not None:
            if incident is not None or picture is not None:
                option = "--without" if texts else "--put-in"
                message = f"{option} tells what would be; leave --incident, --picture"
                raise StudyError(message)
            from sim.explanation.difference import but_for
            from sim.explanation.necessity import ASKED, known_outcomes

            names = tuple(known_outcomes(scenario, listed(outcomes) or ASKED))
            difference = but_for(
                ensemble, replication, texts, put_in=put_in, engine=engine
            )
            answer = DifferenceAnswer(difference, scenario, texts, put_in, names)
        else:
            from sim.explanation.explain import explain as explanation_of
            from sim.ladder import name_of

            result = explanation_of(ensemble, replication, incident, engine=engine)
            table: Any = ensemble.outcomes
            counted = f"n_{name_of(result.steps[-1].record.act)}s_true"
            share = float((table[counted] > 0.0).mean()) if counted in table else nan
            answer = ExplanationAnswer(result, scenario, chosen, share, len(table))
    if picture is not None and (plots := answer.pictures()):
        from sim.pictures.style import plot_and_save

        plot_and_save(next(iter(plots.values())), Path(picture).with_suffix(""))
    return answer


def _refuse_over_all(texts: Sequence[str], put_in: str | None) -> None:
    """Refuse what can be asked of one replication only."""
    from sim.explanation.difference import author_known

    if texts and put_in is not None:
        message = (
            "over a whole run --without and --put-in are two questions: ask one at a "
            "time, or name a --replication"
        )
        raise StudyError(message)
    if author_known(put_in):
        message = (
            f"--put-in {put_in}: a number is of one replication's story: name its "
            "--replication"
        )
        raise StudyError(message)


def _refuse_several_in_one(texts: Sequence[str], replication: int | None) -> None:
    """Refuse numbers with commas between, and numbers without their replication."""
    for text in texts:
        numbers = [part.strip() for part in text.split(",")]
        if not all(number.isdecimal() and len(number) < 32 for number in numbers):
            continue
        if len(numbers) > 1:
            again = " ".join(f"--without {number}" for number in numbers)
            message = f"--without {text!r}: repeat the option for each: {again}"
            raise StudyError(message)
        if replication is None:
            message = (
                f"--without {text}: a number is of one replication's story: name its "
                "--replication"
            )
            raise StudyError(message)


MOST_OTHERS = 5
"""Other replications that are named beside the one that is told."""


def _telling(ensemble: Ensemble) -> tuple[int, str]:
    """Return a replication that is worth telling, and why it is that one."""
    from sim.ensemble.typical import typical_replication

    outcomes: Any = ensemble.outcomes
    struck = outcomes[outcomes["first_strike_happened_true"] > 0.0]
    if ensemble.draws is not None or struck.empty:
        number = typical_replication(outcomes)
        return number, (
            "No --replication was named, and none has a strike: of all "
            f"{len(outcomes)} {number} is the nearest to the medians that these have "
            "of the main outcomes."
        )
    number = typical_replication(struck)
    others = [f"{n}" for n in struck.index if n != number][:MOST_OTHERS]
    also = f" Others: {', '.join(others)}." if others else ""
    return number, (
        f"No --replication was named: of the {len(struck)} of {len(outcomes)} with a "
        f"strike, {number} is the nearest to the medians that these {len(struck)} have "
        f"of the main outcomes.{also}"
    )


def _over_all(
    ensemble: Ensemble,
    without: Sequence[str],
    put_in: str | None,
    outcomes: Sequence[str],
    engine: str,
) -> ButForAnswer:
    """Compare a whole run with itself without a cause, or with one put in."""
    from sim.explanation.cause import incident_of
    from sim.explanation.necessity import ASKED, but_for_all, with_put_in

    names = outcomes or ASKED
    if put_in is not None:
        incident = incident_of(put_in, ensemble.scenario)
        result = with_put_in(ensemble, incident, names, engine=engine)
    else:
        if len(without) > 1:
            message = "over a whole run one --without at a time"
            raise StudyError(message)
        result = but_for_all(ensemble, without[0], names, engine=engine)
    return ButForAnswer(result, ensemble.scenario)


def _paths(ensemble: Ensemble, act: str, engine: str, watch: Watch) -> PathsAnswer:
    from sim.explanation.paths import paths_to

    with watch.stage("replaying") as progress:
        paths = paths_to(ensemble, act, engine=engine, progress=progress)
    return PathsAnswer(paths, ensemble.scenario)
