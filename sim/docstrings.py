"""What the fields of a class mean: the texts below them, read off its source."""

from __future__ import annotations

import ast
import inspect
from functools import cache
from textwrap import dedent
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@cache
def field_texts(owner: type[Any]) -> Mapping[str, str]:
    """Return the text below each annotated field of a class, "" where there is none.

    Empty where the source of the class cannot be read.
    """
    try:
        tree = ast.parse(dedent(inspect.getsource(owner))).body[0]
    except (OSError, TypeError):
        return {}
    texts: dict[str, str] = {}
    last = ""
    for node in tree.body if isinstance(tree, ast.ClassDef) else ():
        match node:
            case ast.AnnAssign(target=ast.Name(id=last)):
                texts[last] = ""
            case ast.Expr(value=ast.Constant(value=str(text))) if last:
                texts[last] = " ".join(text.split())
            case _:
                last = ""
    return texts
