"""The one place where text becomes markup: templates that escape whatever they are given."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from . import formats

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup


def render(template: str, **given: object) -> str:
    """Fill a template of the package, given by its path in it."""
    return _templates().get_template(template).render(given)


def trusted(made: str) -> Markup:
    """Let HTML or SVG that this package rendered stand in another template as it is."""
    from markupsafe import Markup

    return Markup(made)  # noqa: S704 - made by `render` or by `charts.to_svg`, which escape


@cache
def _templates() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parents[1]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    for show in (
        *(formats.count, formats.percent, formats.moment, formats.clip),
        *(formats.duration, formats.harmless),
    ):
        environment.filters[show.__name__] = show  # pyright: ignore[reportUnknownMemberType]
    # As text, which is escaped where it stands, also within an attribute.
    environment.filters["json"] = json.dumps  # pyright: ignore[reportUnknownMemberType]
    return environment
