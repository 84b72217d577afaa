"""Run the notebooks of ``docs/notebooks``, cell by cell, and keep what they show.

::

    python generators/notebooks.py            run all, write their outputs
    python generators/notebooks.py --check    run all, exit 1 if one shows another thing

Their cells are plain Python, so no kernel is needed: each is executed in this process,
and what its last line gives is shown as a notebook shows it, by ``_repr_html_`` and
``_repr_png_``. Each runs in an empty folder of its own, and so holds no path of the
machine.
"""

from __future__ import annotations

import argparse
import ast
import io
import json
import sys
import tempfile
from base64 import b64encode
from contextlib import chdir, redirect_stdout
from pathlib import Path
from typing import Any, Final

FOLDER: Final = Path(__file__).resolve().parents[1] / "docs" / "notebooks"


def executed(notebook: dict[str, Any]) -> dict[str, Any]:
    """Return a notebook with the outputs of its cells as they are now."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    cells: list[dict[str, Any]] = []
    n = 0
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        for cell in notebook["cells"]:
            if cell["cell_type"] != "code":
                cells.append(cell)
                continue
            n += 1
            shown = _outputs("".join(cell["source"]), n, namespace)
            cells.append(cell | {"execution_count": n, "outputs": shown})
    return notebook | {"cells": cells}


def _outputs(source: str, n: int, namespace: dict[str, Any]) -> list[dict[str, Any]]:
    """Execute a cell; return what a notebook shows of it."""
    tree = ast.parse(source)
    last = (
        tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    )
    printed, value = io.StringIO(), None
    with redirect_stdout(printed):
        exec(compile(tree, f"cell {n}", "exec"), namespace)
        if isinstance(last, ast.Expr):
            expression = compile(ast.Expression(last.value), f"cell {n}", "eval")
            value = eval(expression, namespace)
    outputs: list[dict[str, Any]] = []
    if text := printed.getvalue():
        lines = text.splitlines(keepends=True)
        outputs.append({"name": "stdout", "output_type": "stream", "text": lines})
    if value is not None:
        outputs.append(
            {
                "data": _shown(value),
                "execution_count": n,
                "metadata": {},
                "output_type": "execute_result",
            }
        )
    return outputs


def _shown(value: Any) -> dict[str, Any]:
    """Return a value in every form that a notebook could show."""
    data: dict[str, Any] = {"text/plain": repr(value).splitlines(keepends=True)}
    html, png = (getattr(value, f"_repr_{form}_", None) for form in ("html", "png"))
    if html is not None and (page := html()):
        data["text/html"] = page.splitlines(keepends=True)
    if png is not None:
        data["image/png"] = b64encode(png()).decode()
    return data


def text_of(notebook: dict[str, Any]) -> str:
    """Return the text of a notebook's file."""
    return json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def renew(file: Path, *, is_check: bool) -> bool:
    """Run a notebook, and write it unless only checking; return whether it was stale.

    Pictures are not compared: their bytes are those of one version of Matplotlib.
    """
    before = json.loads(file.read_text("utf-8"))
    after = executed(before)
    is_stale = _without_pictures(before) != _without_pictures(after)
    if not is_check:
        file.write_text(text_of(after), "utf-8")
    return is_stale


def _without_pictures(notebook: dict[str, Any]) -> list[Any]:
    """Return what the cells of a notebook show, a picture as that it is one."""
    return [
        {
            **output,
            "data": {
                **output.get("data", {}),
                "image/png": "image/png" in output.get("data", {}),
            },
        }
        for cell in notebook["cells"]
        for output in cell.get("outputs", [])
    ]


def main() -> int:
    """Do what the command line asks; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--check", action="store_true", help="write nothing")
    is_check: bool = parser.parse_args().check
    stale = [
        file.name
        for file in sorted(FOLDER.glob("*.ipynb"))
        if renew(file, is_check=is_check)
    ]
    for name in stale if is_check else ():
        sys.stdout.write(f"stale: {name}; renew with python generators/notebooks.py\n")
    return 1 if is_check and stale else 0


if __name__ == "__main__":
    raise SystemExit(main())
