import json
import os
import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from clinia_nb.errors import CliniaError
from clinia_nb.explorer.history import Entry, History, default_path


def entry(number, *, source_key="ehr", workspace="acme"):
    return Entry(workspace, source_key, "relationships", f"bk_{number}")


def ids(history, source_key="ehr"):
    return [entry.bulk_id for entry in history.of("acme", source_key)]


@pytest.fixture(params=["memory", "disk"])
def history(request, tmp_path):
    return History(tmp_path / "new" / "h.json" if request.param == "disk" else None)


def test_the_newest_comes_first_and_each_once(history):
    for number in (1, 2, 1):
        history.add(entry(number))
    assert ids(history) == ["bk_1", "bk_2"]


def test_only_bulks_of_the_workspace_and_source_are_offered(history):
    history.add(entry(1))
    history.add(entry(2, source_key="other"))
    history.add(entry(3, workspace="other"))
    assert ids(history) == ["bk_1"]
    assert ids(history, source_key="") == ["bk_2", "bk_1"]


def test_it_does_not_grow_for_ever(history):
    for number in range(250):
        history.add(entry(number))
    assert ids(history) == [f"bk_{number}" for number in range(249, 49, -1)]


def test_without_a_file_nothing_is_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    History().add(entry(1))
    assert list(tmp_path.iterdir()) == []


def test_on_disk_it_is_found_again_holds_ids_only_and_is_the_owners_alone(tmp_path):
    path = tmp_path / "h.json"
    History(path).add(entry(1))
    History(path).add(entry(2))
    assert ids(History(path)) == ["bk_2", "bk_1"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    "content", [b"", b"{", b'{"a": 1}', b'[{"workspace": 1}]', b"\xff", b"print('my notes')"]
)
def test_a_file_that_is_not_a_history_is_refused_and_left_as_it_is(tmp_path, content):
    path = tmp_path / "h.json"
    path.write_bytes(content)
    with pytest.raises(CliniaError, match="is not a history file"):
        History(path)
    assert path.read_bytes() == content


def test_a_history_of_before_outcomes_were_kept_is_read(tmp_path):
    path = tmp_path / "h.json"
    old = {"workspace": "acme", "source_key": "ehr", "kind": "relationships", "bulk_id": "bk_1"}
    path.write_text(json.dumps([old]))
    assert ids(History(path)) == ["bk_1"]


def test_a_place_that_cannot_be_written_does_not_disturb(tmp_path):
    (tmp_path / "file").write_text("")
    history = History(tmp_path / "file" / "h.json")
    history.add(entry(1))
    assert ids(history) == ["bk_1"]
    assert (tmp_path / "file").read_text() == ""


def test_the_default_place_is_the_users_state_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert default_path() == tmp_path / "clinia-nb" / "history.json"


@pytest.mark.parametrize("place", ["pipe", "link", "folder"])
def test_what_is_not_a_plain_file_is_refused_and_neither_read_nor_written(tmp_path, place):
    victim, path = tmp_path / "victim", tmp_path / "h.json"
    victim.write_text("precious")
    if place == "pipe":
        os.mkfifo(path)
    elif place == "folder":
        path.mkdir()
    else:
        path.symlink_to(victim)
    with pytest.raises(CliniaError, match="is not a history file"):
        History(path)
    assert victim.read_text() == "precious"


def test_a_link_that_is_planted_later_is_not_followed(tmp_path):
    victim, path = tmp_path / "victim", tmp_path / "h.json"
    history = History(path)
    victim.write_text("[]")
    path.symlink_to(victim)
    history.add(entry(1))
    assert ids(history) == ["bk_1"]
    assert victim.read_text() == "[]"


def test_entries_that_threads_add_at_once_are_all_kept(tmp_path):
    path = tmp_path / "h.json"
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: History(path).add(entry(number)), range(40)))
    assert sorted(ids(History(path))) == sorted(f"bk_{number}" for number in range(40))
