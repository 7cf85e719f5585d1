"""The one place where text becomes markup: templates that escape all values."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from . import formats, tokens

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup


def render(template: str, **given: object) -> str:
    """Fill a template, named by its path within the package."""
    return _templates().get_template(template).render(given)


def trusted(made: str) -> Markup:
    """Mark HTML or SVG that this package rendered, so that another template does not escape it."""
    from markupsafe import Markup

    return Markup(made)  # noqa: S704 - made by `render` or by `charts.to_svg`, which escape


def style_element(css: str) -> Markup:
    r"""Return a style element for a fragment of HTML that others may sanitize.

    A sanitizer that removes the element but keeps its text, such as bleach in ``nbconvert
    --sanitize-html``, then keeps a comment. CSS ignores the marks of an HTML comment.

    >>> str(style_element("p { color: red; }"))
    '<style><!--\np { color: red; }\n--></style>'
    """
    return trusted(f"<style><!--\n{css}\n--></style>")


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
        formats.clip,
        formats.count,
        formats.duration,
        formats.harmless,
        formats.moment,
        formats.percent,
    ):
        environment.filters[show.__name__] = show  # pyright: ignore[reportUnknownMemberType]
    environment.filters["style"] = style_element  # pyright: ignore[reportUnknownMemberType]
    # Returns text, which is escaped where it is used, in attributes too.
    environment.filters["json"] = json.dumps  # pyright: ignore[reportUnknownMemberType]
    environment.globals |= {  # pyright: ignore[reportUnknownMemberType]
        "page_inks": tokens.PAGE_INKS,
        "print_inks": tokens.PRINT_INKS,
        "outcome_inks": tokens.OUTCOME_INKS,
        "page_font": tokens.PAGE_FONT,
        "status_outcomes": tokens.STATUS_OUTCOMES,
    }
    return environment
