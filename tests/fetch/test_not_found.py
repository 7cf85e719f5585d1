import json

import pytest
from support.clock import NOW
from support.scripted_server import Step

import clinia_nb as cnb
from clinia_nb.receipts.ksuid import make_ksuid

ID = "bk_2wil2vg5uqi08x1aet097gLW8DO"


def not_found(message=""):
    body = {"code": 404, "type": "NOT_FOUND", "message": message}
    return Step(404, json.dumps(body).encode())


@pytest.mark.parametrize(
    ("source", "bulk_id", "kind", "message", "advice"),
    [
        (ID, "ehr-prod", "relationships", "", "The arguments look swapped"),
        (ID[3:], "ehr-prod", "tasks", "", "The arguments look swapped"),
        (
            "ehr",
            ID,
            "tasks",
            "source 'ehr' does not exist",
            "Most likely the source key",
        ),
        (
            "ehr",
            ID[:-1],
            "relationships",
            "",
            "after bk_ there are usually 27",
        ),
        ("ehr", ID, "relationships", "", "Most likely the kind: try 'resources'"),
        ("ehr", ID, "resources", "", "Most likely the kind: try 'relationships'"),
        ("ehr", ID, "tasks", "", "belongs to another source or workspace"),
        ("ehr", f"bk_{make_ksuid(NOW.replace(year=2027), 7)}", "tasks", "", "is in the future"),
        (
            "ehr",
            "load-of-monday",
            "relationships",
            "",
            "does not look like one",
        ),
    ],
)
def test_a_404_says_what_to_check_first(serve, client_of, source, bulk_id, kind, message, advice):
    for call in ("fetch_bulk", "bulk_status", "wait_for_bulk"):
        server = serve(not_found(message))
        with pytest.raises(cnb.BulkNotFoundError) as caught:
            getattr(client_of(server), call)(source, bulk_id, kind=kind)
        assert advice in str(caught.value)
        assert (caught.value.status_code, len(server.requests)) == (404, 1)


def test_what_clinia_says_is_not_repeated(serve, client_of):
    with pytest.raises(cnb.BulkNotFoundError) as caught:
        client_of(serve(not_found("source of Mrs Miller does not exist"))).fetch_bulk("ehr", ID)
    assert "Miller" not in str(caught.value)
