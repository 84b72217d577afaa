"""Renew what is generated in ``docs``, or say which parts of it are stale.

::

    python generators/pages.py            renew every part
    python generators/pages.py --check    exit 1 and name the parts that are stale
    python generators/pages.py --record   run 1,000 replications of the model and of its
                                          null first, and write docs/record_table.md
                                          and what docs/validation.md says of null and
                                          prior; with --check, compare
    python generators/pages.py --pictures run as many, and plot README's two pictures

``docs/reference.md`` is written whole (`reference.py`), and so are ``docs/trust.md``
(`trust_page.py`, from the committed results) and the picture of the house
(`house.py`). In other pages a part stands between ``<!-- generated: NAME -->`` and
``<!-- end: NAME -->``; what is between them is never edited by hand. The table of the
record costs a run, so the plain command takes it from ``docs/record_table.md`` and says
when it was made from another scenario or other rules.
"""

from __future__ import annotations

import argparse
import re
import sys
from functools import partial
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Final

import experiment_page
import house
import model_tables as tables
import public_names
import python_page
import reference
import scenario_tables
import trust_page

import sim
from sim.ensemble.ensemble import run_ensemble
from sim.rules.registry import KINDS
from sim.rules.transitions import World

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.record.table import RecordRow
    from sim.scenario.scenario import Scenario

ROOT: Final = Path(__file__).resolve().parents[1]
DOCS: Final = ROOT / "docs"
MODEL: Final = DOCS / "model.md"
RECORD: Final = DOCS / "record_table.md"
VALIDATION: Final = DOCS / "validation.md"
SCENARIO: Final = ROOT / "scenarios" / "iraq_2019_2020.yaml"
FITTED: Final = ROOT / "scenarios" / "iraq_calibrated_2019_2020.yaml"
REPLICATIONS: Final = 1000
ROOT_SEED: Final = 1
_PART: Final = re.compile(
    r"<!-- generated: (?P<name>[a-z_]+) -->\n(?P<text>.*?)<!-- end: (?P=name) -->",
    re.DOTALL,
)


def parts(scenario: Scenario) -> dict[str, dict[str, Callable[[], str]]]:
    """Return what makes each part, by page and name."""
    model: dict[str, Callable[[], str]] = {
        "rungs": tables.rungs,
        "acts": tables.acts,
        "means": partial(tables.means, scenario),
        "world": partial(tables.state, World),
        "bases": partial(scenario_tables.bases, scenario),
        "sites": partial(scenario_tables.sites, scenario),
        "developments": partial(scenario_tables.developments, scenario),
        "observations": partial(scenario_tables.observations, scenario),
        "outcomes": scenario_tables.outcomes,
        "coverage": partial(scenario_tables.coverage, ROOT / "seeds"),
        "record": record_part,
    }
    for name, kind in KINDS.items():
        model[f"memory_{name}"] = partial(tables.state, kind.memory)
        model[f"doings_{name}"] = partial(tables.doings, kind)
        model[f"parameters_{name}"] = partial(tables.parameters, kind, scenario)
    return {
        MODEL.name: model,
        "design.md": {"folders": house.folders, "ground": house.ground},
        "releases.md": {
            "verbs": public_names.verbs,
            "functions": public_names.functions,
        },
    }


def renewed(
    text: str, parts: dict[str, Callable[[], str]], page: Path = MODEL
) -> tuple[str, list[str]]:
    """Return a page with its parts renewed, and the names of those that were stale.

    Raises
    ------
    ValueError
        If the page lacks a part, has one twice, or has one that nothing makes.
    """
    names = [match["name"] for match in _PART.finditer(text)]
    marks = re.findall(r"<!-- generated: (.*?) -->", text)
    if sorted(names) != sorted(parts) or len(marks) != len(names):
        wrong = sorted(set(names) ^ set(parts)) or marks
        message = f"{page.name}: parts missing, unknown, doubled or not ended: {wrong}"
        raise ValueError(message)
    stale: list[str] = []

    def fill(match: re.Match[str]) -> str:
        name = match["name"]
        content = f"\n{parts[name]()}\n"
        if content != match["text"]:
            stale.append(name)
        return f"<!-- generated: {name} -->\n{content}<!-- end: {name} -->"

    return _PART.sub(fill, text), stale


def record_part() -> str:
    """Return the table of the record as it was last made, without its own heading."""
    return RECORD.read_text(encoding="utf-8").split("\n", 2)[2].rstrip("\n") + "\n"


def made_from(scenario: Scenario) -> str:
    """Return what the table of the record depends on, in one line."""
    from sim.digest import rules_digest  # noqa: PLC0415

    return (
        f"Scenario `{scenario.name}` (values {scenario.digest[:16]}, rules "
        f"{rules_digest(scenario)[:16]}), {REPLICATIONS:,} replications, root_seed "
        f"{ROOT_SEED}."
    )


def against_record(scenario: Scenario) -> tuple[tuple[RecordRow, ...], tuple[str, ...]]:
    """Run a scenario and its null; return the rows, and what is to be said of them."""
    from sim.engine.choice import has_numba  # noqa: PLC0415
    from sim.ledger import against_record as beside  # noqa: PLC0415

    engine = "compiled" if has_numba() else "simpy"
    ensemble = run_ensemble(
        scenario, replications=REPLICATIONS, root_seed=ROOT_SEED, engine=engine
    )
    if len(ensemble.failures):
        message = f"{len(ensemble.failures)} replications failed"
        raise RuntimeError(message)
    columns = beside.columns_for(ensemble)
    rows, notes = beside.against_record(ensemble, columns, engine=engine)
    return tuple(row for row in rows if isfinite(row.percentile)), notes


def plot_pictures(scenario: Scenario) -> None:
    """Run a scenario, and plot what README shows of it."""
    from sim.pictures.run import run_pictures  # noqa: PLC0415
    from sim.pictures.style import plot_and_save  # noqa: PLC0415
    from sim.record.targets import targets_for  # noqa: PLC0415

    ensemble = run_ensemble(
        scenario, replications=REPLICATIONS, root_seed=ROOT_SEED, keep_records=False
    )
    targets = targets_for(scenario, ensemble.until)
    pictures = run_pictures(ensemble, targets)
    for name in ("ladder", "outcomes"):
        vector, _ = plot_and_save(pictures[name], DOCS / "pictures" / name)
        vector.unlink()  # README shows the other


def record_table(scenario: Scenario) -> tuple[str, str]:
    """Return the page of the record against the model, and what is said of its rows."""
    from sim.record.table import record_markdown  # noqa: PLC0415

    rows, notes = against_record(scenario)
    missed = [row.outcome for row in rows if not row.is_inside]
    clean = [r for r in rows if not r.used_to_set]
    n_clean = sum(row.is_inside for row in clean)

    said = " ".join(notes)
    page = (
        "# The record against the model\n\n"
        f"{made_from(scenario)} Made by `python generators/pages.py --record`.\n\n"
        f"{record_markdown(rows)}\n"
        f"{said}\n\n"
        f"Of the {len(clean)} that set no number the record lies inside the model's "
        f"in {n_clean}. Outside it: {tables.codes(missed) or 'none'}.\n"
    )
    return page, said


def beside_part(said: str) -> str:
    """Return what docs/validation.md says of model, null and prior."""
    fitted = sim.load(FITTED)
    _, notes = against_record(fitted)
    return (
        f"- `{SCENARIO.stem}`, whose numbers are not fitted: {said}\n"
        f"- `{FITTED.stem}`, one point of the posterior: {' '.join(notes)}\n"
    )


def renewed_record(scenario: Scenario, check: bool) -> list[str]:
    """Run the record's table anew, write it unless `check`; name what was stale."""
    page, said = record_table(scenario)
    text = VALIDATION.read_text(encoding="utf-8")
    new_text, old_parts = renewed(
        text, {"beside": partial(beside_part, said)}, VALIDATION
    )
    stale = [f"{VALIDATION.name}: {name}" for name in old_parts]
    if not RECORD.is_file() or RECORD.read_text(encoding="utf-8") != page:
        stale.append(RECORD.name)
    if not check:
        VALIDATION.write_text(new_text, encoding="utf-8")
        RECORD.write_text(page, encoding="utf-8")
    return stale


def main(arguments: list[str] | None = None) -> int:
    """Do what the command line asks; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--check", action="store_true", help="write nothing")
    parser.add_argument("--record", action="store_true", help="run the replications")
    parser.add_argument("--pictures", action="store_true", help="plot a run")
    asked = parser.parse_args(arguments)
    scenario = sim.load(SCENARIO)
    if asked.pictures:
        plot_pictures(scenario)
    stale: list[str] = []
    if asked.record:
        stale += renewed_record(scenario, asked.check)
    elif made_from(scenario) not in RECORD.read_text(encoding="utf-8"):
        tell(f"note: {RECORD.name} was made from other values or rules; --record")
    gone = public_names.gone_unsaid()
    if gone:
        tell(f"public until now, and gone: {', '.join(gone)}")
        tell("say in docs/releases.md since when, and what to use instead")
        return 1
    for name, makers in parts(scenario).items():
        page = DOCS / name
        text, old_parts = renewed(page.read_text(encoding="utf-8"), makers, page)
        stale += [f"{name}: {part}" for part in old_parts]
        if old_parts and not asked.check:
            page.write_text(text, encoding="utf-8")
    whole = (reference, python_page, experiment_page, trust_page)
    stale += [page.PAGE.name for page in whole if page.renew(asked.check)]
    if house.is_stale():
        stale.append(house.PICTURE.name)
    if not asked.check:
        house.draw()
    else:
        for name in stale:
            tell(f"stale: {name}")
        if stale:
            tell("renew with: python generators/pages.py")
    return 1 if asked.check and stale else 0


def tell(text: str) -> None:
    """Write a line for whoever runs this."""
    sys.stdout.write(f"{text}\n")


if __name__ == "__main__":
    raise SystemExit(main())
