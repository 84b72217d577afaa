"""The record beside the model, as ``escalade run`` prints it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.cli.present import is_narrow, print_table

if TYPE_CHECKING:
    from sim.record.table import RecordRow


def print_record(rows: tuple[RecordRow, ...]) -> None:
    """Print the record's statistics, and where each lies among the replications."""
    from sim.record.table import percentile_text, short

    cells = [
        (
            row.outcome,
            row.unit,
            short(row.value),
            f"{short(row.low)} to {short(row.high)}",
            percentile_text(row.percentile),
            f"{short(row.model_low)} to {short(row.model_high)}",
            "" if row.is_inside else "outside",
            "used to set a number" if row.used_to_set else "",
        )
        for row in rows
    ]
    inside = sum(row.is_inside for row in rows)
    print(f"The record against the model: {inside} of {len(rows)} inside 5 to 95 %")
    heads = (
        *("statistic", "unit", "record", "its 95 %", "perc.", "model 5-95 %"),
        *("", ""),
    )
    shown = (0, 2, 4, 5, 6) if is_narrow() else range(len(heads))
    print_table(
        [heads[place] for place in shown],
        [[row[place] for place in shown] for row in cells],
        numbers=[n for n, place in enumerate(shown) if 2 <= place <= 5],
        whole=(0,),
    )
    print(
        "perc.: the record's percentile among replications, ties counted half; "
        "record.md has all columns.\n"
    )
