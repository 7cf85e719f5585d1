"""Archives in odd places, with odd bulks, foreign files, and files that were altered."""

import random
import shutil
import warnings
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from support.bulks import bulk_of

from clinia_nb import Archive, ArchiveError, BulkResult, DamagedArchiveWarning, redact_bulk

EMPTY = b'{"status": "SUCCESS", "receipts": []}'


@pytest.fixture
def archive(tmp_path):
    return Archive(tmp_path / "bulks")


def damage_within(path):
    """Break what only reading finds."""
    content = bytearray(path.read_bytes())
    half = len(content) // 2
    content[4:half] = b"\xff" * (half - 4)
    path.write_bytes(content)


@pytest.mark.parametrize("name", ["team=a", "source_key=other", "day=soon", "bulk_id=x", "a b%20*"])
def test_it_does_not_matter_what_the_folders_around_are_called(tmp_path, name):
    archive, bulk = Archive(tmp_path / name / "bulks"), bulk_of()
    archive.save(bulk)
    archive.save(bulk_of("outage", source_key="lab"))
    ehr = archive.scan().filter(source_key="ehr-prod").collect()
    assert ehr.select("source_key", "bulk_id", "day").unique().rows() == [
        (bulk.source_key, bulk.bulk_id, date(2026, 3, 9))
    ]
    assert archive.scan().collect().height == 400
    assert set(archive.scan().collect()["source_key"]) == {"ehr-prod", "lab"}
    assert archive.history(bulk_id=bulk.bulk_id)["first_bulk"].unique().to_list() == [bulk.bulk_id]


@pytest.mark.parametrize(
    "key", ["a/b", "..", "", "x=y", "a%2Fb", "\u65e5\u672c", "a\nb", "007", "null"]
)
def test_any_source_key_is_a_folder_of_its_own(archive, key):
    archive.save(bulk_of("all_well"))
    path = archive.save(replace(bulk_of(), source_key=key))
    assert archive.folder in path.resolve().parents
    assert archive.scan().filter(source_key=key).collect().height == 200
    loaded = archive.load(key, bulk_of().bulk_id)
    assert (loaded.source_key, set(loaded.receipts["source_key"])) == (key, {key})
    assert archive.verify()["problem"].is_null().all()
    archive.delete(key, loaded.bulk_id)
    assert archive.bulks().height == 1


def test_a_bulk_without_receipts_has_no_problems_and_no_news(archive):
    archive.save(bulk_of(source_key="ehr"))
    empty = BulkResult.from_json(EMPTY, source_key="ehr", bulk_id="bk_empty")
    archive.save(empty)
    assert archive.history(bulk_id="bk_empty").is_empty()
    assert archive.history(bulk_id="bk_empty").schema == archive.history().schema
    assert archive.load("ehr", "bk_empty").receipts.is_empty()


def test_a_bulk_without_times_is_of_the_day_it_was_fetched_and_is_kept(archive):
    timeless = bulk_of().receipts.with_columns(
        pl.lit(None).cast(dtype).alias(name)
        for name, dtype in bulk_of().receipts.schema.items()
        if dtype.is_temporal()
    )
    fetched_at = datetime(2026, 3, 9, 23, tzinfo=UTC)
    bulk = BulkResult.from_receipts(timeless, bulk_id="chosen", fetched_at=fetched_at)
    archive.save(bulk)
    assert archive.bulks()["day"].to_list() == [date(2026, 3, 9)]
    archive.prune(older_than=date(2026, 3, 9))
    assert archive.bulks().height == 1
    archive.save(replace(bulk, fetched_at=None))
    assert archive.bulks()["day"].to_list() == [date(1970, 1, 1)]


def test_a_pending_bulk_is_replaced_once_it_is_complete(archive):
    done = bulk_of(bulk_id="chosen")
    waits = done.receipts.select("id", "type", "received_at", status=pl.lit("PENDING"))
    pending = BulkResult.from_receipts(waits, source_key=done.source_key, bulk_id="chosen")
    archive.save(pending)
    assert archive.history().is_empty()
    assert archive.bulks().select("status", "pending").rows() == [("PENDING", 200)]
    archive.save(done)
    assert archive.bulks().select("status", "pending").rows() == [(done.status, 0)]
    assert archive.history()["state"].unique().to_list() == ["new"]


def test_signatures_are_those_of_the_catalog_whatever_the_frame_has(archive):
    plain, own = bulk_of(bulk_id="bk_1"), bulk_of(bulk_id="bk_2")
    noted = own.receipts.with_columns(signature=pl.lit("Anna's own words"), day=pl.lit("Monday"))
    archive.save(plain)
    archive.save(BulkResult.from_receipts(noted))
    found = archive.scan().select("bulk_id", "signature").unique().drop_nulls().collect()
    first, second = (set(found.filter(bulk_id=b)["signature"]) for b in ("bk_1", "bk_2"))
    assert first == second


def test_one_id_in_two_sources_is_two_bulks(archive):
    late, early = (
        bulk_of("outage", source_key="aaa", bulk_id="same"),
        bulk_of("mixed", source_key="zzz", bulk_id="same"),
    )
    archive.save(late)
    archive.save(early)
    assert archive.load("aaa", "same").receipts.height == 200
    of_late = archive.history(bulk_id="same", source_key="aaa")
    of_early = archive.history(bulk_id="same", source_key="zzz")
    assert set(of_late["error_type"]) != set(of_early["error_type"])
    assert_frame_equal(archive.history(bulk_id="same"), of_late)  # the later one
    archive.delete("aaa", "same")
    assert archive.bulks()["source_key"].to_list() == ["zzz"]


def test_a_bulk_that_is_not_saved_is_compared_with_those_that_are(archive):
    archive.save(bulk_of(bulk_id="bk_1"))
    again = archive.scan().collect()
    history = archive.history(source_key="ehr-prod", bulk_id="bk_2", receipts=again)
    assert set(history["state"]) == {"known"}
    assert archive.bulks().height == 1


def test_nothing_is_made_where_there_is_nothing_to_delete(archive):
    assert archive.prune(older_than=timedelta(0)) == []
    with pytest.raises(ArchiveError, match="No bulk"):
        archive.delete("ehr", "bk_1")
    assert not archive.folder.exists()


@pytest.mark.parametrize(
    ("older_than", "left"),
    [
        (timedelta(days=999_999_999), 2),
        (datetime(2026, 3, 9, 23, 30, tzinfo=UTC).astimezone(), 2),
        (datetime.fromisoformat("2026-03-09T23:30:00-05:00"), 1),
        (datetime(2026, 3, 10), 1),  # noqa: DTZ001 - what a user may pass
        (date.max, 0),
    ],
)
def test_prune_counts_days_in_utc_however_far_back(archive, older_than, left):
    archive.save(bulk_of("mixed"))
    archive.save(bulk_of("outage"))
    archive.prune(older_than=older_than)
    assert archive.bulks().height == left


def test_foreign_files_are_named_left_out_and_left_alone(archive):
    path = archive.save(bulk_of())
    odd = path.parents[1] / "day=garbage"
    shutil.copytree(path.parent, odd)
    shutil.copy(path, path.with_name("bk_1 (copy).parquet"))
    pl.DataFrame({"x": [1]}).write_parquet(path.with_name("table.parquet"))
    (archive.folder / "receipts" / "README").write_text("x")
    problems = archive.verify().drop_nulls("problem")
    assert problems.height == 3
    assert sum("holds bulk" in problem for problem in problems["problem"]) == 2
    with pytest.warns(DamagedArchiveWarning, match="3 files"):
        assert archive.scan().collect().height == 200
    with pytest.warns(DamagedArchiveWarning, match="3 files"):
        assert archive.bulks().height == 1
    archive.prune(older_than=date(2026, 1, 1))
    assert (odd / path.name).exists()


def test_a_file_that_is_damaged_within_does_not_stop_the_history_of_the_others(archive):
    damage_within(archive.save(bulk_of("outage")))
    archive.save(bulk_of("mixed"))
    with pytest.warns(DamagedArchiveWarning, match=bulk_of("outage").bulk_id):
        history = archive.history(bulk_id=bulk_of("mixed").bulk_id)
    assert history["state"].unique().to_list() == ["new"]
    with pytest.warns(DamagedArchiveWarning):
        assert archive.scan(checked=True).collect().height == 200


def test_no_altered_byte_goes_unnoticed(archive):
    path = archive.save(bulk_of(receipts=60))
    content, rng = path.read_bytes(), random.Random(1)
    for _ in range(100):
        altered = bytearray(content)
        altered[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
        path.write_bytes(altered)
        if archive.verify()["problem"].item() is None:  # the name of the checksum itself
            loaded = archive.load("ehr-prod", bulk_of().bulk_id)
            assert_frame_equal(loaded.receipts, bulk_of(receipts=60).receipts)
            continue
        with pytest.raises(ArchiveError, match="Fetch bulk"):
            archive.load("ehr-prod", bulk_of().bulk_id)


def test_an_older_file_without_a_checksum_or_a_column_is_read(archive):
    bulk = bulk_of()
    path = archive.save(bulk)
    metadata = pl.read_parquet_metadata(path)
    older = pl.read_parquet(path, hive_partitioning=False).drop("pipeline_status")
    older.write_parquet(path, metadata={"clinia_nb": metadata["clinia_nb"]})
    assert archive.verify()["problem"].to_list() == [None]
    loaded = archive.load(bulk.source_key, bulk.bulk_id)
    assert loaded.receipts.schema == bulk.receipts.schema
    assert loaded.receipts["pipeline_status"].is_null().all()


def test_a_draft_that_a_killed_writer_left_is_removed_by_the_next_one(archive):
    path = archive.save(bulk_of())
    draft = path.with_name(f".{path.name}.0123456789abcdef.part")
    draft.write_bytes(b"half a bulk")
    (path.parent / ".mine.part").write_text("x")
    archive.prune(older_than=date(2026, 1, 1))
    assert not draft.exists()
    assert (path.parent / ".mine.part").exists()


def test_a_first_writer_that_was_killed_leaves_a_folder_that_can_be_used(archive):
    archive.folder.mkdir()
    (archive.folder / ".lock").touch()
    (archive.folder / ".clinia-archive.json.0123456789abcdef.part").write_text("{")
    Archive(archive.folder).save(bulk_of())
    assert [p.name for p in archive.folder.rglob("*.part")] == []
    assert archive.bulks().height == 1


def test_a_link_in_the_place_of_the_catalog_is_not_written_through(archive, tmp_path):
    archive.save(bulk_of())
    catalog, target = archive.folder / "signatures.json", tmp_path / "precious.json"
    catalog.rename(target)
    catalog.symlink_to(target)
    content = target.read_bytes()
    with pytest.raises(OSError, match="symbolic link"):
        archive.save(bulk_of("outage"))
    assert target.read_bytes() == content


def test_a_file_that_goes_while_it_is_listed_is_not_missed(archive, monkeypatch):
    archive.save(bulk_of("mixed"))
    path = archive.save(bulk_of("outage"))
    files = list(archive.folder.rglob("*.parquet"))
    path.unlink()
    monkeypatch.setattr("clinia_nb.archive.layout.files_of", lambda *_args, **_options: files)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert archive.bulks().height == 1
        assert archive.scan().collect().height == 200
        assert archive.verify()["problem"].to_list() == [None]


def test_a_redacted_bulk_says_so_when_it_is_loaded(archive):
    archive.save(redact_bulk(bulk_of(), key=b"k" * 32))
    assert archive.load("ehr-prod", bulk_of().bulk_id).redacted
    archive.save(bulk_of())
    assert not archive.load("ehr-prod", bulk_of().bulk_id).redacted


def test_another_key_is_refused_before_pseudonyms_differ(tmp_path):
    Archive(tmp_path / "a", redact=True, key=b"k" * 32).save(bulk_of())
    assert Archive(tmp_path / "a", redact=True, key=b"k" * 32).bulks().height == 1
    with pytest.raises(ArchiveError, match="another key"):
        Archive(tmp_path / "a", redact=True, key=b"q" * 32)
    with pytest.raises(ArchiveError, match="takes their key"):
        Archive(tmp_path / "a", redact=True).save(bulk_of())
    with pytest.raises(ValueError, match="5 bytes"):
        Archive(tmp_path / "b", redact=True, key=b"short")


def test_a_note_about_no_problem_is_refused_and_the_nearest_named(archive):
    archive.save(bulk_of())
    signature, error_type = archive.history().select("signature", "error_type").row(0)
    with pytest.raises(ArchiveError, match="Did you mean"):
        archive.acknowledge(signature[:-1], "EHR-42", error_type=error_type)
    with pytest.raises(ArchiveError, match="error type 'OTHER'"):
        archive.acknowledge(signature, "EHR-42", error_type="OTHER")
    archive.acknowledge(signature, "EHR-42", error_type=error_type)
    assert archive.notes()["note"].to_list() == ["EHR-42"]


def test_a_bulk_without_an_id_is_refused_and_nothing_is_written(archive):
    nameless = replace(bulk_of(), bulk_id="")
    with pytest.raises(ArchiveError, match="without an id"):
        archive.save(nameless)
    assert list(archive.folder.rglob("*.parquet")) == []
    assert archive.bulks().is_empty()


@pytest.mark.parametrize("marker", ['{"format": 2}', '{"format": 7, "key": [1]}'])
def test_an_archive_of_a_newer_version_asks_for_that_version(archive, marker):
    archive.save(bulk_of())
    (archive.folder / "clinia-archive.json").write_text(marker)
    with pytest.raises(ArchiveError, match="Update clinia_nb"):
        Archive(archive.folder)
