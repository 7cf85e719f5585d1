from __future__ import annotations

import json

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from clinia_nb.analysis._json_scalars import json_scalars

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
KEYS = TEXTS.filter(lambda key: sum(character.isdigit() for character in key) < 3)
SCALARS = st.none() | st.booleans() | st.integers(-1000, 1000) | TEXTS
DOCUMENTS = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)


def walked(document, path, item=None):
    if isinstance(document, dict):
        inner = [(value, f"{path}.{key}", item) for key, value in document.items()]
    elif isinstance(document, list):
        items = range(len(document)) if item is None else [item] * len(document)
        inner = [(value, f"{path}[]", at) for value, at in zip(document, items, strict=True)]
    elif document is None:
        return []
    else:
        return [(path, item, document if isinstance(document, str) else json.dumps(document))]
    return [row for each in inner for row in walked(*each)]


@given(st.lists(DOCUMENTS, max_size=4), st.booleans(), st.sampled_from([None, 1]))
def test_every_scalar_is_found_at_its_path_as_a_parser_finds_it(documents, ascii_only, indent):
    texts = {json.dumps(d, ensure_ascii=ascii_only, indent=indent): d for d in documents}
    found = json_scalars(pl.Series(list(texts), dtype=pl.String), root="details")
    assert found.columns == ["text", "path", "item", "value"]
    for text, document in texts.items():
        rows = found.filter(text=text).select("path", "item", "value").rows()
        assert rows == walked(document, "details")


@given(st.text(max_size=30))
def test_text_of_any_kind_is_read_or_passed_over(text):
    found = json_scalars(pl.Series([text]), root="details")
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        assert found.is_empty()
