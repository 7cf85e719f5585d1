"""Random faults for a while. SOAK_SECONDS says how long, SOAK_SEED repeats a run."""

import gzip
import json
import os
import random
import threading
import time

import pytest
import requests
from support.scripted_server import Step

import clinia_nb as cnb
from clinia_nb.fetch.pace import Pace

SECONDS = float(os.environ.get("SOAK_SECONDS", "8"))
SEED = int(os.environ.get("SOAK_SEED", "0")) or random.SystemRandom().randrange(1, 2**32)
IDS = [f"bk_2wil2vg5uqi08x1aet097gLW8D{letter}" for letter in "ABCDEFGH"]
LONGEST = 4.0  # seconds, with the slack that a shared machine needs


def body_of(bulk_id, number=3):
    receipts = [
        {"id": f"r{n}", "status": "SUCCESS", "taskId": bulk_id, "type": "clinic"}
        for n in range(number)
    ]
    return json.dumps({"status": "SUCCESS", "receipts": receipts}).encode()


def any_step(chance, bulk_id):
    body = body_of(bulk_id, chance.choice([0, 1, 3, 400]))
    other = body_of(chance.choice(IDS))
    code = chance.choice([400, 401, 403, 404, 409, 418, 429, 500, 502, 503, 504])
    junk = chance.choice([b"", b"<html>", body[: len(body) // 2], b"\xff\x00", b"[1]", b"null"])
    packed = {"Content-Encoding": "gzip"}
    wait = {"Retry-After": chance.choice(["0", "0.01", "86400", "soon", "0, 0", "-1"])}
    return chance.choice(
        [
            Step(body=body),
            Step(body=body, late=other),
            Step(body=other),
            Step(body=gzip.compress(body), headers=packed),
            Step(body=gzip.compress(body)[:-9], headers=packed),
            Step(body=body, headers=packed),
            Step(body=body, claim=len(body) + 7),
            Step(body=body, chunked_cut=True),
            Step(body=body, drip=0.001, piece=64),
            Step(body=body, drip=0.1),
            Step(body=junk),
            Step(code, junk, wait),
            Step(code, junk, packed),
            Step(code, b'{"type": "X"', wait, claim=99),
            Step(chance.choice([301, 302, 307]), body, {"Location": "https://h.example/"}),
            Step(drop=True),
            Step(stall=True),
            Step(drip_headers=True),
        ]
    )


@pytest.mark.slow
@pytest.mark.parametrize("own_session", [True, False])
def test_random_faults_end_in_the_right_bulk_or_a_clear_error(serve, client_of, own_session):
    chance = random.Random(SEED)
    server = serve()
    refusals, right = [], 0

    def next_step():
        path = server.requests[-1][0]
        return any_step(chance, next((it for it in IDS if it in path), IDS[0]))

    server.next_step = next_step
    session = None if own_session else requests.Session()
    client = client_of(
        server,
        session=session,
        pace=Pace(),
        timeout=(1, 0.3),
        time_limit=1.0,
        retry=cnb.RetryPolicy(attempts=3, first_wait=0.01, total=1),
    )
    until = time.monotonic() + SECONDS / 2
    while time.monotonic() < until:
        asked = chance.choice(IDS)
        begun = time.monotonic()
        try:
            bulk = client.fetch_bulk("s", asked)
        except cnb.CliniaError as exc:
            refusals.append(str(exc))
        else:
            right += 1
            assert set(bulk.receipts["task_id"]) <= {asked}, SEED
        assert time.monotonic() - begun < LONGEST, SEED
    if session:
        session.close()
    assert refusals, SEED
    assert right, SEED
    assert all(words.isprintable() for words in refusals), SEED
    wait_for_threads()


def wait_for_threads():
    until = time.monotonic() + 5
    while [t for t in threading.enumerate() if t.name == "clinia-nb"]:
        assert time.monotonic() < until, SEED
        time.sleep(0.02)
