"""How a reported run was made: the facts on top, the manifest below."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING, Any, Final

from sim.errors import StudyError
from sim.reports.page import Cells, Section
from sim.scenario.scenario import WHY_NOT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sim.scenario.scenario import Scenario


def caution_of(name: str, status: str) -> str:
    """Return the line of caution for a status; empty when checked."""
    why = WHY_NOT.get(status)
    return f"{name} is {why}." if why else ""


_ALONE: Final = (
    "-n", "--replications", "--out", "--until-half-width", "--at-most", "--competing",
    "--workers", "-w", "--cluster",
)  # fmt: skip
"""Options of a comparison, with a value, that one under draws does without."""


def draws_command(manifest: Mapping[str, Any], path: Path) -> str:
    """Return how a comparison is asked again under draws, as one line to be copied.

    Empty where no command line made it.

    >>> from pathlib import Path
    >>> made = "bin/escalade compare e10_lightly_or_hard -n 500 --out runs/e10"
    >>> draws_command({"command": made}, Path("runs/e10")).partition(" && ")[0]
    'escalade compare e10_lightly_or_hard --draws 100 -n 40 --out runs/e10_draws'
    """
    words = shlex.split(str(manifest.get("command", "")))
    if words[1:2] != ["compare"] or not words[0].endswith("escalade"):
        return ""
    asked: list[str] = []
    rest = iter(words[2:])
    for word in rest:
        name, equals, _ = word.partition("=")
        if name in _ALONE:
            _ = None if equals else next(rest, None)
        elif word not in ("--independent", "--json"):
            asked.append(word)
    out = shlex.quote(f"{path}_draws")
    return (
        f"escalade compare {shlex.join(asked)} --draws 100 -n 40 --out {out} && "
        f"escalade brief {out}"
    )


def require_complete(path: Path, manifest: dict[str, Any], table: str = "") -> None:
    """Refuse a folder that is not complete, or lacks the table that is read of it.

    Raises
    ------
    StudyError
        With the command that completes it.
    """
    is_there = not table or (path / table).is_file()
    if manifest.get("state") != "complete" or not is_there:
        message = (
            f"{path} is not complete; give its own command again, what is whole is "
            f"kept:\n  {manifest.get('command', '')}"
        )
        raise StudyError(message)


def horizon_of(scenario: Scenario | None, until: float) -> str:
    """Return over which days something was simulated, such as "over 60 days".

    From which day on it counts stands behind, where the scenario is known.
    """
    if scenario is None:
        return f"over {until:g} days"
    first = scenario.start
    if (history := scenario.history) is not None:
        first = scenario.day_of(history.since)
    return f"over {scenario.counted_days(until):g} days from {first:%-d %B %Y}"


def facts_of(
    scenario: Scenario | None, manifest: dict[str, Any], replications: str, until: float
) -> tuple[tuple[str, str], ...]:
    """Return what a reader must know before the answer."""
    entry = manifest["scenario"]
    facts = [
        ("scenario", f"{entry['name']} ({entry['status']})"),
        ("replications", replications),
        ("simulated", f"{until:g} days"),
        ("root_seed", str(manifest["root_seed"])),
        ("digest", str(entry["digest"])[:12]),
        ("made", str(manifest.get("started", "not kept"))[:10]),
    ]
    if scenario is not None:
        days, first = scenario.counted_days(until), scenario.start
        if (history := scenario.history) is not None:
            first = scenario.day_of(history.since)
            facts.insert(2, ("branched from", f"{history.record} up to {first}"))
        place = facts.index(("simulated", f"{until:g} days"))
        facts[place] = ("simulated", f"{days:g} days from {first}")
    return tuple(facts)


def manifest_section(
    manifest: dict[str, Any], title: str = "How it was made"
) -> Section:
    """Return the manifest as a table and in full."""
    intro = "`escalade rerun RUN` makes a run again and compares every byte."
    git = manifest.get("git", {})
    commit = str(git.get("commit", "")) or "installed package"
    rows = [
        ("command", str(manifest.get("command", ""))),
        ("state", str(manifest.get("state", ""))),
        ("escalade", manifest.get("versions", {}).get("escalade", "")),
        (
            "commit",
            commit + (" (with uncommitted changes)" if git.get("is_dirty") else ""),
        ),
        ("digest of the scenario", manifest["scenario"]["digest"]),
        ("digest of the rules", str(manifest.get("rules_digest", ""))),
        ("digest of the run", str(manifest.get("run_digest", ""))),
        ("root_seed", str(manifest["root_seed"])),
        ("workers", str(manifest.get("workers", ""))),
        ("started", str(manifest.get("started", ""))),
        ("duration", f"{manifest.get('duration_seconds', '')} s"),
    ]
    if draws := manifest.get("draws"):
        rows.insert(5, (f"digest of the draws' {draws['from']}", draws["digest"]))
        intro = "The command makes it again, in another folder if it names one (--out)."
    parts = manifest.get("parts", {})
    short = manifest | {"parts": f"{len(parts)} parts, SHA-256 each, in manifest.json"}
    text = json.dumps(short, indent=2, ensure_ascii=False)
    return Section(
        "manifest",
        title,
        intro.replace("`", ""),
        tables=(Cells("Manifest", ("what", "value"), tuple(rows)),),
        code=(("The manifest in full", text),),
    )
