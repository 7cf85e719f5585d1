"""The shape of a receipt on the wire, built from the table of fields."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import polars as pl

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .fields import Field

ABSENT = msgspec.Raw()
_QUOTED = frozenset('\\"')


@dataclass(frozen=True)
class Member:
    """A member of a JSON object: it has a column, is an object of such members, or is ignored."""

    path: str
    wire_type: Any
    field: Field | None = None
    shape: Shape | None = None


@dataclass(frozen=True)
class Shape:
    """The members of a JSON object, by their names on the wire."""

    members: dict[str, Member]

    @cached_property
    def struct(self) -> type[msgspec.Struct]:
        """The members in order, as attributes ``m0``, ``m1``…; no other members are allowed."""
        names = {f"m{place}": name for place, name in enumerate(self.members)}
        members = zip(names, self.members.values(), strict=True)
        return msgspec.defstruct(
            "Receipt",
            [
                (name, member.wire_type, ABSENT if member.wire_type is msgspec.Raw else None)
                for name, member in members
            ],
            rename=names,
            forbid_unknown_fields=True,
            gc=False,  # no receipt refers to itself
        )


def receipt_shape(fields: Iterable[Field], ignored: Iterable[tuple[str, str]] = ()) -> Shape:
    """Build the shape of a receipt. A path has at most two names: ``taskId``, ``error.code``.

    Ignored members, each with the name of its object, may be there too, with any value.
    """
    top: dict[str, Member] = {}
    nested: dict[str, dict[str, Member]] = {}
    for field in fields:
        parent, _, name = field.path.rpartition(".")
        if name:
            members = nested.setdefault(parent, {}) if parent else top
            members[name] = Member(field.path, _wire_type(field), field)
    # The ignored come last, so that the others keep their places. msgspec takes plain names only.
    others = [
        (parent, name) for parent, name in ignored if name.isprintable() and not _QUOTED & {*name}
    ]
    for parent, name in others:
        if parent in nested:
            nested[parent].setdefault(name, Member(name, msgspec.Raw))
    for name, members in nested.items():
        shape = Shape(members)
        top[name] = Member(name, shape.struct | None, shape=shape)
    for parent, name in others:
        if not parent:
            top.setdefault(name, Member(name, msgspec.Raw))
    return Shape(top)


def _wire_type(field: Field) -> Any:  # noqa: ANN401 - an annotation, as msgspec takes them
    if field.json:
        return msgspec.Raw
    dtype: Any = field.dtype
    if field.dtype.is_integer():
        least, most = pl.select(dtype.min(), most=dtype.max()).row(0)
        # msgspec takes no bounds beyond 64 bits with a sign.
        bounds = msgspec.Meta(ge=least, le=min(most, 2**63 - 1))
        return Annotated[int, bounds] | None  # pyright: ignore[reportOperatorIssue, reportUnknownVariableType] - built at run time
    if field.dtype.is_float():
        return float | None
    return bool | None if field.dtype == pl.Boolean else str | None
