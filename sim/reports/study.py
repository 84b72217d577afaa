"""The reports of a comparison and of a sweep, read from their folders."""

from __future__ import annotations

from dataclasses import replace
from math import isfinite, nan
from typing import TYPE_CHECKING, Any, Final

from pydantic import Field, model_validator

from sim.comparison.standings import standings_of
from sim.digits import figure, interval_text, plural
from sim.ensemble.rerun import read_run
from sim.ensemble.study_folder import COMPARISON, MANIFEST
from sim.ensemble.summary import DEAD, OTHER_DEAD, all_dead, other_dead
from sim.errors import SimError, StudyError
from sim.experiment.load import COLUMNS
from sim.outcomes import OUTCOMES, outcomes_for
from sim.reading.json_text import Form, json_object
from sim.reports import model
from sim.reports.arms import arms_section, base_of, own_acts, policy_lines
from sim.reports.chart import distribution_chart
from sim.reports.checklist import checklist
from sim.reports.headline import (
    Beside,
    assumed_text,
    count_word,
    listed,
    rungs_note,
)
from sim.reports.manifest import (
    caution_of,
    draws_command,
    facts_of,
    horizon_of,
    manifest_section,
    require_complete,
)
from sim.reports.page import (
    Cells,
    Chart,
    Page,
    Passage,
    Picture,
    Section,
    address_of,
    picture_of,
)
from sim.reports.policies import (
    dead_first,
    looked_at,
    pair_asked,
    policies_headline,
    ranking_section,
)
from sim.reports.rivals import rivals_text
from sim.scenario.load import load

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from sim.pictures.panel import Panel
    from sim.rules.behaviour import Kind
    from sim.scenario.scenario import Scenario

_INTERVALS: Final = (
    "Means with normal intervals, shares with Wilson's, at 95 %, of Monte Carlo error "
    "only."
)
_COVERED: Final = ("effects", "distributions", "times")
"""Pictures of what the chart of outcomes, or the table of differences, shows too."""
_CAPTIONS: Final = {
    "effects": ("Differences and their intervals", "Each arm against the reference."),
    "pairs": ("Pair by pair", "The same replication in both arms."),
    "distributions": ("Distribution functions", "All replications of each arm."),
    "times": ("Times to events", "Share of replications without the event yet."),
    "first": ("Which comes first", "Cumulative incidence of competing events."),
}


class _Row(Form):
    """An outcome of a comparison."""

    outcome: str
    headline: str
    label: str
    unit: str
    reason: str
    sentence: str
    n_differing: int
    n_defined: int
    mean_difference: float | None

    @model_validator(mode="before")
    @classmethod
    def _has_numbers(cls, data: Any) -> Any:
        """Refuse a headline, or an end of its interval, that is no number."""
        row: Any = data if isinstance(data, dict) else {}
        for name in (f"{row.get('headline')}{end}" for end in ("", "_low", "_high")):
            value = row.get(name)
            if value is not None and type(value) not in (int, float):
                message = f"{name} is not a number"
                raise ValueError(message)
        return data


class _Arm(Form):
    """An arm of a comparison."""

    arm: str
    reference: str
    coupled: bool
    replications: int
    outcomes: list[_Row]


class _Compared(Form):
    """What is read of `COMPARISON`."""

    question: str
    arms: list[str] = Field(min_length=2)
    labels: dict[str, str]
    descriptions: dict[str, str] = Field(default_factory=dict)
    pair: list[str] | None = None
    assumptions: list[str] = Field(default_factory=list)
    comparisons: list[_Arm] = Field(min_length=1)
    caveats: list[str]


def comparison_page(path: Path, question: str, kinds: Mapping[str, Kind]) -> Page:
    """Return the report of a comparison's folder."""
    file = path / COMPARISON
    data = json_object(file.read_bytes(), file, _Compared)
    names: list[str] = data["arms"]
    runs = {name: read_run(path / name, kinds) for name in names}
    first = runs[names[0]]
    called: dict[str, str] = {name: data["labels"].get(name, name) for name in names}
    frames: dict[str, Any] = {}
    for name, run in runs.items():
        ensemble = run.ensemble()
        frame: Any = ensemble.outcomes.drop(index=ensemble.failures.index)
        frames[called[name]] = frame.copy().assign(**{DEAD: all_dead(frame)})
    coupled = all(one["coupled"] for one in data["comparisons"])
    reference, *others = called.values()
    asked = question or data["question"]
    asked = (
        asked or f"What changes against {reference} with {' or with '.join(others)}?"
    )
    passages = tuple(
        Passage(
            f"{called[one['arm']]} against {reference}",
            tuple(row["sentence"] for row in sorted(one["outcomes"], key=_is_same)),
        )
        for one in data["comparisons"]
    )
    table = outcomes_for(first.scenario)
    asked_for = [row["outcome"] for row in data["comparisons"][0]["outcomes"]]
    compared = dead_first(asked_for, table)
    for name, frame in frames.items():
        frames[name] = frame.assign(**{OTHER_DEAD: other_dead(frame, compared)})
    scenarios = {called[name]: run.scenario for name, run in runs.items()}
    base = base_of(scenarios, first.manifest, kinds)
    columns = {
        name: {arm: frames[called[arm]][name] for arm in names} for name in compared
    }
    if coupled:
        both = set[int].intersection(*(set(frame.index) for frame in frames.values()))
        rows = sorted(both)
        columns = {
            name: {arm: values.loc[rows] for arm, values in by_arm.items()}
            for name, by_arm in columns.items()
        }
    standings = standings_of(
        {
            name: {arm: values.to_numpy(float) for arm, values in by_arm.items()}
            for name, by_arm in columns.items()
        },
        compared,
        first.root_seed,
        coupled=coupled,
        own=own_acts(scenarios),
        pair=pair_asked(data, names),
    )
    described: dict[str, str] = data.get("descriptions", {})
    said_of = {called.get(name, name): text for name, text in described.items()}
    command = draws_command(first.manifest, path)
    chart = distribution_chart(frames, table, (), first=compared)
    n = data["comparisons"][0]["replications"]
    unit = "paired replications" if coupled else "replications of each arm"
    estimation = " ".join([f"{n} {unit}.", *data["caveats"]])
    headline = policies_headline(
        standings,
        called,
        [
            rivals_text(scenarios, standings),
            "Other numbers than the scenario's could give another order. How often was "
            "not asked here; draws of the numbers from their ranges tell it"
            f"{', in some minutes:' if command else ' (escalade compare --draws).'}",
        ],
        [
            f"{n} {unit}: that much chance is averaged out. {looked_at(standings)}",
            f"{assumed_text(base)} What they leave open, and that history "
            "happens once, is in no figure here.",
        ],
        Beside(horizon=horizon_of(first.scenario, first.until)),
        policies=policy_lines(base, scenarios, said_of),
        command=command,
    )
    headline = replace(headline, assumptions=tuple(data.get("assumptions", ())))
    sections = [
        ranking_section(standings, called),
        Section(
            "outcomes",
            "Outcomes by arm",
            "Choose an outcome; point at the chart, or use the arrow keys on it, for "
            "the values.",
            charts=(Chart("spread", "Spread of an outcome in each arm", "", chart),),
            pictures=tuple(_pictures(path / "pictures", headline.panels)),
            tables=(_differences(data, called),),
            passages=(
                *passages,
                Passage("What the figures rest on", tuple(data["caveats"])),
            ),
        ),
        arms_section(base, scenarios),
        *model.sections(first.scenario),
        manifest_section(first.manifest, "How it was made: the reference"),
        checklist(first.scenario, first.manifest, asked, estimation),
    ]
    many = count_word(len(names))
    cautions = [caution_of(r.scenario.name, r.scenario.status) for r in runs.values()]
    return Page(
        kind="comparison",
        title=f"{many.capitalize()} policies: {first.scenario.heading}",
        question=asked,
        headline=headline,
        caution=next((text for text in cautions if text), ""),
        horizon=horizon_of(first.scenario, first.until),
        facts=facts_of(first.scenario, first.manifest, f"{n} {unit}", first.until),
        sections=tuple(sections),
    )


def _is_same(row: dict[str, Any]) -> bool:
    """Whether no pair differs: such outcomes are told last."""
    return row["n_differing"] == 0 and row["mean_difference"] == 0.0


def _pictures(folder: Path, panels: Sequence[Panel]) -> list[Picture]:
    """Return the pictures; a telephone has the differences as the brief shows them."""
    from sim.pictures.brief import panels_picture

    pictures: list[Picture] = []
    for name, caption in _CAPTIONS.items():
        if (file := folder / f"{name}.svg").is_file():
            is_brief = name == "effects" and len(panels) > 0
            narrow = address_of(panels_picture(panels, "svg")) if is_brief else ""
            is_covered = name in _COVERED and not is_brief
            pictures.append(
                picture_of(file, *caption, is_covered=is_covered, narrow=narrow)
            )
    return pictures


def _differences(data: dict[str, Any], called: Mapping[str, str]) -> Cells:
    """Return the headline difference of each outcome and arm."""
    rows: list[tuple[str, ...]] = []
    for one in data["comparisons"]:
        for row in one["outcomes"]:
            name = row["headline"]
            value: Any = row.get(name)
            low: Any = row.get(f"{name}_low")
            high: Any = row.get(f"{name}_high")
            low, high = (nan if end is None else float(end) for end in (low, high))
            is_known = isfinite(low) and isfinite(high)
            scale, unit = (100.0, "points") if row["unit"] == "share" else (1.0, "")
            low, high = scale * low, scale * high
            half = (high - low) / 2.0 if is_known else 0.0
            shown = "–" if value is None else figure(scale * value, half, signed=True)
            rows.append(
                (
                    called[one["arm"]],
                    row["label"],
                    unit or row["unit"] or "ratio",
                    name.replace("_", " "),
                    shown,
                    interval_text(low, high) if is_known else row["reason"] or "–",
                    f"{row['n_differing']}" if one["coupled"] else "–",
                    f"{row['n_defined']}",
                )
            )
    heads = ("arm", "outcome", "unit", "difference of", "difference",
             "95 % interval", "pairs that differ", "defined in")  # fmt: skip
    has_rung = any(row["unit"] == "rung" for row in data["comparisons"][0]["outcomes"])
    note = rungs_note() if has_rung else ""
    title = "Differences from the reference"
    return Cells(title, heads, tuple(rows), (4, 5, 6, 7), note)


class _Study(Form):
    """The experiment of a sweep's manifest."""

    id: str
    question: str
    file: str
    factors: list[str]


class _Design(Form):
    """The design of a sweep's manifest."""

    kind: str
    points: int


class _Count(Form):
    """The replications of a sweep's manifest."""

    count: int


class _Swept(Form):
    """What is read of a sweep's manifest, beyond what every manifest has."""

    experiment: _Study
    design: _Design
    replications: _Count


def sweep_page(
    path: Path, manifest: dict[str, Any], question: str, kinds: Mapping[str, Kind]
) -> Page:
    """Return the report of a sweep's folder."""
    from sim.reports.sweep import (
        arm_labels,
        extremes,
        factor_labels,
        factor_table,
        response_chart,
        sweep_headline,
        sweep_table,
    )

    file = path / "table.csv"
    require_complete(path, manifest, file.name)
    json_object((path / MANIFEST).read_bytes(), path / MANIFEST, _Swept)
    study, design, entry = (manifest[k] for k in ("experiment", "design", "scenario"))
    frame = _table_of_sweep(file, study["factors"])
    scenario = scenario_of(manifest, kinds)
    asked = question or study["question"].strip()
    factors = factor_labels(study)
    asked = asked or f"What changes with {listed(factors.values())}?"
    n = manifest["replications"]["count"]
    n_arms = len(set(frame["arm"]))
    points = f"{design['points']} design points ({design['kind']})"
    points += f" × {n_arms} arms" if n_arms > 1 else ""
    each, intervals, runs = f"{n} replications", _INTERVALS, f"{points} × {n}"
    if draws := manifest.get("draws"):
        each = f"{draws['count']} draws × {draws['replications_per_draw']} replications"
        runs = f"{points} × {each}"
        intervals = (
            f"Draws of {draws['parameters']} parameters from the posterior of "
            f"{draws['experiment']} ({draws['digest'][:12]}), the same at every point; "
            "a nested analysis of variance tells what they do from chance. Intervals "
            "of means by resampling draws, at 95 %, of Monte Carlo error only."
        )
    estimation = (
        f"{points} × {each}, coupled: the same replication number is the same chance "
        f"at every point. {intervals}"
    )
    table = OUTCOMES if scenario is None else outcomes_for(scenario)
    labels = {name: (one.label, one.unit) for name, one in table.items()}
    pictures = [
        picture_of(svg, svg.stem.replace("-", ": ", 1).replace("-", ", ")
                   .replace("_", " ").capitalize(),
                   "Mean of each outcome." if svg.stem.startswith("map") else
                   "Means with 95 % Monte Carlo intervals.",
                   is_covered=not svg.stem.startswith("map"))
        for svg in sorted((path / "pictures").glob("*.svg"))
    ]  # fmt: skip
    sections = [
        Section(
            "outcomes", "Responses",
            "Choose an outcome and a factor; point at a mark for its values.",
            charts=(Chart("responses", "Response to a factor", "Mark: mean of a design "
                          "point; bar: its 95 % Monte Carlo interval.",
                          response_chart(frame, study["factors"], labels)),),
            pictures=tuple(pictures),
            tables=(factor_table(frame, study),),
            folded=(sweep_table(frame, study["factors"], labels),),
            passages=tuple(extremes(frame, study["factors"], labels, each)),
        ),
    ]  # fmt: skip
    if scenario is not None:
        sections += model.sections(scenario)
    else:
        gone = (
            f"The scenario {entry['name']} is no longer the one of this study (digest "
            f"{entry['digest'][:12]}), so its numbers and sources are not shown here."
        )
        sections.append(Section("parameters", "Parameters", gone))
    sections += [
        manifest_section(manifest),
        checklist(scenario, manifest, asked, estimation),
    ]
    warning = caution_of(entry["name"], entry["status"])
    until = float(manifest["until_days"])
    facts = facts_of(scenario, manifest, runs, until)
    arms = arm_labels(study)
    many = f"{count_word(len(factors))} {plural(len(factors), 'number')}"
    return Page(
        kind="sweep",
        title=f"{many.capitalize()} varied: {entry['title']}",
        question=asked,
        headline=sweep_headline(frame, factors, arms, labels, scenario, each),
        caution=warning,
        facts=facts,
        sections=tuple(sections),
    )


def _table_of_sweep(file: Path, factors: Sequence[str]) -> Any:
    """Return the table of a sweep, checked."""
    import pandas as pd

    try:
        frame = pd.read_csv(file)
    except UnicodeDecodeError as error:
        message = f"{file} is not UTF-8: {error.reason}"
        raise StudyError(message) from error
    except (ValueError, pd.errors.ParserError) as error:
        message = f"{file} is damaged: {' '.join(str(error).split())}"
        raise StudyError(message) from error
    wanted = ("arm", "point", "outcome", "mean", *factors)
    missing = [name for name in wanted if name not in frame]
    if missing:
        message = f"{file} is damaged: it lacks the column {missing[0]}"
        raise StudyError(message)
    for name in sorted({*COLUMNS} & {*frame} - {"arm", "outcome"}):
        if not pd.api.types.is_numeric_dtype(frame[name]):
            message = f"{file} is damaged: not all of the column {name} are numbers"
            raise StudyError(message)
    return frame


def scenario_of(manifest: dict[str, Any], kinds: Mapping[str, Kind]) -> Scenario | None:
    """Return the base scenario of a study where it is still what it was, else None."""
    entry = manifest["scenario"]
    for place in (entry["file"], entry["name"]):
        try:
            scenario = load(place, kinds=kinds)
        except (SimError, OSError):
            continue
        if scenario.digest == entry["digest"]:
            return scenario
    return None
