import pytest

from clinia_nb.cli import main
from clinia_nb.samples import list_samples


def test_the_sandbox_shows_the_mixed_sample_and_where_to_go_on(capsys):
    assert main(["show", "--sandbox"]) == 0
    shown = capsys.readouterr().out
    assert "364 of 2,000 operations failed (18.2 %)" in shown
    assert "Load what is missing first" in shown
    assert "01_investigate_a_bulk.ipynb" in shown


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


@pytest.mark.parametrize("words", ["", "show", "show ehr", "show a b --kind x"])
def test_unusable_arguments_are_told_apart(words, capsys):
    with pytest.raises(SystemExit) as caught:
        main(words.split())
    assert caught.value.code == 2
