import asyncio
import json
import time

import pytest
from support.scripted_server import Step

from clinia_nb import Explorer
from clinia_nb.fetch.pace import Pace

BODY = {"status": "SUCCESS", "receipts": [{"id": "r1", "status": "SUCCESS"}]}
SLOW = Step(stall=True)


@pytest.fixture
def client(serve, client_of):
    """A client for which the list of sources and the bulk bk_slow never come."""
    server = serve()

    def next_step():
        path = server.requests[-1][0]
        slow = "catalog" in path or "bk_slow" in path
        return SLOW if slow else Step(body=json.dumps(BODY).encode())

    server.next_step = next_step
    return client_of(server, pace=Pace(), timeout=(5, 20))


async def until(condition, seconds=15):  # a client waits 20 for what never comes
    begun = time.monotonic()
    while not condition():
        assert time.monotonic() - begun < seconds
        await asyncio.sleep(0.02)


def chosen(client, bulk_id):
    explorer = Explorer(client)
    explorer.state.source_key, explorer.state.bulk_id = "ehr", bulk_id
    return explorer


def test_slow_answers_do_not_use_up_what_others_need(client):
    async def load_after_many_slow_ones():
        slow = [chosen(client, "bk_slow") for _ in range(12)]
        for explorer in slow:
            explorer.loader.start(explorer.loader.load())
        last = chosen(client, "bk_1")
        last.loader.start(last.loader.load())
        await until(lambda: last.bulk is not None)
        for explorer in [*slow, last]:
            explorer.close()
        return last.bulk.status

    assert asyncio.run(load_after_many_slow_ones()) == "SUCCESS"


def test_stop_ends_a_slow_download_at_once(client):
    async def stop_one():
        explorer = chosen(client, "bk_slow")
        explorer.loader.start(explorer.loader.load())
        await until(lambda: explorer.state.busy)
        await asyncio.sleep(0.2)
        explorer.loader.stop()
        assert not explorer.state.busy
        explorer.close()
        await until(lambda: not explorer.loader._tasks, 2)

    asyncio.run(stop_one())
