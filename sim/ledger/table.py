"""A ledger for people and for programs: data, a tidy table, Markdown, sentences."""

from __future__ import annotations

from dataclasses import asdict
from math import isfinite
from typing import TYPE_CHECKING, Any, Final

from sim.digits import figure, interval_text, markdown_table, plural
from sim.ledger.ledger import (
    DEFAULT,
    HIGH,
    LOW,
    NULL,
    SHORT,
    is_moved,
    is_own_entry,
    verdict,
)

if TYPE_CHECKING:
    import pandas as pd

    from sim.ledger.ledger import Contrast, Ledger, Measure, Moved, Row, Verdict

READINGS: Final[dict[Verdict, str]] = {
    "moves": "it earns its place",
    "small": "others do something else, and nothing moves by a size that counts",
    "unresolved": "too few replications to say",
    "narrative": "narrative: nobody else does anything else",
    "not in use": "off in this scenario, which gives it no range",
    "blank": "nothing says at which value it does nothing: it cannot be switched off",
}

MEASURED: Final = ("name", "label", "unit", "mean", "size")
"""What the data tell of an outcome."""

SHOWN: Final = 5
"""Outcomes of the printed table: the first of the ledger's."""


def ledger_data(ledger: Ledger) -> dict[str, Any]:
    """Return a ledger as plain data, for JSON; undefined numbers are nan."""
    scenario = ledger.scenario
    return {
        "scenario": scenario.name,
        "status": scenario.status,
        "digest": scenario.digest,
        "root_seed": ledger.root_seed,
        "until_days": ledger.until,
        "replications": ledger.replications,
        "draws": ledger.draws or None,
        "effect": "on minus off, mean over pairs, 95 % interval",
        "outcomes": [
            {name: getattr(measure, name) for name in MEASURED}
            for measure in ledger.measures.values()
        ],
        "rows": [_row_data(ledger, row) for row in ledger.rows],
    }


def _row_data(ledger: Ledger, row: Row) -> dict[str, Any]:
    contrasts = [asdict(contrast) for contrast in row.contrasts]
    for contrast in contrasts:
        for name, moved in contrast["moved"].items():
            moved["is_own_entry"] = is_own_entry(row, ledger.measures[name])
    return {
        "name": row.name,
        "kind": row.kind,
        "label": row.label,
        "meaning": row.meaning,
        "verdict": verdict(row, ledger.measures),
        "reading": reading(ledger, row),
        "off": dict(row.off),
        "acts": list(row.acts),
        "contrasts": contrasts,
    }


def ledger_table(ledger: Ledger) -> pd.DataFrame:
    """Return a ledger as a tidy table: a line for each row, place and outcome.

    Returns
    -------
    pandas.DataFrame
        ``mechanism``, ``verdict``, ``at``, ``outcome``, ``value``, ``low``, ``high``
        (on minus off), ``size``, ``share_others``, ``share_beyond``, ``replications``.
        A row that was not run has one line, its numbers blank.
    """
    import pandas as pd

    lines: list[dict[str, Any]] = []
    for row in ledger.rows:
        top = {"mechanism": row.name, "verdict": verdict(row, ledger.measures)}
        if not row.contrasts:
            lines.append({**top, "at": "", "outcome": ""})
        for contrast in row.contrasts:
            shares = {
                "share_others": contrast.share_others,
                "share_beyond": contrast.share_beyond,
                "replications": contrast.replications,
            }
            for name, moved in contrast.moved.items():
                line = {"at": contrast.at, "outcome": name, **asdict(moved)}
                line["size"] = ledger.measures[name].size
                lines.append({**top, **line, **shares})
    columns = (
        "mechanism", "verdict", "at", "outcome", "value", "low", "high", "size",
        "share_others", "share_beyond", "replications",
    )  # fmt: skip
    return pd.DataFrame(lines, columns=pd.Index(columns))


def reading(ledger: Ledger, row: Row) -> str:
    """Return what a row says, in a clause or two, without a full stop."""
    outcome = verdict(row, ledger.measures)
    if outcome in ("blank", "not in use", "narrative"):
        return READINGS[outcome]
    acting = max(row.contrasts, key=lambda contrast: contrast.share_others)
    said = f"others act otherwise in {_percent(acting.share_others)} of the worlds"
    if acting.at != DEFAULT:
        said += f" ({acting.at})"
    best = _largest(ledger, row)
    if outcome == "moves" and best is not None:
        contrast, measure, moved = best
        said += f"; most by size: {effect_words(measure, moved)} ({contrast.at})"
    elif outcome != "moves":
        said += f"; {READINGS[outcome]}"
    n_failed = sum(contrast.n_failed for contrast in row.contrasts)
    return said + (f"; {n_failed} pairs failed" if n_failed else "")


def effect_words(measure: Measure, moved: Moved) -> str:
    """Return an effect with its interval and its outcome.

    >>> from sim.ledger.ledger import Measure, Moved
    >>> raids = Measure("n", "raid happened", "share", 0.002, 0.02)
    >>> effect_words(raids, Moved(0.0214, 0.017, 0.026))
    'raid happened +2.1 points (1.7 to 2.6)'
    """
    scale, unit = (100.0, " points") if measure.unit == "share" else (1.0, "")
    value, low, high = (scale * x for x in (moved.value, moved.low, moved.high))
    half = (high - low) / 2.0
    ends = interval_text(low, high)
    return f"{short_label(measure)} {figure(value, half, signed=True)}{unit} ({ends})"


def short_label(measure: Measure) -> str:
    """Return an outcome's name for a narrow column."""
    return SHORT.get(measure.name, measure.label)


def cell(ledger: Ledger, row: Row, name: str) -> str:
    """Return one outcome of a row: the effect at the default, then at both ends.

    ``·`` stands for one that is told to be
    smaller than counts, ``( )`` round an own entry, a blank for what was not run.
    """
    measure = ledger.measures[name]
    by_place = {contrast.at: contrast for contrast in row.contrasts}
    if not by_place:
        return ""
    text = _number(measure, by_place.get(DEFAULT), name, with_error=True)
    ends = [
        f"{mark}{_number(measure, by_place[at], name, with_error=False)}"
        for at, mark in ((LOW, "<"), (HIGH, ">"))
        if at in by_place
    ]
    if ends and {end[1:] for end in ends} != {text}:
        text = f"{text} [{' '.join(ends)}]"
    return f"({text})" if is_own_entry(row, measure) else text


def _number(
    measure: Measure, contrast: Contrast | None, name: str, *, with_error: bool
) -> str:
    """Return an effect for a cell."""
    if contrast is None:
        return "off"
    moved = contrast.moved[name]
    if not isfinite(moved.value):
        return "–"
    scale = 100.0 if measure.unit == "share" else 1.0
    half = scale * (moved.high - moved.low) / 2.0
    if -measure.size < moved.low and moved.high < measure.size:
        return "·"
    value = figure(scale * moved.value, half, signed=True)
    if not with_error or not isfinite(half) or half <= 0.0:
        return value
    return f"{value}±{figure(half, half)}"


def table_heads(ledger: Ledger) -> tuple[str, ...]:
    """Return the heads of the printed table."""
    shown = list(ledger.measures.values())[:SHOWN]
    heads = [short_label(m) + (" (points)" if m.unit == "share" else "") for m in shown]
    return ("mechanism", "verdict", *heads, "others")


def table_cells(ledger: Ledger) -> list[list[str]]:
    """Return the cells of the printed table, a list a row."""
    names = list(ledger.measures)[:SHOWN]
    rows: list[list[str]] = []
    for row in ledger.rows:
        others = max((c.share_others for c in row.contrasts), default=float("nan"))
        acting = _percent(others) if isfinite(others) else ""
        said = verdict(row, ledger.measures)
        cells = [cell(ledger, row, name) for name in names]
        rows.append([row.name, said, *cells, acting])
    return rows


def legend(ledger: Ledger) -> list[str]:
    """Return what a reader of the table must know, in sentences."""
    return [
        "Effects are on minus off, mean over coupled pairs with the half-width of its "
        "95 % interval, in the scenario as it is ('off': it has it off); in brackets "
        "at the low (<) and the high end (>) of the range that the scenario gives, or "
        "of the usual range of the kind, where that is another place than the default "
        "and off.",
        f"'·': told to be smaller than counts ({sizes_text(ledger)}). In parentheses: "
        "counts its own entries in the log.",
        "others: share of the worlds in which an actor of another kind does anything "
        "else, or at another time; the largest of the places tried.",
    ]


def sizes_text(ledger: Ledger) -> str:
    """Return the size that counts of each outcome."""
    measures = ledger.measures.values()
    return ", ".join(f"{short_label(m)} {_size(m)}" for m in measures)


def markdown(ledger: Ledger) -> str:
    """Return a ledger as a section of a page: a table a kind, each row with a reading.

    The heading is of the second level.
    """
    scenario = ledger.scenario
    n_of = dict.fromkeys(READINGS, 0)
    for row in ledger.rows[:-1]:
        n_of[verdict(row, ledger.measures)] += 1
    counts = ", ".join(f"{n} {name}" for name, n in n_of.items() if n)
    drawn = f", {ledger.draws}" if ledger.draws else ""
    parts = [
        f"## {scenario.name}\n",
        f"{scenario.title} ({scenario.status}). {ledger.replications:,} replications "
        f"of each arm{drawn}, root_seed {ledger.root_seed}, {ledger.until:g} days, "
        f"digest {scenario.digest[:12]}. Verdicts: {counts}. Counts here: "
        f"{sizes_text(ledger)}.\n",
    ]
    kinds = dict.fromkeys(row.kind for row in ledger.rows)
    cells = {row.name: text for row, text in
             zip(ledger.rows, table_cells(ledger), strict=True)}  # fmt: skip
    heads = table_heads(ledger)
    for kind in kinds:
        rows = [row for row in ledger.rows if row.kind == kind]
        title = "The null" if kind == "all" else kind.replace("_", " ").capitalize()
        parts.append(f"### {title} ({scenario.name})\n")
        head = ["Mechanism", "Verdict", *heads[2:], "Reading"]
        body = [
            [
                f"**{row.label}**<br>`{row.name}`<br>{row.meaning}",
                *cells[row.name][1:],
                reading(ledger, row),
            ]
            for row in rows
        ]
        parts.append(markdown_table(head, body))
    return "\n".join(parts)


def null_words(ledger: Ledger) -> list[str]:
    """Return what all feedback together moves, a clause an outcome that it moves."""
    row = ledger.row(NULL)
    effects: list[str] = []
    for contrast in row.contrasts:
        for name, moved in contrast.moved.items():
            measure = ledger.measures[name]
            if isfinite(moved.value) and is_moved(moved, measure.size):
                effects.append(effect_words(measure, moved))
    return effects


def _largest(ledger: Ledger, row: Row) -> tuple[Contrast, Measure, Moved] | None:
    """Return where a row moves most, in sizes of the outcome, not its own entry."""
    effects = [
        (contrast, measure, moved)
        for contrast in row.contrasts
        for name, moved in contrast.moved.items()
        for measure in (ledger.measures[name],)
        if not is_own_entry(row, measure)
        and isfinite(moved.value)
        and is_moved(moved, measure.size)
    ]
    # Deeds before words: of the outcomes that the table shows, if any of them moves.
    shown = list(ledger.measures.values())[:SHOWN]
    deeds = [one for one in effects if one[1] in shown]
    return max(
        deeds or effects, key=lambda one: abs(one[2].value) / one[1].size, default=None
    )


def _size(measure: Measure) -> str:
    """Return the size that counts, with its unit."""
    if measure.unit == "share":
        points = 100.0 * measure.size
        return f"{points:.2g} {plural(points, 'point')}"
    return f"{measure.size:.2g}"


def _percent(share: float) -> str:
    """Return a share in per cent; what is between 0 and 1 % is not rounded to 0.

    >>> [_percent(x) for x in (0.0, 0.003, 0.41, 1.0)]
    ['0 %', '0.3 %', '41 %', '100 %']
    """
    percent = 100.0 * share
    return f"{percent:.1g} %" if 0.0 < percent < 1.0 else f"{percent:.0f} %"
