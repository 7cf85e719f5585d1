import json
import socket
import struct
import threading
import time

import pytest
import requests

from clinia_nb.sandbox import server as module
from clinia_nb.sandbox.samples import list_samples
from clinia_nb.sandbox.server import Sandbox

BY_NAME = {sample.name: sample for sample in list_samples()}


@pytest.fixture
def seconds():
    return [100.0]


@pytest.fixture
def ask(seconds):
    with Sandbox(clock=lambda: seconds[0]) as sandbox, requests.Session() as session:
        session.trust_env = False

        def get(path, key=None, method="GET", **params):
            headers = {"X-Clinia-API-Key": sandbox.api_key if key is None else key}
            url = sandbox.base_url + path
            return session.request(method, url, headers=headers, params=params, timeout=10)

        yield get


def path_of(sample):
    route = "tasks" if sample.kind == "tasks" else f"{sample.kind}/bulk"
    return f"/sources/{sample.source_key}/v1/{route}/{sample.bulk_id}"


@pytest.mark.parametrize("name", [name for name in BY_NAME if name not in {"pending", "live"}])
def test_samples_are_served_byte_for_byte(ask, name):
    answer = ask(path_of(BY_NAME[name]), withReceipts="true")
    assert answer.status_code == 200
    assert answer.content == BY_NAME[name].path.read_bytes()


def test_without_receipts_there_is_only_a_status(ask):
    assert ask(path_of(BY_NAME["mixed"])).json() == {"status": "FAILURE"}


def test_tasks_serve_every_sample_with_its_id(ask):
    sample = BY_NAME["outage"]
    answer = ask(f"/sources/{sample.source_key}/v1/tasks/{sample.bulk_id}").json()
    assert answer == {"status": "FAILURE", "taskId": sample.bulk_id}


def test_a_bare_bulk_id_is_accepted(ask):
    sample = BY_NAME["mixed"]
    path = path_of(sample).replace("bk_", "")
    assert ask(path).json() == {"status": "FAILURE"}


@pytest.mark.parametrize(
    ("path", "key", "code", "kind"),
    [
        ("/catalog/v1/sources", "", 401, "UNAUTHENTICATED"),
        ("/catalog/v1/sources", "wrong", 401, "UNAUTHENTICATED"),
        ("/nowhere", None, 404, "NOT_FOUND"),
        ("/sources/none/v1/tasks/bk_1", None, 404, "NOT_FOUND"),
        ("/sources/ehr-prod/v1/relationships/bulk/bk_1", None, 404, "NOT_FOUND"),
        ("/catalog/v1/sources?page=x", None, 400, "INVALID_ARGUMENT"),
    ],
)
def test_refusals_have_clinias_shape(ask, path, key, code, kind):
    answer = ask(path, key=key)
    assert answer.status_code == code
    body = answer.json()
    assert (body["code"], body["type"], body["details"]) == (code, kind, [])


def test_a_kind_does_not_serve_the_bulks_of_another(ask):
    path = path_of(BY_NAME["all_well"]).replace("/resources/", "/relationships/")
    assert ask(path).status_code == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "FOO"])
def test_other_methods_are_refused_in_clinias_shape(ask, method):
    answer = ask("/catalog/v1/sources", method=method)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET")
    body = answer.json()
    assert (body["code"], body["type"], body["details"]) == (405, "UNIMPLEMENTED", [])


def test_a_refused_head_request_has_no_body(ask):
    answer = ask("/catalog/v1/sources", method="HEAD")
    assert (answer.status_code, answer.content) == (405, b"")


def test_a_request_without_a_key_header_is_unauthenticated():
    with Sandbox() as sandbox, requests.Session() as session:
        session.trust_env = False
        answer = session.get(sandbox.base_url + "/catalog/v1/sources", timeout=10)
    assert (answer.status_code, answer.json()["type"]) == (401, "UNAUTHENTICATED")


def test_a_client_that_resets_its_connection_leaves_no_trace(capfd):
    with Sandbox() as sandbox:
        address = ("127.0.0.1", int(sandbox.base_url.rpartition(":")[2]))
        client = socket.create_connection(address)
        client.sendall(b"GET /catalog")
        time.sleep(0.1)  # the server must be reading when the reset comes
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        client.close()
        time.sleep(0.2)
    assert capfd.readouterr().err == ""


def test_threads_that_ask_at_once_share_one_sandbox(monkeypatch):
    monkeypatch.setattr(module, "_shared", [])
    gate, given = threading.Barrier(8), []

    def ask_for_it():
        gate.wait()
        given.append(module.shared_sandbox())

    threads = [threading.Thread(target=ask_for_it) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    try:
        assert len({sandbox.base_url for sandbox in given}) == 1
        assert len(given) == 8
    finally:
        for sandbox in set(given):
            sandbox.close()


def test_sources_come_in_pages(ask):
    answers = [ask("/catalog/v1/sources", page=page, perPage=3).json() for page in (1, 2)]
    keys = [source["key"] for answer in answers for source in answer["data"]]
    assert keys == sorted({sample.source_key for sample in list_samples()})
    assert answers[0]["meta"] == {"numPages": 2, "page": 1, "perPage": 3, "total": 4}


def test_the_pending_sample_completes_while_one_watches(ask, seconds):
    path = path_of(BY_NAME["pending"])
    done = []
    for _ in range(4):
        answer = ask(path, withReceipts="true").json()
        done.append(sum(r["status"] != "PENDING" for r in answer["receipts"]))
        assert answer["status"] == ("FAILURE" if len(done) == 4 else "PENDING")
        seconds[0] += 2
    assert done == [0, 666, 1333, 2000]
    assert ask(path, withReceipts="true").content == BY_NAME["pending"].path.read_bytes()


def test_what_is_still_pending_shows_no_outcome(ask):
    answer = json.loads(ask(path_of(BY_NAME["pending"]), withReceipts="true").content)
    assert {"completedAt", "error", "pipelineExecution"}.isdisjoint(answer["receipts"][0])


def test_the_key_is_not_in_the_repr(ask):
    with Sandbox() as sandbox:
        assert sandbox.api_key not in repr(sandbox)
