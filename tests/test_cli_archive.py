"""``clinia-nb archive``: what a scheduler and a person get from it."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from clinia_nb import Archive, BulkResult
from clinia_nb.cli import main
from clinia_nb.sandbox import list_samples

SAMPLES = {sample.name: sample for sample in list_samples()}


def save(folder, name):
    sample = SAMPLES[name]
    return main(["archive", "save", str(folder), sample.source_key, sample.bulk_id, "--sandbox"])


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "bulks"


def test_it_saves_lists_and_prunes(folder, capsys):
    assert save(folder, "mixed") == 0
    assert save(folder, "outage") == 0
    assert main(["archive", "list", str(folder)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(" · ")[0] for line in lines] == ["2026-03-09", "2026-03-10"]
    assert lines[0].endswith("FAILURE · 2,000 receipts · 364 failed (18.2%)")
    assert main(["archive", "prune", str(folder), "--older-than", "1d"]) == 0
    assert Archive(folder).bulks().is_empty()


@pytest.mark.slow
def test_a_new_problem_has_an_exit_code_of_its_own(folder, capsys):
    save(folder, "mixed")
    assert main(["archive", "report", str(folder)]) == 5
    assert "New: no earlier bulk to compare with." in capsys.readouterr().out
    archive = Archive(folder)
    for row in archive.history().iter_rows(named=True):
        archive.acknowledge(row["signature"], "EHR-42", error_type=row["error_type"])
    assert main(["archive", "report", str(folder)]) == 3
    assert "Acknowledged: EHR-42" in capsys.readouterr().out


def test_a_bulk_without_failures_is_fine(folder):
    archive, sample = Archive(folder), SAMPLES["all_well"]
    body = sample.path.read_bytes()
    archive.save(BulkResult.from_json(body, source_key=sample.source_key, bulk_id=sample.bulk_id))
    assert main(["archive", "report", str(folder), sample.bulk_id]) == 0


def test_a_status_forges_no_line_of_the_list(folder, tmp_path, capsys):
    answer = tmp_path / "answer.json"
    answer.write_text(r'{"status": "DONE\nclinia-nb: all is well", "receipts": []}')
    assert main(["archive", "save", str(folder), "ehr", "bk_1", "--from-json", str(answer)]) == 0
    assert main(["archive", "list", str(folder)]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 1


@pytest.mark.slow
def test_the_page_says_what_is_new_and_is_redacted(folder, tmp_path):
    save(folder, "mixed")
    page = tmp_path / "new.html"
    assert main(["archive", "report", str(folder), "-o", str(page)]) == 5
    text = page.read_text(encoding="utf-8")
    assert text.count("New: no earlier bulk to compare with.") == 6
    assert "Redacted" in text


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["report", "{folder}", "bk_unknown"], "has no bulks yet"),
        (["report", "{folder}"], "has no bulks yet"),
        (["report", "{folder}", "--source", "unknown"], "has no bulks yet"),
        (["prune", "{folder}", "--older-than", "soon"], "write 400d"),
        (["prune", "{folder}", "--older-than", "99999999999d"], "write 400d"),
        (["save", "{folder}", "ehr"], "SOURCE_KEY and BULK_ID"),
        (["save", "{folder}", "ehr", "bk_1", "--max-failure-rate", "2%"], "unrecognized arguments"),
    ],
)
def test_what_cannot_be_done_is_said_with_exit_code_2(folder, capsys, words, said):
    with pytest.raises(SystemExit) as ended:
        main(["archive", *(word.format(folder=folder) for word in words)])
    assert ended.value.code == 2
    assert said in capsys.readouterr().err


def test_a_bulk_that_an_archive_lacks_is_looked_up_in_its_list(folder, capsys):
    save(folder, "mixed")
    with pytest.raises(SystemExit) as ended:
        main(["archive", "report", str(folder), "bk_unknown"])
    assert ended.value.code == 2
    assert "has no such bulk; see clinia-nb archive list" in capsys.readouterr().err


def test_a_folder_that_is_something_else_is_one_line(tmp_path, capsys):
    (tmp_path / "thesis.tex").write_text("x")
    assert main(["archive", "list", str(tmp_path)]) == 1
    assert "is not an archive" in capsys.readouterr().err


def test_a_page_that_cannot_be_written_is_refused_before_the_archive_is_read(folder, capsys):
    assert main(["archive", "report", str(folder), "-o", str(folder / "no" / "page.html")]) == 1
    assert "no such folder" in capsys.readouterr().err


def test_a_page_does_not_replace_a_file_of_the_archive(folder, capsys):
    save(folder, "mixed")
    for path in [path for path in folder.rglob("*") if path.is_file()]:
        assert main(["archive", "report", str(folder), "-o", str(path)]) == 1
        assert "the same file" in capsys.readouterr().err
    assert Archive(folder).verify()["problem"].to_list() == [None]


@pytest.mark.slow
def test_known_problems_of_two_nights_are_code_3(folder):
    sample = SAMPLES["mixed"]
    archive = Archive(folder)
    first = BulkResult.from_json(
        sample.path.read_bytes(), source_key=sample.source_key, bulk_id="bk_1"
    )
    times = pl.col("received_at", "completed_at") + timedelta(days=1)
    later = first.receipts.with_columns(times, bulk_id=pl.lit("bk_2", pl.Categorical()))
    archive.save(first)
    archive.save(BulkResult.from_receipts(later, source_key=sample.source_key, bulk_id="bk_2"))
    assert main(["archive", "report", str(folder), "bk_2"]) == 3


def test_the_page_of_a_saved_bulk_goes_to_standard_output_alone(
    folder, tmp_path, monkeypatch, capsys
):
    save(folder, "outage")
    capsys.readouterr()
    monkeypatch.chdir(tmp_path)
    before = set(tmp_path.iterdir())
    assert main(["archive", "report", str(folder), "-o", "-"]) == 5
    out, err = capsys.readouterr()
    assert out.startswith("<!DOCTYPE html>")
    assert out.rstrip().endswith("</html>")
    assert not err
    assert set(tmp_path.iterdir()) == before


def test_a_redacted_archive_is_reported_without_its_key(folder, capsys):
    sample = SAMPLES["mixed"]
    bulk = BulkResult.from_json(
        sample.path.read_bytes(), source_key=sample.source_key, bulk_id=sample.bulk_id
    )
    Archive(folder, redact=True, key=b"k" * 32).save(bulk)
    assert main(["archive", "list", str(folder)]) == 0
    assert main(["archive", "report", str(folder)]) == 5
    assert save(folder, "outage") == 1
    assert "with redact=True and its key" in capsys.readouterr().err
    assert main(["archive", "prune", str(folder), "--older-than", "1d"]) == 0
    assert Archive(folder, redact=True).bulks().is_empty()


def test_what_came_is_saved_though_another_bulk_did_not(folder, capsys):
    sample = SAMPLES["mixed"]
    ids = ["bk_2wil2vg5uqi08x1aet097gLW8DO", sample.bulk_id]
    assert main(["archive", "save", str(folder), sample.source_key, *ids, "--sandbox"]) == 1
    said = capsys.readouterr().err
    assert f"not saved {ids[0]}: GET" in said
    assert f"saved {ids[1]}: 2,000 receipts" in said
    assert Archive(folder).bulks()["bulk_id"].to_list() == [sample.bulk_id]


def test_what_can_be_read_is_saved_though_another_file_cannot(folder, tmp_path, capsys):
    answer = tmp_path / "answer.json"
    answer.write_bytes(b'{"status": "SUCCESS", "receipts": [{"id": "r1", "status": "SUCCESS"}]}')
    page = tmp_path / "page.json"
    page.write_text("<html>")
    files = [
        word for path in (tmp_path / "none.json", page, answer) for word in ("--from-json", path)
    ]
    words = ["archive", "save", folder, "ehr", "bk_1", "bk_2", "bk_3", *files]
    assert main(list(map(str, words))) == 1
    none, odd, saved = capsys.readouterr().err.splitlines()
    assert none == f"clinia-nb: not saved bk_1: No such file or directory: {tmp_path}/none.json"
    assert odd.startswith(f"clinia-nb: not saved bk_2: {page}: The answer is an HTML page")
    assert saved == "clinia-nb: saved bk_3: 1 receipt"


def test_a_bulk_that_was_still_pending_is_code_4(folder):
    answer = b'{"status": "PENDING", "receipts": [{"id": "r1", "status": "PENDING"}]}'
    Archive(folder).save(BulkResult.from_json(answer, source_key="ehr", bulk_id="bk_1"))
    assert main(["archive", "report", str(folder)]) == 4


@pytest.mark.slow
def test_the_latest_bulk_may_have_no_receipts(folder):
    save(folder, "mixed")
    archive = Archive(folder)
    (listed,) = archive.bulks()["source_key"]
    answer = b'{"status": "SUCCESS", "receipts": []}'
    when = datetime(2026, 6, 1, tzinfo=UTC)
    archive.save(
        BulkResult.from_json(answer, source_key=listed, bulk_id="bk_empty", fetched_at=when)
    )
    assert main(["archive", "report", str(folder)]) == 0
    assert main(["archive", "report", str(folder), "bk_empty"]) == 0
    assert main(["archive", "report", str(folder), SAMPLES["mixed"].bulk_id]) == 5


@pytest.mark.slow
def test_a_source_can_be_named(folder, capsys):
    archive, body = Archive(folder), SAMPLES["mixed"].path.read_bytes()
    archive.save(BulkResult.from_json(body, source_key="aaa", bulk_id="same"))
    well = SAMPLES["all_well"].path.read_bytes()
    archive.save(BulkResult.from_json(well, source_key="zzz", bulk_id="same"))
    assert main(["archive", "report", str(folder), "same", "--source", "aaa"]) == 5
    assert main(["archive", "report", str(folder), "--source", "zzz"]) == 0
    assert "into zzz" in capsys.readouterr().out


@pytest.mark.slow
def test_a_damaged_bulk_does_not_hide_what_is_new_in_another(folder, capsys):
    save(folder, "mixed")
    save(folder, "outage")
    damaged = next(folder.rglob(f"{SAMPLES['outage'].bulk_id}.parquet"))
    content = bytearray(damaged.read_bytes())
    half = len(content) // 2
    content[4:half] = b"\xff" * (half - 4)
    damaged.write_bytes(content)
    capsys.readouterr()
    assert main(["archive", "report", str(folder), SAMPLES["mixed"].bulk_id]) == 5
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == len(set(lines)) == 1
    assert lines[0].startswith(f"clinia-nb: 1 file of {folder} cannot be read and is left out: ")
    assert SAMPLES["outage"].bulk_id in lines[0]


def test_one_receipt_is_listed_as_one(folder, capsys):
    body = b'{"status": "SUCCESS", "receipts": [{"id": "r1", "status": "SUCCESS"}]}'
    Archive(folder).save(BulkResult.from_json(body, source_key="ehr", bulk_id="bk_1"))
    assert main(["archive", "list", str(folder)]) == 0
    assert " · 1 receipt · 0 failed" in capsys.readouterr().out


def test_pruning_where_no_bulk_is_says_so(folder, capsys):
    assert main(["archive", "prune", str(folder), "--older-than", "400d"]) == 0
    assert f"{folder} has no bulks yet" in capsys.readouterr().err
    assert not folder.exists()
