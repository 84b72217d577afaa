"""The STRESS-DES checklist (Monks et al. 2019), filled from the run itself.

Twenty items on what a report of a discrete-event simulation must tell. What a run
cannot know, such as why the model was made, is answered for the model once, here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sim.reports.page import Cells, Section

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

REFERENCE: Final = (
    "Monks T., Currie C. S. M., Onggo B. S., Robinson S., Kunc M., Taylor S. J. E. "
    "(2019). Strengthening the reporting of empirical simulation studies: introducing "
    "the STRESS guidelines. Journal of Simulation 13(1), 55-67. "
    "doi:10.1080/17477778.2018.1442155"
)


def checklist(
    scenario: Scenario | None, manifest: dict[str, Any], aim: str, estimation: str
) -> Section:
    """Return the checklist as a section.

    The scenario is that of the first arm, as is the manifest; None where it is no
    longer at hand. `aim` says what was asked (item 1.3), `estimation` how many
    replications, and what the intervals are (item 4.3).
    """
    rows = tuple(
        (number, item, text)
        for number, item, text in (
            *_objectives(aim),
            *_logic(scenario),
            *_data(scenario),
            *_experiment(scenario, manifest, estimation),
            *_implementation(manifest),
        )
    )
    return Section(
        "checklist",
        "STRESS-DES checklist",
        f"What a report of a discrete-event simulation should tell. {REFERENCE}",
        tables=(Cells("STRESS-DES", ("item", "asks for", "here"), rows),),
    )


_Rows = list[tuple[str, str, str]]


def _objectives(aim: str) -> _Rows:
    return [
        ("1.1", "Purpose of the model",
         "To compare how escalation between armed groups, a host government, their "
         "sponsor and a foreign power may go, under stated assumptions."),
        ("1.2", "Model outputs",
         "Counts, shares, delays and times read off the incidents of each "
         "replication; each twice, as it happened and as the press reported it. The "
         "chart of outcomes gives the meaning of each; intervals are named where they "
         "stand. Incidents that were put in never count."),
        ("1.3", "Aims of the experiment", aim),
    ]  # fmt: skip


def _logic(scenario: Scenario | None) -> _Rows:
    gone = "The scenario is no longer at hand."
    if scenario is None:
        actors = sites = given = acts = gone
    else:
        actors = ", ".join(f"{a.label} ({a.kind.name})" for a in scenario.actors) + "."
        sites = ", ".join(site.label for site in scenario.sites) + "."
        given = (
            f"{len(scenario.changes) + len(scenario.given)} developments are put in; "
            "see What was put in."
        )
        names = {
            option.operation.name.replace("_", " ")
            for actor in scenario.actors
            for option in actor.kind.options
        }
        acts = (
            f"At random moments: {', '.join(sorted(names))}. In answer to what was "
            "noticed: see the kinds in docs/model.md."
        )
    return [
        ("2.1", "Overview diagram of the base model", "docs/model.md of the project."),
        ("2.2", "Logic of the base model",
         "Actors act at random moments (options), answer what they notice "
         "(responses) and carry out operations in stages that can be broken off; "
         "they know only what they perceive, late and sometimes wrongly."),
        ("2.3", "Logic of the scenario", given),
        ("2.4", "Algorithms",
         "Random moments by thinning of a keyed Poisson measure on time and height; "
         "memory decays exponentially between incidents; no time step."),
        ("2.5.1", "Entities", actors),
        ("2.5.2", "Activities", acts),
        ("2.5.3", "Resources",
         f"Launch teams, and places to run so many operations at once. Sites: {sites}"
         if scenario else gone),
        ("2.5.4", "Queues", "None."),
        ("2.5.5", "Entry and exit points",
         "Actors are there from the start to the end; incidents arise from options, "
         "responses, operations and developments."),
    ]  # fmt: skip


def _data(scenario: Scenario | None) -> _Rows:
    if scenario is None:
        texts = ["The scenario is no longer at hand."] * 3
    else:
        n = len(scenario.cited)
        assumed = sum(c.basis == "assumed" for c in scenario.cited)
        texts = [
            "The section Sources lists every source that a number or a development "
            "cites, with its reliability.",
            f"{n} numbers, in the section Parameters, with basis, range and source.",
            f"{assumed} of the {n} numbers are assumed; they stand first there.",
        ]
    return [
        ("3.1", "Sources of the data", texts[0]),
        ("3.2", "Pre-processing",
         "The record was coded in rows; corrections are new rows that name the old. "
         "Statistics of the record are computed by the scripts in seeds/derive."),
        ("3.3", "Input parameters", texts[1]),
        ("3.4", "Assumptions", texts[2]),
    ]  # fmt: skip


def _experiment(
    scenario: Scenario | None, manifest: dict[str, Any], estimation: str
) -> _Rows:
    history = scenario.history if scenario is not None else None
    start = (
        f"The first {history.since:g} days take {len(history.rows)} incidents from the "
        "record; simulated freely from then on."
        if history is not None
        else "No warm-up: the state at the start is part of the scenario."
    )
    return [
        ("4.1", "Initialisation", start),
        ("4.2", "Run length", f"{float(manifest['until_days']):g} days."),
        ("4.3", "Estimation", estimation),
    ]


def _implementation(manifest: dict[str, Any]) -> _Rows:
    versions: dict[str, str] = manifest.get("versions", {})
    software = ", ".join(
        f"{name} {version}" for name, version in versions.items() if version
    )
    seconds = manifest.get("duration_seconds")
    took = f"{seconds:.0f} s" if isinstance(seconds, int | float) else "not kept"
    commit = manifest.get("git", {}).get("commit", "")
    dirty = (
        " with uncommitted changes" if manifest.get("git", {}).get("is_dirty") else ""
    )
    return [
        ("5.1", "Software", f"{software}."),
        ("5.2", "Random sampling",
         "Each number is a Philox function of root_seed, replication, identity, "
         f"purpose and index; root_seed {manifest['root_seed']}."),
        ("5.3", "Model execution",
         "Simultaneous records are ordered by time, kind of record and identity; "
         "results do not depend on engine, workers or order."),
        ("5.4", "System", f"Workers: {manifest.get('workers', 'not kept')}; run time: "
         f"{took}."),
        ("6.1", "Sharing of the model",
         f"Apache-2.0; commit {commit[:12]}{dirty}." if commit else
         "Apache-2.0; from an installed package, at the version above."),
    ]  # fmt: skip
