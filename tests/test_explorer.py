import asyncio

import pytest
from scripted_server import Step

import clinia_nb as cnb
from clinia_nb.explorer import Explorer
from clinia_nb.samples import list_samples

MIXED = next(sample for sample in list_samples() if sample.name == "mixed")
GOOD = Step(body=b'{"status": "SUCCESS", "receipts": [{"id": "r1", "status": "SUCCESS"}]}')
SOURCES = Step(body=b'[{"key": "ehr"}]')
UNKNOWN = Step(404, b'{"code": 404, "type": "NOT_FOUND", "message": "m"}')


@pytest.fixture
def explore():
    made = []

    def make(*arguments, **keywords):
        made.append(Explorer(*arguments, **keywords))
        return made[-1]

    yield make
    for explorer in made:
        explorer.close()


def test_without_settings_it_explores_the_sandbox_and_says_so(explore):
    explorer = explore()
    assert explorer.client.is_sandbox
    assert "CLINIA_API_KEY" in explorer.view.banner.value
    assert "ehr-prod" in explorer.view.source.options


def test_a_given_bulk_is_loaded_at_once(explore):
    explorer = explore(source_key=MIXED.source_key, bulk_id=MIXED.bulk_id)
    assert explorer.receipts.height == 2_000
    assert "Leading causes" in explorer.view.result.value
    assert "Leading causes" in explorer._repr_mimebundle_()["text/html"]


def test_before_anything_is_loaded_there_are_no_receipts(explore):
    with pytest.raises(cnb.CliniaError, match="press Load"):
        _ = explore().receipts


def test_the_button_loads_what_was_typed(explore):
    explorer = explore()
    explorer.view.source.value, explorer.view.bulk_id.value = MIXED.source_key, MIXED.bulk_id
    explorer.view.button.click()
    assert explorer.bulk.bulk_id == MIXED.bulk_id
    assert not explorer.state.busy


def test_an_error_is_one_line_and_the_last_good_bulk_stays(explore, serve, client_of):
    explorer = explore(client_of(serve(SOURCES, GOOD, UNKNOWN)), "ehr", "bk_1")
    explorer.state.bulk_id = "bk_<b>"
    explorer.load_now()
    assert "HTTP 404 NOT_FOUND" in explorer.state.error
    assert "<b>" not in explorer.view.message.value.replace("&lt;b&gt;", "")
    assert explorer.bulk.bulk_id == "bk_1"
    assert not explorer.state.busy


def test_a_key_that_may_not_list_sources_lets_them_be_typed(explore, serve, client_of):
    explorer = explore(client_of(serve(Step(403, b"{}"), GOOD)), "ehr", "bk_1")
    assert explorer.state.sources == []
    assert explorer.state.error == ""
    assert explorer.receipts.height == 1


def test_a_newer_load_voids_an_older_one(explore, serve, client_of):
    explorer = explore(client_of(serve(SOURCES, GOOD)))
    explorer.state.source_key = "ehr"

    async def both():
        explorer.state.bulk_id = "bk_old"
        older = asyncio.create_task(explorer.load())
        await asyncio.sleep(0)
        explorer.state.bulk_id = "bk_new"
        explorer.start_load()
        await asyncio.gather(older, *explorer._tasks)

    asyncio.run(both())
    assert explorer.bulk.bulk_id == "bk_new"
    assert not explorer.state.busy
