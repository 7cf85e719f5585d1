import os
import stat
import threading

import pytest

from clinia_nb.files import check_target, replace_file, write_file


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("private", [True, False])
def test_a_new_file_with_health_data_is_its_owners_alone(tmp_path, private):
    write_file(tmp_path / "new", b"x", private=private)
    mask = os.umask(0)
    os.umask(mask)
    assert mode(tmp_path / "new") == (0o600 if private else 0o666 & ~mask)


@pytest.mark.parametrize("before", [0o600, 0o640, 0o664, 0o444])
def test_a_file_that_is_replaced_keeps_its_permissions(tmp_path, before):
    path = tmp_path / "old"
    path.write_bytes(b"old")
    path.chmod(before)
    write_file(path, b"new", private=True)
    assert (path.read_bytes(), mode(path)) == (b"new", before)


def test_a_write_that_fails_leaves_what_was_there_and_nothing_else(tmp_path):
    path = tmp_path / "old"
    path.write_bytes(b"old")
    with pytest.raises(TypeError), replace_file(path, private=True) as file:
        file.writelines([b"half", "no bytes"])
    assert [f.read_bytes() for f in tmp_path.iterdir()] == [b"old"]


@pytest.mark.parametrize("place", ["folder", "pipe", "missing/file", "circle"])
def test_what_cannot_be_replaced_is_refused(tmp_path, place):
    path = tmp_path / place
    if place == "folder":
        path.mkdir()
    if place == "pipe":
        os.mkfifo(path)
    if place == "circle":
        path.symlink_to(path)
    with pytest.raises(OSError, match=r"regular file|no such folder|in a circle"):
        write_file(path, b"x", private=True)


def test_an_output_that_is_an_input_is_refused_under_any_of_its_names(tmp_path):
    path = tmp_path / "answer.json"
    path.write_bytes(b"{}")
    (tmp_path / "link").symlink_to(path)
    (tmp_path / "hard").hardlink_to(path)
    for name in ("answer.json", "link", "hard"):
        with pytest.raises(FileExistsError, match="Input and output are the same file"):
            check_target(tmp_path / name, inputs=[path])
    assert check_target(tmp_path / "other", inputs=[path, "gone"]) == tmp_path / "other"


def test_a_link_is_followed_for_its_owner_and_refused_when_planted(tmp_path):
    victim, link = tmp_path / "victim", tmp_path / "link"
    victim.write_bytes(b"precious")
    link.symlink_to(victim)
    with pytest.raises(FileExistsError, match="symbolic link"):
        write_file(link, b"x", private=True, follow_links=False)
    if os.geteuid() == 0:
        os.lchown(link, 12345, 12345)
        with pytest.raises(FileExistsError, match="symbolic link"):
            write_file(link, b"x", private=True)
        assert victim.read_bytes() == b"precious"
        os.lchown(link, 0, 0)
    write_file(link, b"mine", private=True)
    assert (victim.read_bytes(), link.is_symlink()) == (b"mine", True)


def test_many_writers_leave_one_whole_file(tmp_path):
    contents = [bytes([letter]) * 200_000 for letter in b"abcdef"]
    path = tmp_path / "shared"
    writers = [
        threading.Thread(target=write_file, args=(path, body), kwargs={"private": True})
        for body in contents
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert path.read_bytes() in contents
    assert [f.name for f in tmp_path.iterdir()] == ["shared"]
