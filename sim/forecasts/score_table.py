"""Scores as tables: what was said and what came, mean scores, paired differences."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any, Final

from sim.digits import capital, figure, interval_text, markdown_table, plural
from sim.files import plain
from sim.forecasts.forecast import MODEL
from sim.forecasts.scoring import LABELS, LEVEL, SCORES, paired_differences
from sim.forecasts.yardstick import YARDSTICKS
from sim.record.question import EVENT, QUESTIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import pandas as pd

    from sim.forecasts.scoring import Difference, Score

    Rows = Callable[[str, Sequence[Score], Sequence[str], str], list[list[str]]]

SCORE_FILE, DIFFERENCE_FILE, SUMMARY_FILE, PAGE_FILE = (
    "scores.csv",
    "differences.csv",
    "summary.csv",
    "scores.md",
)
_FEW: Final = 20
_FEWEST: Final = 6
"""Windows below which nothing is said of who was better."""
"""Windows below which Student's interval leans on scores that are nearly normal."""


def write_scores(folder: Path, scores: Sequence[Score]) -> list[Path]:
    """Write the tables of scores into a folder, each whole; return the files."""
    from sim.files import write_text

    differences = paired_differences(scores)
    texts = {
        SCORE_FILE: score_frame(scores).to_csv(index=False),
        SUMMARY_FILE: summary_frame(scores).to_csv(index=False),
        DIFFERENCE_FILE: difference_frame(differences).to_csv(index=False),
        PAGE_FILE: score_page(scores, differences),
    }
    for name, text in texts.items():
        write_text(folder / name, text)
    return [folder / name for name in texts]


def score_frame(scores: Sequence[Score]) -> pd.DataFrame:
    """Return one row an answer, unrounded."""
    import pandas as pd

    names = ("brier", "crps", "log_score")
    has_steps = _has_steps(scores)
    return pd.DataFrame(
        [
            {
                "question": s.question,
                "origin": s.origin.isoformat(),
                "end": s.end.isoformat(),
                "forecaster": s.forecaster,
                "observed": s.observed,
                "forecast": s.forecast,
                "low_5": s.low,
                "high_95": s.high,
                "share_below": s.below,
                "share_up_to": s.up_to,
                **{name: s.scores.get(name) for name in names},
                **(
                    {"step": s.step, "start": s.first_day.isoformat()}
                    if has_steps
                    else {}
                ),
            }
            for s in scores
        ]
    )


def summary_frame(scores: Sequence[Score]) -> pd.DataFrame:
    """Return the mean of each score, a row a question, score and forecaster."""
    import pandas as pd

    rows: list[dict[str, Any]] = []
    has_steps = _has_steps(scores)
    for name, step, score in _asked(scores):
        for forecaster in forecasters_of(scores):
            values = [
                s.scores[score]
                for s in scores
                if s.question == name and s.forecaster == forecaster and s.step == step
            ]
            if values:
                rows.append(
                    {
                        "question": name,
                        "score": score,
                        "forecaster": forecaster,
                        "windows": len(values),
                        "mean": sum(values) / len(values),
                        **({"step": step} if has_steps else {}),
                    }
                )
    return pd.DataFrame(rows)


def difference_frame(differences: Sequence[Difference]) -> pd.DataFrame:
    """Return one row a question, score and yardstick, unrounded."""
    import pandas as pd

    has_steps = _has_steps(differences)
    return pd.DataFrame(
        [
            {
                "question": d.question,
                "score": d.score,
                "yardstick": d.yardstick,
                "windows": d.n,
                "model_mean": d.model,
                "yardstick_mean": d.other,
                "difference": d.mean,
                "standard_error": d.error,
                "low": d.low,
                "high": d.high,
                "detectable_with_80_percent": d.detectable,
                "skill": d.skill,
                **({"step": d.step} if has_steps else {}),
            }
            for d in differences
        ],
        columns=[
            "question", "score", "yardstick", "windows", "model_mean",
            "yardstick_mean", "difference", "standard_error", "low", "high",
            "detectable_with_80_percent", "skill", *(["step"] if has_steps else []),
        ],
    )  # fmt: skip


def score_data(
    scores: Sequence[Score], differences: Sequence[Difference]
) -> dict[str, Any]:
    """Return scores and differences as plain data, for JSON; unknown is null."""
    frames = {
        "scores": score_frame(scores),
        "means": summary_frame(scores),
        "differences": difference_frame(differences),
    }
    data = {name: plain(frame.to_dict("records")) for name, frame in frames.items()}
    return data | {"notes": notes_of(scores), "verdict": verdict(differences)}


def score_page(scores: Sequence[Score], differences: Sequence[Difference]) -> str:
    """Return every table as one page of Markdown."""
    n = len({s.window for s in scores})
    first, last = min(s.first_day for s in scores), max(s.end for s in scores)
    parts = [
        "# Scores of forecasts\n",
        f"{n} {plural(n, 'window')}, from {first} to {last}, the last day not "
        "included. Counts: the mean, and between brackets the 5 % and 95 % quantiles. "
        "Smaller scores are better.\n",
    ]
    for name, step in dict.fromkeys((s.question, s.step) for s in scores):
        title = f"{question_title(name)}{ahead(step)}"
        parts.append(f"## {title}\n\n`{name}`: {QUESTIONS[name].wording}\n")
        some = [s for s in scores if s.step == step]
        parts.append(_table(name, some, ["window", "came"], said_rows))
        parts.append(_table(name, some, ["mean"], mean_rows))
    if differences:
        parts.append(f"## Against the yardsticks\n\n{verdict(differences)}\n")
        parts.append(_difference_table(differences))
    notes = notes_of(scores)
    if notes:
        parts.append("## To be known\n\n" + "".join(f"- {note}\n" for note in notes))
    return "\n".join(parts)


def by_chance(n: int) -> str:
    """Return how many of n differences that are none have an interval without 0.

    >>> by_chance(50)
    '2.5'
    """
    return f"{(1.0 - LEVEL) * n:.2g}"


def verdict(differences: Sequence[Difference]) -> str:
    """Say in a few sentences how much the differences show."""
    bounded = [d for d in differences if isfinite(d.low)]
    most = max((d.n for d in differences), default=0)
    if not bounded or most < _FEWEST:
        return (
            f"Too few windows: from {most} nobody can tell a better forecaster from a "
            "luckier one. An interval takes the differences for nearly normal, which "
            f"needs {_FEWEST} or more to be so much as looked at, and {_FEW} to say "
            "something."
        )
    better = sum(d.high < 0.0 for d in bounded)
    worse = sum(d.low > 0.0 for d in bounded)
    n, fewest = len(bounded), min(d.n for d in bounded)
    text = (
        f"Of {n} differences between the model and a yardstick the {100 * LEVEL:.0f} % "
        f"interval leaves out 0 in {better + worse}: the model is better in {better} "
        f"and worse in {worse}. Were there no difference at all, some {by_chance(n)} "
        "would do so by chance, more or fewer together, since they share windows and "
        "questions."
    )
    if fewest < _FEW:
        text += (
            f" {fewest} windows are few: the intervals take differences for nearly "
            "normal, and the column `detectable` says how large a true difference "
            "had to be for these windows to show it with 80 % power."
        )
    return text


def notes_of(scores: Sequence[Score]) -> list[str]:
    """Return what is to be known of the rows that were counted, each once."""
    questions: dict[tuple[str, str], dict[str, None]] = {}
    for s in scores:
        for note in s.notes:
            of = questions.setdefault((f"{s.first_day} to {s.end}", note), {})
            of[QUESTIONS[s.question].label] = None
    return [
        f"{window}, {', '.join(labels)}: {note}"
        for (window, note), labels in questions.items()
    ]


def forecaster_label(name: str) -> str:
    """Return how a table names a forecaster."""
    return YARDSTICKS[name].label if name in YARDSTICKS else name


def said(score: Score) -> str:
    """Return a forecast in a few signs.

    An event's probability in per cent, a count's mean with its quantiles.
    """
    if QUESTIONS[score.question].kind == EVENT:
        return f"{100.0 * score.forecast:.2g} %"
    mean = f"{score.forecast:.1f}"
    return f"{mean} [{score.low:.0f}, {score.high:.0f}]"


def ahead(step: int) -> str:
    """Return what a title adds for windows that do not begin on the origin.

    >>> ahead(1), ahead(3)
    ('', ', 3 steps ahead')
    """
    return "" if step == 1 else f", {step} steps ahead"


def _has_steps(rows: Sequence[Score] | Sequence[Difference]) -> bool:
    """Whether anything was forecast more than one step ahead."""
    return any(row.step > 1 for row in rows)


def _asked(scores: Sequence[Score]) -> list[tuple[str, int, str]]:
    names = dict.fromkeys((s.question, s.step) for s in scores)
    return [
        (n, step, score) for n, step in names for score in SCORES[QUESTIONS[n].kind]
    ]


def forecasters_of(scores: Sequence[Score]) -> list[str]:
    """Return the forecasters, the model first."""
    names = list(dict.fromkeys(s.forecaster for s in scores))
    return sorted(names, key=lambda name: name != MODEL)


def said_rows(
    name: str, scores: Sequence[Score], forecasters: Sequence[str], blank: str
) -> list[list[str]]:
    """Return a row a window of a question: what came, and what each forecaster said."""
    rows = [s for s in scores if s.question == name]
    lines: list[list[str]] = []
    for window in sorted({s.window for s in rows}):
        here = {s.forecaster: s for s in rows if s.window == window}
        observed = next(iter(here.values())).observed
        came = str(observed)
        if QUESTIONS[name].kind == EVENT:
            came = "yes" if observed else "no"
        cells = [said(here[f]) if f in here else blank for f in forecasters]
        lines.append([f"{window[1]} to {window[2]}", came, *cells])
    return lines


def mean_rows(
    name: str, scores: Sequence[Score], forecasters: Sequence[str], blank: str
) -> list[list[str]]:
    """Return a row a kind of score of a question: each forecaster's mean."""
    rows = [s for s in scores if s.question == name]
    lines: list[list[str]] = []
    for score in SCORES[QUESTIONS[name].kind]:
        of = [[s.scores[score] for s in rows if s.forecaster == f] for f in forecasters]
        cells = [f"{sum(each) / len(each):.3f}" if each else blank for each in of]
        lines.append([LABELS[score], *cells])
    return lines


def _table(
    name: str, scores: Sequence[Score], first: Sequence[str], rows_of: Rows
) -> str:
    """Return rows of a question, Markdown; columns are those who answered it."""
    forecasters = forecasters_of([s for s in scores if s.question == name])
    heads = [*first, *map(forecaster_label, forecasters)]
    rows = rows_of(name, scores, forecasters, "")
    return markdown_table(heads, rows, numbers=range(1, len(heads)))


def _difference_table(differences: Sequence[Difference]) -> str:
    heads = [
        "question", "score", "yardstick", "windows", "model", "yardstick's",
        "difference", "95 % interval", "detectable",
    ]  # fmt: skip
    lines: list[list[str]] = []
    for d in differences:
        half = (d.high - d.low) / 2.0
        lines.append(
            [
                f"{QUESTIONS[d.question].label}{ahead(d.step)}",
                LABELS[d.score],
                forecaster_label(d.yardstick),
                str(d.n),
                f"{d.model:.3f}",
                f"{d.other:.3f}",
                figure(d.mean, half, signed=True),
                interval_text(d.low, d.high, signed=True) if isfinite(half) else "–",
                f"{d.detectable:.2g}" if isfinite(d.detectable) else "–",
            ]
        )
    return markdown_table(heads, lines, numbers=range(3, len(heads)))


def question_title(name: str) -> str:
    """Return what a question is called above its table or picture."""
    return capital(QUESTIONS[name].label)
