"""JSON that a program wrote and anything may have damaged: whole, or said what is not.

What a form does not name is passed over, so a later version may write more.
"""

from __future__ import annotations

import json
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from sim.errors import StudyError


class Form(BaseModel):
    """Fields that are read, and of what type; others are left alone."""

    model_config = ConfigDict(strict=True, extra="ignore", allow_inf_nan=False)


def json_object(content: bytes, named: object, form: type[Form]) -> dict[str, Any]:
    """Return the object that a file holds.

    Parameters
    ----------
    content
        The file's bytes.
    named
        The file, as the refusal names it.
    form
        What must be there.

    Raises
    ------
    StudyError
        If it is no JSON in UTF-8, or a field is missing or of another type; it names
        the field.
    """
    try:
        data = json.loads(content.decode("utf-8"))
        form.model_validate(data)
    except UnicodeDecodeError as error:
        reason = f"is not UTF-8: byte 0x{content[error.start]:02x} at {error.start}"
    except RecursionError:
        reason = "is nested too deeply"
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        n_more = error.error_count() - 1
        more = f", and {n_more} more" if n_more else ""
        reason = f"is damaged: {where + ': ' if where else ''}{first['msg']}{more}"
    except ValueError as error:
        reason = f"is no JSON: {error}"
    else:
        return data
    message = f"{named} {reason}"
    raise StudyError(message)
