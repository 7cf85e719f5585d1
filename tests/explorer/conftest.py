import pytest

from clinia_nb.explorer.prepared import Study

_prepare = Study.of
_PREPARED = {}


@pytest.fixture(autouse=True)
def prepared_once(monkeypatch):
    """Sign and explain each bulk once: most tests look at the same few samples."""

    def of(bulk, archive=None):
        if archive is not None:
            return _prepare(bulk, archive)
        texts = (bulk.source_key, bulk.bulk_id, bulk.kind, bulk.status)
        key = (*texts, hash(bulk.receipts.write_json()))
        if key not in _PREPARED:
            _PREPARED[key] = _prepare(bulk)
        known = _PREPARED[key]
        return Study(bulk, known.table, _found=known._found)

    monkeypatch.setattr(Study, "of", of)
