import json
import os
import re
import subprocess
import sys

import polars as pl
import pytest

from clinia_nb.cli import main
from clinia_nb.sandbox.samples import list_samples


def test_the_sandbox_shows_the_mixed_sample_and_where_to_go_on(capsys):
    assert main(["show", "--sandbox"]) == 0
    shown = capsys.readouterr().out
    assert "364 of 2,000 operations failed (18.2%)" in shown
    assert "Load the missing records first" in shown
    assert "01_investigate_a_bulk.ipynb" in shown


@pytest.mark.slow
def test_every_sample_is_listed_and_can_be_shown(capsys):
    assert main(["samples"]) == 0
    listed = capsys.readouterr().out
    for sample in list_samples():
        assert sample.bulk_id in listed
        options = ["--sandbox", "--kind", sample.kind]
        assert main(["show", sample.source_key, sample.bulk_id, *options]) == 0
        assert sample.bulk_id in capsys.readouterr().out


def test_a_failure_is_one_line_and_an_exit_code(capsys):
    assert main(["show", "ehr", "bk_1"]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("clinia-nb: Not set: the workspace (CLINIA_WORKSPACE")
    assert captured.err.count("\n") == 1


@pytest.mark.parametrize(
    "words",
    [
        "",
        "show",
        "show ehr",
        "show a b --kind x",
        "report",
        "report ehr",
        "report a b --from-json f --from-json g",
        "report a " + "b " * 21,
        "report a b --wait --timeout -1",
        "report a b --wait --timeout nan",
        "report a b -o - --json",
        "report a b -o - --open",
        "show --list",
        "show a b --from-json f --from-json g",
        "show a b --max-failure-rate 2",
        "show a b --max-failure-rate -1%",
        "show a b --max-failure-rate few",
        "show a b --max-failure-rate nan%",
    ],
)
def test_unusable_arguments_have_their_own_messages(words, capsys):
    with pytest.raises(SystemExit) as caught:
        main(words.split())
    assert caught.value.code == 2


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("shwo", "Did you mean 'show'?"),
        ("show --sandbxo", "Did you mean '--sandbox'?"),
        ("report a b --kind relationship", "Did you mean 'relationships'?"),
        ("archive sav f a b", "Did you mean 'save'?"),
        ("report a bk_1 bk_2 bk_1", "bk_1 is named twice; name each bulk once"),
        ("archive save f a bk_1 bk_1 --sandbox", "bk_1 is named twice; name each bulk once"),
        ("show ehr", "clinia-nb show: error: show needs SOURCE_KEY and BULK_ID"),
        ("archive save ehr-prod bk_1", "needs FOLDER, SOURCE_KEY and BULK_ID"),
        ("archive report no-such-folder", "no-such-folder has no bulks yet"),
        ("show a b --max-failure-rate few", "'few' is not a share; use 2% or 0.02"),
        ("show a b --wait --timeout 5m", "'5m' is not a number of seconds, such as 3600"),
    ],
)
def test_a_wrong_argument_is_answered_with_the_nearest_and_its_commands_usage(
    words, answer, capsys
):
    with pytest.raises(SystemExit):
        main(words.split())
    said = capsys.readouterr().err
    assert answer in said
    assert "_share" not in said
    assert "_seconds" not in said


@pytest.mark.parametrize("command", ["report", "show"])
def test_options_may_stand_between_the_names(command, tmp_path, capsys):
    words = saved(tmp_path, "SUCCESS")[3:]
    words = words[:2] if command == "show" else words
    assert main([command, *words, "ehr", "bk_1"]) == 0
    assert main([command, "ehr", *words, "bk_1"]) == 0
    assert "bk_1" in capsys.readouterr().out


def test_swapped_names_are_recognized_in_the_sandbox_too(capsys):
    assert main(["show", "--sandbox", "bk_3Alok2yahKVFXnVilIYfooGv0yP", "ehr-prod"]) == 1
    assert "The arguments look swapped" in capsys.readouterr().err


def saved(tmp_path, status, *receipts):
    path = tmp_path / "answer.json"
    path.write_text(json.dumps({"status": status, "receipts": receipts}))
    return ["report", "ehr", "bk_1", "--from-json", str(path), "-o", str(tmp_path / "r.html")]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("status", "outcomes", "code"),
    [
        ("SUCCESS", ["SUCCESS"], 0),
        ("CANCELLED", ["CANCELLED"], 0),
        ("SUCCESS", ["SUCCESS", "FAILURE"], 3),
        ("PENDING", ["PENDING", "FAILURE"], 3),
        ("PENDING", ["PENDING", "SUCCESS"], 4),
        ("PENDING", [], 4),
        ("PENDING", ["SUCCESS"], 4),
        ("FAILURE", [], 3),
        ("FAILURE", ["SUCCESS", "NEW"], 3),
        ("FAILURE", ["SUCCESS", "CANCELLED"], 0),
    ],
)
def test_the_exit_code_of_a_report_says_what_became_of_the_bulk(status, outcomes, code, tmp_path):
    receipts = [{"id": f"r{n}", "status": outcome} for n, outcome in enumerate(outcomes)]
    assert main(saved(tmp_path, status, *receipts)) == code
    assert (tmp_path / "r.html").read_text(encoding="utf-8").endswith("</html>")


@pytest.mark.slow
def test_a_report_prints_its_findings_in_brief_and_where_it_is(tmp_path, capsys):
    path = tmp_path / "report.html"
    assert main(["report", "--sandbox", "-o", str(path)]) == 3
    told = capsys.readouterr()
    assert told.err.splitlines()[-1] == f"clinia-nb: wrote {path}"
    assert told.out.splitlines()[1].startswith("364 of 2,000 operations failed")
    line = "        199    54.7%  Load the missing records first (188); already gone (11)  resource"
    assert line in told.out
    assert "Redacted." in path.read_text(encoding="utf-8")


@pytest.mark.slow
def test_json_for_machines_is_redacted_like_the_page(tmp_path, capsys):
    path = tmp_path / "report.html"
    pair = [s for s in list_samples() if s.name in {"outage", "retry"}]
    named = ["ehr-prod", *(s.bulk_id for s in pair)]
    files = [word for s in pair for word in ("--from-json", str(s.path))]
    assert main(["report", *named, *files, "--json", "-o", str(path)]) == 3
    told = json.loads(capsys.readouterr().out)
    assert told["redacted"] is True
    assert told["verdict"].startswith("Of 281 records that failed before, 244 (86.8%)")
    assert [bulk["outcomes"]["failed"] for bulk in told["bulks"]] == [281, 37]
    problem = told["bulks"][0]["problems"][0]
    assert problem["recommendation"] == "retry"
    assert re.fullmatch(r"upstream <id:\w+> timed out .*", problem["example"])
    assert main(["report", *named, *files, "--json", "--show-ids", "-o", str(path)]) == 3
    shown = json.loads(capsys.readouterr().out)
    assert shown["redacted"] is False
    assert shown["bulks"][0]["problems"][0]["example"].startswith("upstream registry-")
    assert "Not redacted." in path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (None, "No such file or directory: "),
        ("{", "{folder}/answer.json: The answer is cut short. It has 1 byte. "),
    ],
)
def test_a_report_that_cannot_be_made_is_one_line_and_leaves_the_old_one(
    body, said, tmp_path, capsys
):
    words = saved(tmp_path, "SUCCESS")
    (tmp_path / "r.html").write_text("old")
    (tmp_path / "answer.json").unlink()
    if body:
        (tmp_path / "answer.json").write_text(body)
    assert main(words) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith(f"clinia-nb: {said.format(folder=tmp_path)}")
    assert told.err.count("\n") == 1
    assert (tmp_path / "r.html").read_text() == "old"


def test_a_folder_that_is_not_there_is_named(tmp_path, capsys):
    words = [*saved(tmp_path, "SUCCESS")[:-1], str(tmp_path / "nowhere" / "r.html")]
    assert main(words) == 1
    assert capsys.readouterr().err == f"clinia-nb: There is no such folder: {tmp_path}/nowhere\n"


def test_where_a_report_cannot_be_written_nothing_is_waited_for(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(
        "clinia_nb.fetch.client.Client.sandbox", lambda: pytest.fail("it was asked for")
    )
    assert main(["report", "--sandbox", "--wait", "-o", str(tmp_path)]) == 1
    said = f"clinia-nb: Not a regular file: {tmp_path}\n"
    assert capsys.readouterr().err == said


def test_a_bulk_that_is_not_done_in_time_has_a_code_of_its_own(tmp_path, capsys):
    bulk = next(s for s in list_samples() if s.name == "in_review")
    words = ["report", bulk.source_key, bulk.bulk_id, "--kind", bulk.kind, "--sandbox", "--wait"]
    output = tmp_path / "r.html"
    assert main([*words, "--timeout", "0.01", "-o", str(output)]) == 4
    assert not output.exists()
    assert capsys.readouterr().err.splitlines()[-1].startswith("clinia-nb: ")


def test_a_terminal_gets_lines_that_fit_and_nothing_that_it_obeys(tmp_path, capsys, monkeypatch):
    error = {"message": "\x1b]0;owned\x07 " + "no such clinic in the register " * 9}
    words = saved(tmp_path, "FAILURE", {"id": "r", "status": "FAILURE", "error": error})
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    main([*words, "--show-ids"])
    told = capsys.readouterr().out
    assert max(len(line) for line in told.splitlines() if line.startswith(" ")) == 80
    assert "\x1b" not in told
    assert "\x07" not in told


@pytest.mark.slow
def test_nothing_that_is_masked_is_named_on_the_terminal(tmp_path, capsys):
    receipt = {"id": "mrn-8800001", "status": "FAILURE", "Anna, Roy": 1, "receivedAt": "Ostrava"}
    receipt["error"] = {"type": "Wexnir 1931 2", "message": "no bed for Quenzaff in Zolna"}
    words = saved(tmp_path, "Blorvik 17 12 9", receipt)
    for options in ([], ["--json"]):
        assert main([*words, *options]) == 3
        told = capsys.readouterr()
        for secret in ("8800001", "Anna", "Roy", "Ostrava", "Wexnir", "Quenzaff", "Blorvik"):
            assert secret not in told.out + told.err + (tmp_path / "r.html").read_text("utf-8")
    assert "their names are masked" in (tmp_path / "r.html").read_text("utf-8")
    assert main([*words, "--show-ids"]) == 3
    assert "Fields without a column in the frame: Anna, Roy." in (
        (tmp_path / "r.html").read_text("utf-8")
    )
    assert "Warning" not in capsys.readouterr().err


def test_the_page_is_opened_when_asked(tmp_path, monkeypatch):
    opened = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    main([*saved(tmp_path, "SUCCESS"), "--open"])
    assert opened == [(tmp_path / "r.html").as_uri()]


@pytest.mark.parametrize(
    ("command", "example", "codes"),
    [
        ("show", "clinia-nb show --sandbox", range(4)),
        ("report", "clinia-nb report --sandbox --open", range(5)),
        ("archive", "clinia-nb archive report bulks", range(6)),
    ],
)
def test_help_teaches_by_example_and_lists_the_exit_codes(command, example, codes, capsys):
    with pytest.raises(SystemExit):
        main([command, "--help"])
    told = capsys.readouterr().out
    assert example in told
    for code in codes:
        assert re.search(rf"^  {code}  ", told, re.MULTILINE)


@pytest.mark.slow
def test_show_writes_the_records_to_fix(tmp_path, capsys):
    file = tmp_path / "fix.csv"
    assert main(["show", "--sandbox", "--records-to-fix", str(file)]) == 0
    rows = pl.read_csv(file, infer_schema=False)
    assert {"id", "type", "action", "placeholder", "value"} <= set(rows.columns)
    assert {"period.end", "period.start", "validFrom"} <= set(rows["value"])
    assert f"wrote {file}" in capsys.readouterr().err


def test_show_refuses_a_place_for_records_before_it_fetches(tmp_path, capsys):
    missing = tmp_path / "no" / "fix.csv"
    assert main(["show", "--sandbox", "--records-to-fix", str(missing)]) == 1
    shown = capsys.readouterr()
    assert str(missing.parent) in shown.err
    assert not shown.out


def test_records_to_fix_need_a_file_of_their_own(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as caught:
        main(["show", "--sandbox", "--records-to-fix", "-"])
    assert caught.value.code == 2
    assert "--records-to-fix needs a file" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", [["show", "--records-to-fix"], ["report", "-o"]])
def test_an_empty_name_of_a_file_is_refused(tmp_path, capsys, monkeypatch, command):
    monkeypatch.chdir(tmp_path)
    assert main([*command, "", "--sandbox"]) == 1
    shown = capsys.readouterr()
    assert "The name of the file to write is empty" in shown.err
    assert not shown.out
    assert list(tmp_path.iterdir()) == []


HOSTILE = "\x1b]0;owned\x07\x9b31m\u202e\r\nclinia-nb: all is well\u2028\x85é…日本"


def hostile(tmp_path):
    error = {"type": HOSTILE, "message": HOSTILE, "code": 7, "details": [{"message": HOSTILE}]}
    receipts = [
        {"id": HOSTILE, "status": "FAILURE", "type": HOSTILE, "action": HOSTILE, "error": error,
         HOSTILE: 1, "receivedAt": HOSTILE},
        {"id": "r", "status": HOSTILE, "targetType": HOSTILE},
    ] * 6  # fmt: skip
    return saved(tmp_path, HOSTILE, *receipts)


def command(*words, **options):
    line = [sys.executable, "-c", "import sys; from clinia_nb.cli import main; sys.exit(main())"]
    return subprocess.run([*line, *words], check=False, capture_output=True, **options)


@pytest.mark.slow
@pytest.mark.parametrize("extra", [["show"], ["show", "--json"], ["report"], ["report", "--json"]])
@pytest.mark.parametrize("shown", [True, False])
def test_nothing_from_the_data_forges_a_line_or_steers_the_terminal(tmp_path, capsys, extra, shown):
    words = hostile(tmp_path)
    if extra[0] == "show":
        words = ["show", *words[1:-2]]
    words += extra[1:] + (["--show-ids"] if shown and extra[0] == "report" else [])
    main(words)
    told = capsys.readouterr()
    for line in (told.out + told.err).split("\n"):
        assert line.isprintable()
        assert not line.startswith("clinia-nb: all")
    if "--json" in words:
        assert json.loads(told.out)


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["cp1252", "cp932", "ascii", "utf-8"])
def test_any_encoding_of_the_output_works(tmp_path, encoding):
    words = ["show", *hostile(tmp_path)[1:-2]]
    done = command(*words, env=os.environ | {"PYTHONIOENCODING": encoding})
    assert done.returncode == 0
    assert b"Traceback" not in done.stderr
    assert "6 of 12 operations failed" in done.stdout.decode(encoding)


@pytest.mark.slow
@pytest.mark.parametrize(("words", "code"), [(["show"], 0), (["report"], 3)])
def test_a_closed_pipe_ends_quietly_with_the_code_of_the_bulk(tmp_path, words, code):
    receipts = [{"id": f"r{n}", "status": "FAILURE"} for n in range(3)]
    rest = saved(tmp_path, "FAILURE", *receipts)[1:]
    line = [sys.executable, "-c", "import sys; from clinia_nb.cli import main; sys.exit(main())"]
    rest = rest if words == ["report"] else rest[:-2]
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [*line, *words, *rest], check=False, stdout=writing, stderr=subprocess.PIPE
    )
    os.close(writing)
    assert done.returncode == code
    assert b"Error" not in done.stderr


def test_findings_are_shown_as_json(capsys):
    assert main(["show", "--sandbox", "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["outcomes"]["failed"] == 364
    assert facts["problems"][0]["failures"] == 199


def test_a_saved_answer_is_shown_without_a_key(tmp_path, capsys):
    words = saved(tmp_path, "SUCCESS", {"id": "r", "status": "SUCCESS"})
    assert main(["show", *words[1:-2]]) == 0
    assert "The only operation succeeded." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("rate", "code"), [("50%", 0), ("0.5", 0), ("49.9 %", 3), ("0", 3), ("100%", 0)]
)
@pytest.mark.parametrize("command", ["show", "report"])
def test_a_threshold_decides_whether_failures_fail_the_job(tmp_path, rate, code, command):
    words = saved(tmp_path, "FAILURE", {"status": "FAILURE"}, {"status": "SUCCESS"})
    words = [command, *(words[1:] if command == "report" else words[1:-2])]
    assert main([*words, "--max-failure-rate", rate]) == code


def test_exactly_the_threshold_is_allowed(tmp_path):
    receipts = [{"status": "SUCCESS" if number > 6 else "FAILURE"} for number in range(1_000)]
    words = saved(tmp_path, "FAILURE", *receipts)
    assert main(["show", *words[1:-2], "--max-failure-rate", "0.7%"]) == 0
    assert main(["show", *words[1:-2], "--max-failure-rate", "0.69%"]) == 3


def test_a_report_is_written_to_standard_output(tmp_path, capfdbinary, monkeypatch):
    monkeypatch.chdir(tmp_path)
    words = saved(tmp_path, "FAILURE", {"id": "é", "status": "FAILURE"})
    assert main([*words[:-1], "-"]) == 3
    page = capfdbinary.readouterr().out.decode()
    assert page.startswith("<!DOCTYPE html>")
    assert page.endswith("</html>")
    assert [f.name for f in tmp_path.iterdir()] == ["answer.json"]


def test_an_output_that_is_the_input_is_refused(tmp_path, capsys):
    words = saved(tmp_path, "SUCCESS")
    before = (tmp_path / "answer.json").read_bytes()
    assert main([*words[:-1], str(tmp_path / "answer.json")]) == 1
    assert "Input and output are the same file" in capsys.readouterr().err
    assert (tmp_path / "answer.json").read_bytes() == before


def test_the_version_is_printed(capsys):
    with pytest.raises(SystemExit) as caught:
        main(["--version"])
    assert caught.value.code == 0
    assert re.fullmatch(r"clinia-nb \d+\.\d+.*\n", capsys.readouterr().out)


@pytest.mark.parametrize(
    ("words", "folder", "passed"),
    [
        ([], "clinia-notebooks", []),
        (["mine"], "mine", []),
        (["--port", "9999"], "clinia-notebooks", ["--port", "9999"]),
        (["mine", "--allow-root", "--no-browser"], "mine", ["--allow-root", "--no-browser"]),
        (["--", "--ServerApp.token=x"], "clinia-notebooks", ["--ServerApp.token=x"]),
    ],
)
def test_options_of_jupyterlab_are_passed_on(tmp_path, monkeypatch, words, folder, passed):
    ran = []
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("shutil.which", lambda *_, **__: "/bin/jupyter")
    monkeypatch.setattr(
        "subprocess.run", lambda line, **_: ran.append(line) or subprocess.CompletedProcess(line, 7)
    )
    assert main(["lab", *words]) == 7
    notebook = f"{folder}/01_investigate_a_bulk.ipynb"
    assert ran == [["/bin/jupyter", "lab", notebook, *passed]]
    assert (tmp_path / notebook).exists()


@pytest.mark.parametrize(
    ("words", "advice"),
    [
        (["ehr-prod", "bk_3AiEVY0v07tNDszL0kXPMvzU1dX"], "of source 'ehr-prod'"),
        (
            ["docs-example", "bk_2wil2vg5uqi08x1aet097gLW8Dx"],
            "Did you mean bulk bk_2wil2vg5u",
        ),
    ],
)
def test_an_unknown_bulk_of_the_sandbox_leads_to_its_samples(words, advice, capsys):
    assert main(["show", "--sandbox", *words]) == 1
    told = capsys.readouterr().err
    assert advice in told
    assert "clinia-nb show --list --sandbox" in told
    assert main(["show", "--list", "--sandbox"]) == 0
    listed = capsys.readouterr().out
    assert all(sample.bulk_id in listed for sample in list_samples())


@pytest.mark.slow
def test_report_keeps_the_words_it_is_given(tmp_path, capsys):
    pages = []
    for keep in ([], ["--keep", "Harbour Dental"]):
        page = tmp_path / f"{len(keep)}.html"
        main(["report", "--sandbox", "-o", str(page), *keep])
        pages.append(page.read_text(encoding="utf-8"))
    capsys.readouterr()
    assert "Harbour Dental" not in pages[0]
    assert "Harbour Dental" in pages[1]
    assert "Centre Santé Nord" not in pages[1]


@pytest.mark.slow
def test_a_report_loads_no_grammar_that_it_does_not_use():
    code = "from clinia_nb.cli import main; import sys"
    code += "; sys.argv[1:] = ['report', '--sandbox', '-o', '-']; main()"
    code += "; print('altair' in sys.modules, 'rfc3987_syntax.syntax_helpers' in sys.modules)"
    environment = os.environ | {"PYTHONPATH": ""}  # where the tests have a stand-in for it
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, env=environment
    )
    assert done.stdout.endswith(b"True False\n")


@pytest.mark.slow
def test_a_report_lists_ids_only_with_show_ids(tmp_path, capsys):
    page = tmp_path / "report.html"
    with pytest.raises(SystemExit) as caught:
        main(["report", "--sandbox", "--ids", "-o", str(page)])
    assert caught.value.code == 2
    assert "--ids needs --show-ids" in capsys.readouterr().err
    assert not page.exists()
    main(["report", "--sandbox", "--ids", "--show-ids", "-o", str(page)])
    capsys.readouterr()
    assert "Records by cause" in page.read_text(encoding="utf-8")
