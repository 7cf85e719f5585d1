"""Generated bulks: each is made once, and nobody may change it."""

from functools import cache

from clinia_nb import BulkResult
from clinia_nb.sandbox import generate_bulk

generated = cache(generate_bulk)


@cache
def bulk_of(scenario="mixed", receipts=200, seed=0, **changes):
    made = generated(scenario, receipts=receipts, seed=seed)
    given = {"source_key": made.source_key, "bulk_id": made.bulk_id, "kind": made.kind}
    return BulkResult.from_json(made.body, **(given | changes))
