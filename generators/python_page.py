"""``docs/python.md`` from the docstrings of what is public; ``pages.py`` writes it."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import Any, Final

import sim
from sim.digits import markdown_table
from sim.verbs.answer import Answer
from sim.verbs.columns import COLUMNS

PAGE: Final = Path(__file__).resolve().parents[1] / "docs" / "python.md"
_SECTION: Final = re.compile(r"^(\w+)\n-+\n", re.MULTILINE)
GROUPS: Final = {
    "Look": ("list_scenarios", "load", "check"),
    "Run one scenario": ("run", "replay", "report", "brief", "rerun"),
    "Ask why": ("explain", "branch", "ablate", "null_of"),
    "Compare and vary": ("compare", "sweep", "sensitivity", "discover"),
    "Hold against the record": (
        "calibrate",
        "forecast",
        "score",
        "rivals",
        "import_events",
    ),
    "Objects": ("Scenario", "SimError"),
}
"""Public names by what they are for, in the order of the page."""


def parts_of(docstring: str) -> dict[str, str]:
    """Return the sections of a NumPy docstring by name; what comes first as ``""``."""
    pieces = _SECTION.split(docstring)
    names = ["", *pieces[1::2]]
    texts = [piece.strip() for piece in pieces[::2]]
    return dict(zip(names, texts, strict=True))


def page() -> str:
    """Return the whole page."""
    listed = [name for names in GROUPS.values() for name in names]
    if left := set(sim.__all__) - {*listed, "__version__"}:
        message = f"public, and in no group of python_page.GROUPS: {sorted(left)}"
        raise ValueError(message)
    sections = "\n".join(
        f"## {group}\n\n" + "\n".join(map(_entry, names))
        for group, names in GROUPS.items()
    )
    return f"""# Python

Written by `python generators/pages.py` from the docstrings; do not edit it.

`import sim` gives every verb of the command as a function (`import escalade` gives the
same). Options are arguments of their names, with `_` for `-`; three are Python's own
words: `--set` is `changes`, a dict; `--from` is `free_from`, `--map` is `map_file`.
Where the command takes names with commas, or an option more than once, give a text or a
list. A scenario is a file, a shipped id, or what `sim.load` loaded.

Nothing is written unless `out` names a folder, which is then the command's to the byte;
`out=True` gives it a name of its own in `runs/`. Wrong arguments are refused with a
`sim.SimError` that says what is allowed. Examples run from the root of a clone. Three
notebooks show the way: [run a scenario](notebooks/run.ipynb), [compare
policies](notebooks/compare.ipynb), [a theatre of one's own](notebooks/theatre.ipynb);
`pip install jupyterlab` and `jupyter lab docs/notebooks` open them.

What takes more than two seconds says on stderr which engine runs, why, and how much
time is left; `watch=False` keeps it silent. `escalade compile`, once in a shell,
compiles the rules, which takes half a minute, and all is many times as fast then.
Without it what lasts begins on SimPy, and is compiled beside where a core is to spare.

Numbers, arrays and moments of NumPy and pandas are taken as Python's own. Figures are
Matplotlib's: `figure.suptitle("My title")` and `figure.set_size_inches(8, 6)` change
them, and margins keep their inches.

{sections}
## Answers

What a verb returns prints as one line, and in a notebook as its table. All have:

{_members(Answer)}
Each has besides:

{"".join(map(_answer, _answers()))}## Columns

What the columns of these tables mean, wherever they stand. Of one that ends in `_low`
or `_high` and is not listed these are the ends of the 95 % interval, of Monte Carlo
error only. A sweep's table has a column for each factor too, in the unit that its file
writes; that of `import_events` has those of a
[record](howto-record.md).

{markdown_table(("column", "means"), _columns())}"""


def _columns() -> list[tuple[str, str]]:
    return [(f"`{name}`", meaning) for name, meaning in COLUMNS.items()]


def _answers() -> list[type]:
    """Return the classes of answers, in the order of their names."""
    for name in sim.__all__:
        getattr(sim, name)  # loads its file
    answers = [*Answer.__subclasses__()]
    for one in answers:
        answers += one.__subclasses__()
    return sorted(
        (one for one in answers if not one.__name__.startswith("_")),
        key=lambda one: one.__name__,
    )


def _entry(name: str) -> str:
    """Return what is said of one public name."""
    public: Any = getattr(sim, name)
    parts = parts_of(inspect.getdoc(public) or "")
    is_class = isinstance(public, type)
    lines = [f"### `sim.{name}`", ""]
    if not is_class:
        lines += ["```python", _signature(name, public), "```", ""]
    lines += [_links(parts[""]), ""]
    for section in ("Parameters", "Returns", "Raises"):
        if section in parts:
            lines += [f"**{section}**", "", _links(_definitions(parts[section])), ""]
    if "Notes" in parts:
        lines += [_links(parts["Notes"]), ""]
    if "Examples" in parts:
        lines += ["```python", _code(parts["Examples"]), "```", ""]
    return "\n".join(lines)


def _signature(name: str, public: Any) -> str:
    """Return a call with its arguments, a line for each where they are many."""
    signature = inspect.signature(public)
    shown = [
        parameter.replace(annotation=inspect.Parameter.empty)
        for parameter in signature.parameters.values()
    ]
    bare = signature.replace(
        parameters=shown, return_annotation=inspect.Signature.empty
    )
    text = f"sim.{name}{bare}"
    if len(text) <= 80:
        return text
    texts = str(bare)[1:-1].split(", ")
    lines, line = [f"sim.{name}("], "   "
    for one in texts:
        if len(line) + len(one) > 78:
            lines.append(line)
            line = "   "
        line += f" {one},"
    return "\n".join([*lines, line, ")"])


def _definitions(text: str) -> str:
    """Return names and what they are as a list."""
    lines: list[str] = []
    for line in text.split("\n"):
        if line and not line.startswith(" "):
            names = ", ".join(f"`{one}`" for one in re.split(r", | or ", line))
            lines.append(f"- {names}:")
        elif line:
            lines.append(f"  {line.strip()}")
    return "\n".join(lines)


def _links(text: str) -> str:
    """Return a text in which public names lead to their places, as Markdown."""
    text = re.sub(r"``(.+?)``", r"`\1`", text)
    return re.sub(
        r"(?<!\[)`sim\.(\w+)`",
        lambda m: f"[`sim.{m[1]}`](#sim{m[1]})" if m[1] in sim.__all__ else m[0],
        text,
    )


def _code(text: str) -> str:
    return re.sub(r"  # doctest: \+\w+", "", text)


def _members(answer: type) -> str:
    """Return what an answer offers, as a list; what its class takes over left out."""
    inherited = set(dir(Answer)) if answer is not Answer else set[str]()
    rows: list[str] = []
    for name, member in vars(answer).items():
        if name.startswith("_") or name in inherited | {"html"}:
            continue
        text = inspect.getdoc(member) or ""
        if callable(member):
            rows.append(f"- `{name}()`: {_first(text)}")
        elif hasattr(member, "__get__") and text:
            rows.append(f"- `{name}`: {_first(text)}")
    return "\n".join(rows) + "\n" if rows else ""


def _answer(answer: type) -> str:
    """Return what is said of one class of answers."""
    table = inspect.getdoc(vars(answer).get("table")) or ""
    head = f"**{answer.__name__}**: {_first(inspect.getdoc(answer) or '')}"
    first = f"- `table()`: {_first(table)}\n" if table else ""
    return f"{head}\n\n{first}{_members(answer)}\n"


def _first(text: str) -> str:
    """Return the first paragraph of a docstring, as Markdown on one line."""
    return _links(" ".join(text.split("\n\n", maxsplit=1)[0].split()))


def renew(is_check: bool) -> bool:
    """Write the page unless only checking; return whether it was stale."""
    text = page().rstrip("\n") + "\n"
    is_stale = not PAGE.is_file() or PAGE.read_text("utf-8") != text
    if is_stale and not is_check:
        PAGE.write_text(text, "utf-8")
    return is_stale
