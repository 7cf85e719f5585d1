import stat
import subprocess
import sys
import textwrap
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec
import polars as pl
import pytest
from polars.testing import assert_frame_equal
from support.bulks import bulk_of

from clinia_nb import (
    Archive,
    ArchiveError,
    BulkResult,
    DamagedArchiveWarning,
    explain,
    redact_bulk,
    with_signatures,
)
from clinia_nb.receipts import SCHEMA

KEY = b"k" * 32


@pytest.fixture
def archive(tmp_path):
    return Archive(tmp_path / "bulks")


@pytest.mark.quick
def test_what_is_saved_is_loaded_again_without_the_body(archive):
    bulk = bulk_of()
    archive.save(bulk)
    loaded = archive.load(bulk.source_key, bulk.bulk_id)
    assert_frame_equal(loaded.receipts, bulk.receipts)
    assert loaded.receipts.schema == SCHEMA
    assert (loaded.status, loaded.kind, loaded.notes) == (bulk.status, bulk.kind, bulk.notes)
    assert loaded.body == b""


def test_a_scan_gives_all_receipts_with_their_signatures_and_day(archive):
    bulks = [bulk_of("mixed"), bulk_of("outage"), bulk_of("all_well")]
    for bulk in bulks:
        archive.save(bulk)
    scanned = archive.scan().collect()
    assert scanned.columns == [*SCHEMA, "signature", "day"]
    assert scanned.height == sum(bulk.receipts.height for bulk in bulks)
    one = scanned.filter(bulk_id=bulks[0].bulk_id)
    signed = with_signatures(bulks[0].receipts, known=archive.catalog())
    texts = {
        name: pl.String() if dtype == pl.Categorical else dtype for name, dtype in SCHEMA.items()
    }
    assert_frame_equal(
        one.select([*SCHEMA, "signature"]),
        signed.cast({**texts, "signature": pl.String()}),
    )
    assert one["day"].unique().to_list() == [date(2026, 3, 9)]


def test_receipts_are_filed_under_the_id_of_their_bulk_whatever_their_own(archive):
    receipts = bulk_of("mixed").receipts
    archive.save(BulkResult.from_receipts(receipts, source_key="ehr", bulk_id="again"))
    saved = archive.scan().select(pl.col("source_key", "bulk_id").unique()).collect()
    assert saved.rows() == [("ehr", "again")]
    assert archive.load("ehr", "again").receipts["bulk_id"].unique().to_list() == ["again"]
    assert archive.load("ehr", "again").redacted is None  # of a frame nobody knows
    assert archive.history(bulk_id="again")["last_bulk"].unique().to_list() == ["again"]


def test_the_day_of_a_scan_is_not_taken_for_a_column_of_the_user(archive):
    archive.save(bulk_of("mixed"))
    scanned = archive.scan().with_columns(team=pl.col("id").hash())
    text = " ".join(explain(BulkResult.from_receipts(scanned)).text().split())
    assert "many values were not compared: team." in text


def test_a_filter_on_the_source_and_the_columns_asked_for_reach_the_files(archive):
    archive.save(bulk_of("mixed"))
    archive.save(bulk_of("all_well"))
    plan = archive.scan().filter(pl.col("source_key") == "ehr-prod").select("id").explain()
    assert "PROJECT" in plan
    assert "SELECTION" in plan


def test_an_empty_archive_is_an_empty_frame_and_writes_nothing(archive):
    assert archive.scan().collect().shape == (0, len(SCHEMA) + 2)
    assert archive.bulks().height == 0
    assert archive.verify().height == 0
    assert archive.prune(older_than=timedelta(0)) == []
    assert not (archive.folder / "receipts").exists()


@pytest.mark.quick
def test_bulks_lists_one_row_per_bulk_in_order_of_time(archive):
    later, earlier = bulk_of("outage"), bulk_of("mixed")
    archive.save(later)
    archive.save(earlier)
    listed = archive.bulks()
    assert listed["bulk_id"].to_list() == [earlier.bulk_id, later.bulk_id]
    row = listed.row(0, named=True)
    assert row["receipts"] == 200
    assert row["failed"] == earlier.receipts.filter(pl.col("status") == "FAILURE").height
    assert row["failure_rate"] == row["failed"] / 200
    assert row["submitted_at"] == earlier.submitted_at
    assert row["p50"] <= row["p95"] <= row["max"]
    assert row["bytes"] == next(archive.folder.rglob(f"{earlier.bulk_id}.parquet")).stat().st_size


@pytest.mark.quick
def test_saving_again_replaces(archive):
    archive.save(bulk_of(receipts=300))
    archive.save(bulk_of(receipts=200))
    assert archive.bulks()["receipts"].to_list() == [200]


def test_saved_receipts_are_not_replaced_by_none_or_by_redacted_ones(archive):
    bulk = bulk_of(receipts=30)
    archive.save(bulk)
    before = {path: path.read_bytes() for path in archive.folder.rglob("*.*")}
    body = b'{"status": "FAILURE"}'
    bare = BulkResult.from_json(body, source_key=bulk.source_key, bulk_id=bulk.bulk_id)
    for less, why in ((bare, "has none"), (redact_bulk(bulk), "is redacted")):
        told = f"^30 receipts of bulk '{bulk.bulk_id}' are saved, and .* {why}. If that is intended"
        with pytest.raises(ArchiveError, match=told):
            archive.save(less)
        assert {path: path.read_bytes() for path in archive.folder.rglob("*.*")} == before
    archive.delete(bulk.source_key, bulk.bulk_id)
    archive.save(redact_bulk(bulk))
    archive.save(redact_bulk(bulk))
    archive.save(bulk)
    assert archive.load(bulk.source_key, bulk.bulk_id).redacted is False


def test_prune_takes_a_span_or_a_day(archive):
    with pytest.raises(TypeError, match=r"^older_than is timedelta\(days=…\) or a date, not int"):
        archive.prune(older_than=400)


def test_a_bulk_that_moves_to_another_day_leaves_nothing_behind(archive):
    bulk = bulk_of(bulk_id="chosen-by-hand")
    moved = BulkResult(
        bulk.source_key, bulk.bulk_id, bulk.kind, bulk.status,
        bulk.receipts.with_columns(pl.col("received_at", "completed_at") + timedelta(days=3)), b"",
    )  # fmt: skip
    archive.save(bulk)
    archive.save(moved)
    assert archive.bulks()["day"].to_list() == [date(2026, 3, 12)]


@pytest.mark.parametrize("bulk_id", ["purge:a/b", "..", "bk_*", "%2e", "a b"])
def test_any_id_is_a_file_name_of_its_own_and_never_leaves_the_folder(archive, bulk_id):
    other = bulk_of(bulk_id="bk_x")
    bulk = bulk_of(bulk_id=bulk_id)
    archive.save(other)
    path = archive.save(bulk)
    assert archive.folder in path.resolve().parents
    assert archive.load(bulk.source_key, bulk_id).bulk_id == bulk_id
    archive.delete(bulk.source_key, bulk_id)
    assert archive.bulks()["bulk_id"].to_list() == ["bk_x"]


def test_storage_is_private(archive):
    archive.save(bulk_of())
    for path in [archive.folder, *archive.folder.rglob("*")]:
        expected = 0o700 if path.is_dir() else 0o600
        assert stat.S_IMODE(path.stat().st_mode) == expected, path


@pytest.mark.quick
def test_a_deleted_bulk_is_gone_and_a_missing_one_is_named(archive):
    bulk = bulk_of()
    archive.save(bulk)
    archive.delete(bulk.source_key, bulk.bulk_id)
    assert archive.bulks().is_empty()
    for ask in (archive.load, archive.delete):
        with pytest.raises(ArchiveError, match=bulk.bulk_id):
            ask(bulk.source_key, bulk.bulk_id)


def test_prune_deletes_earlier_days_only(archive):
    first, second = bulk_of("mixed"), bulk_of("outage")  # a day apart
    archive.save(first)
    archive.save(second)
    gone = archive.prune(older_than=timedelta(days=7), now=datetime(2026, 3, 17, 12, tzinfo=UTC))
    assert gone == [(first.source_key, first.bulk_id)]
    assert archive.prune(older_than=date(2026, 3, 10)) == []
    assert archive.prune(older_than=timedelta(days=999_999)) == []
    assert archive.prune(older_than=date(2026, 3, 11)) == [(second.source_key, second.bulk_id)]


@pytest.mark.parametrize("damage", ["cut", "empty", "footer", "pages"])
def test_a_damaged_file_is_named_and_the_others_stay_usable(archive, damage):
    good, bad = bulk_of("mixed"), bulk_of("outage")
    archive.save(good)
    path = archive.save(bad)
    content = bytearray(path.read_bytes())
    if damage == "cut":
        content = content[: len(content) // 2]
    elif damage == "empty":
        content = bytearray()
    elif damage == "footer":
        content[-40:-12] = b"\xff" * 28
    else:
        content[200:4000] = b"\xff" * 3800
    path.write_bytes(content)
    report = archive.verify()
    assert report.filter(pl.col("problem").is_not_null())["bulk_id"].to_list() == [bad.bulk_id]
    if damage != "pages":  # what only reading shows is found by `verify`
        with pytest.warns(DamagedArchiveWarning, match=bad.bulk_id):
            assert archive.bulks()["bulk_id"].to_list() == [good.bulk_id]
        with pytest.warns(DamagedArchiveWarning):
            assert archive.scan().collect().height == good.receipts.height
    with pytest.raises(ArchiveError, match="Fetch bulk"):
        archive.load(bad.source_key, bad.bulk_id)


def test_a_full_disk_leaves_what_was_there_and_is_an_os_error(archive):
    pytest.importorskip("resource")
    archive.save(bulk_of(receipts=200))
    full = subprocess.run([sys.executable, "-c", FILL, str(archive.folder)], check=False)
    assert full.returncode == 0
    assert archive.bulks()["receipts"].to_list() == [200]
    assert archive.verify()["problem"].to_list() == [None]
    assert not [p for p in archive.folder.rglob("*") if p.name.endswith(".part")]


FILL = textwrap.dedent("""
    import resource, signal, sys
    from clinia_nb import Archive, BulkResult
    from clinia_nb.sandbox import generate_bulk
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    made = generate_bulk("mixed", receipts=5000)
    bulk = BulkResult.from_json(made.body, source_key=made.source_key, bulk_id=made.bulk_id)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
    try:
        Archive(sys.argv[1]).save(bulk)
    except OSError:
        pass
    else:
        raise SystemExit(1)
""")


SAVE = textwrap.dedent("""
    import sys, time
    from pathlib import Path
    from clinia_nb import Archive, BulkResult
    from clinia_nb.sandbox import generate_bulk
    folder, seed, times = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    archive = Archive(folder)
    for n in range(times):
        made = generate_bulk("mixed", receipts=50 + seed, seed=seed)
        archive.save(BulkResult.from_json(
            made.body, source_key="ehr", bulk_id=f"bk_{n}", kind=made.kind))
        print(n, flush=True)
""")


def start_saving(folder, seed, times):
    return subprocess.Popen(
        [sys.executable, "-c", SAVE, folder, str(seed), str(times)], stdout=subprocess.PIPE
    )


def test_two_processes_that_save_at_once_do_no_harm(archive):
    with start_saving(archive.folder, 1, 12) as one, start_saving(archive.folder, 2, 12) as other:
        one.communicate(timeout=120)
        other.communicate(timeout=120)
    assert (one.returncode, other.returncode) == (0, 0)
    assert archive.verify()["problem"].is_null().all()
    assert archive.bulks().height == 12
    assert set(archive.bulks()["receipts"]) <= {51, 52}


def test_a_save_that_is_killed_leaves_whole_files_only(archive):
    with start_saving(archive.folder, 1, 10_000) as process:
        process.stdout.readline()
        process.kill()
    assert archive.verify()["problem"].is_null().all()
    archive.save(bulk_of())  # and the next one is not locked out
    assert archive.bulks().height >= 2


def test_other_programs_read_it(archive):
    duckdb = pytest.importorskip("duckdb")
    bulk = bulk_of()
    archive.save(bulk)
    archive.save(bulk_of("all_well"))
    files = str(archive.folder / "receipts" / "**" / "*.parquet")
    rows = duckdb.read_parquet(files, hive_partitioning=True).filter("source_key = 'ehr-prod'")
    counts = "count(*) filter (status = 'FAILURE'), max(duration_us)"
    ((failed, longest),) = rows.aggregate(counts).fetchall()
    assert failed == bulk.receipts.filter(pl.col("status") == "FAILURE").height
    assert longest == bulk.receipts["duration"].max() // timedelta(microseconds=1)


def test_a_newer_format_says_to_update(archive):
    archive.save(bulk_of())
    marker = archive.folder / "clinia-archive.json"
    marker.write_bytes(msgspec.json.encode({"format": 99, "redacted": False, "more": 1}))
    with pytest.raises(ArchiveError, match=r"format 99.*Update clinia_nb"):
        Archive(archive.folder)


def test_columns_of_later_versions_are_ignored_and_missing_ones_are_null(archive):
    bulk = bulk_of()
    path = archive.save(bulk)
    older = pl.read_parquet(path, hive_partitioning=False).drop("pipeline_status")
    older.with_columns(news=pl.lit(1)).write_parquet(path, metadata=pl.read_parquet_metadata(path))
    scanned = archive.scan().collect()
    assert scanned.columns == [*SCHEMA, "signature", "day"]
    assert scanned["pipeline_status"].is_null().all()


@pytest.mark.parametrize("content", ["file", "other"])
def test_a_folder_that_is_something_else_is_refused(tmp_path, content):
    target = tmp_path / "home"
    if content == "file":
        target.write_text("x")
    else:
        target.mkdir()
        (target / "thesis.tex").write_text("x")
    with pytest.raises(ArchiveError, match="is not an archive"):
        Archive(target)


def test_a_redacting_archive_keeps_pseudonyms_over_bulks_and_no_names(tmp_path):
    with pytest.raises(ValueError, match="key"):
        Archive(tmp_path / "a", redact=True)
    archive = Archive(tmp_path / "a", redact=True, key=KEY)
    first, second = bulk_of("outage"), bulk_of("retry")
    archive.save(first)
    archive.save(second)
    scanned = archive.scan().collect()
    ids = set(first.receipts["id"])
    assert not ids & set(scanned["id"])
    shared = ids & set(second.receipts["id"])
    per_id = scanned.group_by("id").agg(pl.col("bulk_id").n_unique())
    assert per_id.filter(pl.col("bulk_id") == 2).height == len(shared) > 0
    for path in archive.folder.rglob("*"):
        if path.is_file():
            assert KEY not in path.read_bytes()
    with pytest.raises(ArchiveError, match="redacted"):
        Archive(tmp_path / "a")


def test_a_link_in_the_place_of_a_file_is_not_followed(archive, tmp_path):
    bulk = bulk_of()
    path = archive.save(bulk)
    target = tmp_path / "precious"
    target.write_text("keep")
    path.unlink()
    path.symlink_to(target)
    with pytest.raises(OSError, match="symbolic link"):
        archive.save(bulk)
    assert target.read_text() == "keep"


def test_nothing_is_written_without_a_save(tmp_path):
    archive = Archive(tmp_path / "new")
    archive.bulks(), archive.scan().collect(), archive.verify()
    assert not Path(archive.folder).exists()
    assert not list(tmp_path.iterdir())


@pytest.mark.quick
def test_history_shows_what_is_new_and_a_note_what_is_known(archive):
    first, second = bulk_of("outage"), bulk_of("mixed")
    times = pl.col("received_at", "completed_at") + timedelta(days=9)
    shifted = second.receipts.with_columns(times, bulk_id=pl.lit("bk_later", pl.Categorical))
    later = BulkResult(second.source_key, "bk_later", second.kind, second.status, shifted, b"")
    archive.save(first)
    archive.save(later)
    history = archive.history()
    new = history.filter(pl.col("state") == "new")
    assert "NOT_FOUND" in new["error_type"]
    assert "INTERNAL" in history.filter(pl.col("state") == "known")["error_type"]
    problem = new.row(0, named=True)
    archive.acknowledge(problem["signature"], "EHR-42", error_type=problem["error_type"])
    again = archive.history(bulk_id="bk_later").filter(pl.col("note").is_not_null())
    assert again.select("signature", "state", "note").rows() == [
        (problem["signature"], "known", "EHR-42")
    ]
    archive.acknowledge(problem["signature"], "", error_type=problem["error_type"])
    assert archive.notes().is_empty()


def test_damaged_notes_are_named(archive):
    archive.save(bulk_of())
    (archive.folder / "notes.json").write_text("[{")
    with pytest.raises(ArchiveError, match=r"notes\.json"):
        archive.history()


def test_a_problem_has_one_name_over_the_months(archive):
    def night(number, wards):
        rows = [
            {"id": f"r{n}", "status": "FAILURE", "error": {"message": f"no {ward} ward"}}
            for n, ward in enumerate(wards)
        ]
        body = msgspec.json.encode({"status": "FAILURE", "receipts": rows})
        return BulkResult.from_json(body, source_key="ehr", bulk_id=f"bk_{number}")

    archive.save(night(1, ["red", "blue", "green", "gray", "pink", "black", "white", "tan"]))
    archive.save(night(2, ["violet"]))  # alone, its message would be its signature
    signatures = archive.scan().collect()["signature"].unique().to_list()
    assert signatures == ["no <value> ward"]
    assert stat.S_IMODE((archive.folder / "signatures.json").stat().st_mode) == 0o600
