"""An explorer with an archive: its bulks are offered and loaded, saved bulks are found again."""

import pytest

from clinia_nb import Archive, Client, Explorer
from clinia_nb.sandbox.samples import list_samples

SAMPLE = list_samples()[2]
IDS = {"source_key": SAMPLE.source_key, "kind": SAMPLE.kind, "bulk_id": SAMPLE.bulk_id}


@pytest.fixture
def archive(tmp_path):
    return Archive(tmp_path / "bulks")


@pytest.fixture
def bulk():
    return Client.sandbox().fetch_bulk(SAMPLE.source_key, SAMPLE.bulk_id, kind=SAMPLE.kind)


class NoNetwork(Client):
    """A client that must not be asked for a bulk."""

    def fetch_bulk(self, *_args, **_options):
        raise AssertionError("Clinia was asked")


def form(explorer):
    return " ".join(html for _, html, _ in explorer.panel.form)


def news(explorer):
    explanation = explorer.state.study.explanation()
    return [problem.news for problem in explanation.problems]


def test_nothing_is_written_until_save_is_asked_for_and_then_the_bulk_is_offered(archive, bulk):
    explorer = Explorer(bulk, archive=archive.folder)
    explorer.static_html()
    assert not archive.folder.exists() or archive.bulks().is_empty()
    assert "Save to archive" in form(explorer)
    explorer.ask({"act": "save"})
    assert archive.bulks()["bulk_id"].to_list() == [SAMPLE.bulk_id]
    (offer,) = [offer for offer in explorer.offers() if offer.archived]
    (saved,) = archive.bulks().iter_rows(named=True)
    assert (offer.bulk_id, offer.day) == (SAMPLE.bulk_id, saved["day"].isoformat())
    assert offer.outcome == f"{bulk.status}, {saved['failed']:,} of {saved['receipts']:,} failed"
    assert f"in the archive, {offer.day}" in form(explorer)
    explorer.close()


def test_a_picked_bulk_comes_from_the_archive_without_asking_clinia(archive, bulk, monkeypatch):
    archive.save(bulk)
    client = Client.sandbox()
    monkeypatch.setattr(client, "fetch_bulk", NoNetwork.fetch_bulk)
    explorer = Explorer(client, archive=archive)
    explorer.ask({"act": "choose", **IDS, "load": True, "archived": True})
    assert explorer.state.error == ""
    assert not explorer.state.busy
    assert explorer.receipts.equals(bulk.receipts)
    explorer.close()


def test_problems_say_whether_they_are_new(archive, bulk):
    first = Explorer(bulk, archive=archive)
    assert news(first)
    assert all(words.startswith("New:") for words in news(first))
    archive.save(bulk)
    again = bulk.__class__.from_receipts(
        bulk.receipts, source_key=bulk.source_key, bulk_id="bk_later", kind=bulk.kind
    )
    second = Explorer(again, archive=archive)
    assert news(second)
    assert all(words.startswith("Known: in 2 of 2 bulks") for words in news(second))
    assert Explorer(bulk).state.study.explanation().problems[0].news == ""
    assert archive.bulks().height == 1


def test_without_an_archive_there_is_no_button_and_asking_changes_nothing(
    bulk, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    explorer = Explorer(bulk)
    explorer.ask({"act": "save"})
    explorer.ask({"act": "choose", **IDS, "load": True, "archived": True})
    assert "Save to archive" not in form(explorer)
    assert explorer.bulk is bulk
    assert list(tmp_path.iterdir()) == []


def test_a_bulk_that_was_deleted_meanwhile_is_an_error_and_the_loaded_one_stays(archive, bulk):
    archive.save(bulk)
    explorer = Explorer(bulk, archive=archive)
    archive.delete(SAMPLE.source_key, SAMPLE.bulk_id)
    explorer.ask({"act": "choose", **IDS, "load": True, "archived": True})
    assert "No bulk" in explorer.state.error
    assert explorer.bulk is bulk


def test_a_bulk_that_cannot_be_saved_is_said_and_nothing_else_changes(archive, bulk):
    explorer = Explorer(bulk, archive=archive)
    archive.folder.parent.mkdir(parents=True, exist_ok=True)
    if archive.folder.exists():
        archive.folder.rmdir()
    archive.folder.write_text("in the way")
    explorer.ask({"act": "save"})
    assert explorer.bulk is bulk
    assert archive.folder.read_text() == "in the way"


def test_a_section_that_an_archive_stops_says_why(archive, bulk):
    archive.save(bulk)
    (archive.folder / "notes.json").write_text("[{")
    explorer = Explorer(bulk, archive=archive)
    assert "notes.json cannot be read" in explorer.static_html()
    explorer.close()
