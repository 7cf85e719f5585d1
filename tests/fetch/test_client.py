import gzip
import socket
from datetime import timedelta
from email.utils import format_datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.clock import KEY, NOW
from support.scripted_server import Step

import clinia_nb as cnb
from clinia_nb.fetch.retry_policy import RetryPolicy, next_wait, read_retry_after
from clinia_nb.receipts.table import Table

ID = "bk_2wil2vg5uqi08x1aet097gLW8DO"
ANSWER = b'{"status": "FAILURE", "receipts": [{"id": "r1", "status": "FAILURE"}]}'


PAGE = b'{"meta": {"numPages": 2}, "data": [{"key": "%s"}]}'


def refusal(code, kind="SOME_TYPE", headers=None):
    body = '{"code": %d, "type": "%s", "message": "Mrs Miller", "details": []}' % (code, kind)  # noqa: UP031
    return Step(code, body.encode(), headers or {})


def test_a_bulk_is_asked_for_with_its_receipts_and_the_key(serve, client_of):
    server = serve(Step(body=ANSWER))
    bulk = client_of(server).fetch_bulk(" ehr-prod ", f" {ID}\n")
    (target, headers), = server.requests  # fmt: skip
    assert urlsplit(target).path == f"/sources/ehr-prod/v1/relationships/bulk/{ID}"
    assert parse_qs(urlsplit(target).query) == {"withReceipts": ["true"]}
    assert headers["X-Clinia-API-Key"] == KEY
    assert (bulk.source_key, bulk.bulk_id, bulk.kind) == ("ehr-prod", ID, "relationships")
    assert (bulk.status, bulk.fetched_at, bulk.body) == ("FAILURE", NOW, ANSWER)
    assert bulk.receipts["id"].to_list() == ["r1"]


def test_receipts_are_read_while_they_arrive(serve, client_of, monkeypatch):
    receipts = b",".join(b'{"id": "r%d", "status": "SUCCESS"}' % n for n in range(60_000))
    body = b'{"status": "SUCCESS", "receipts": [%b]}' % receipts
    rows_at = {}
    server = serve(Step(body=body))

    def watch(came, _):
        rows_at[came] = sum(rows for rows in added)

    added = []
    real = Table.extend
    monkeypatch.setattr(
        Table, "extend", lambda self, rows: added.append(len(rows)) or real(self, rows)
    )
    bulk = client_of(server).fetch_bulk("s", ID, progress=watch)
    assert bulk.receipts["id"].to_list() == [f"r{n}" for n in range(60_000)]
    assert bulk.body == body
    assert 0 < rows_at[min(came for came in rows_at if came > 1 << 17)] < 60_000


def test_an_attempt_that_is_cut_leaves_no_receipts_behind(serve, client_of):
    receipts = b",".join(b'{"id": "s%d"}' % n for n in range(60_000))
    body = b'{"status": "SUCCESS", "receipts": [%b]}' % receipts
    server = serve(Step(body=body[:300_000], claim=len(body)), Step(body=ANSWER))
    assert client_of(server).fetch_bulk("s", ID).receipts["id"].to_list() == ["r1"]


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        ("relationships", f"/sources/s/v1/relationships/bulk/{ID}"),
        ("resources", f"/sources/s/v1/resources/bulk/{ID}"),
        ("tasks", f"/sources/s/v1/tasks/{ID}"),
    ],
)
def test_each_kind_has_its_endpoint_and_the_status_comes_alone(serve, client_of, kind, path):
    server = serve(Step(body=b'{"status": "PENDING"}'))
    assert client_of(server).bulk_status("s", ID, kind=kind) == "PENDING"
    assert [target for target, _ in server.requests] == [path]


def test_ids_are_quoted_in_the_path(serve, client_of):
    server = serve()
    client_of(server).fetch_bulk("s", "purge:ü%2e", kind="tasks")
    assert urlsplit(server.requests[0][0]).path == "/sources/s/v1/tasks/purge%3A%C3%BC%252e"


@pytest.mark.parametrize(
    ("source", "bulk_id", "kind", "told"),
    [
        ("", ID, "tasks", "source key is empty"),
        (None, ID, "tasks", "source key is of type NoneType"),
        ("a/b", ID, "tasks", "not a source key"),
        ("x" * 63, ID, "tasks", "not a source key"),
        ("s", " ", "tasks", "bulk id is empty"),
        ("s", "..", "tasks", "not a bulk id"),
        ("s", "a/b", "tasks", "not a bulk id"),
        ("s", "bk_1?x", "tasks", "not a bulk id"),
        ("s", "bk_1\x00", "tasks", "not a bulk id"),
        ("s", "s_1", "relationships", 'a single task, not of a bulk .* kind="tasks"'),
        ("s", "bd_1", "resources", 'a bundle, not of a bulk of resources.* kind="tasks"'),
        ("s", "pg_1", "relationships", 'a purge, .* kind="tasks"'),
        ("s", "purge:1", "relationships", 'a purge, .* kind="tasks"'),
        ("s", ID, "bundles", "Available: relationships, resources, tasks"),
    ],
)
def test_what_cannot_be_right_is_refused_before_anything_is_asked(
    serve, client_of, source, bulk_id, kind, told
):
    server = serve()
    with pytest.raises(cnb.InvalidIdError, match=told):
        client_of(server).fetch_bulk(source, bulk_id, kind=kind)
    assert server.requests == []


@pytest.mark.parametrize(
    ("code", "error", "attempts"),
    [
        (400, cnb.RequestRefusedError, 1),
        (401, cnb.InvalidKeyError, 1),
        (403, cnb.AccessDeniedError, 1),
        (404, cnb.BulkNotFoundError, 1),
        (409, cnb.RequestRefusedError, 1),
        (500, cnb.ServerError, 1),
        (429, cnb.RateLimitedError, 5),
        (502, cnb.ServerError, 5),
        (503, cnb.ServerError, 5),
        (504, cnb.ServerError, 5),
    ],
)
def test_a_refusal_is_an_error_of_its_own_and_only_what_may_pass_is_asked_again(
    serve, client_of, code, error, attempts
):
    server = serve(refusal(code))
    with pytest.raises(error) as caught:
        client_of(server).fetch_bulk("ehr", ID)
    assert type(caught.value) is error
    assert len(server.requests) == attempts
    assert caught.value.status_code == code
    assert caught.value.body["message"] == "Mrs Miller"
    said = str(caught.value)
    assert f"HTTP {code} SOME_TYPE" in said
    assert f"/sources/ehr/v1/relationships/bulk/{ID}" in said
    assert "Miller" not in said


def test_it_recovers_when_the_server_does(serve, client_of, watch):
    server = serve(refusal(503), Step(drop=True), refusal(429), Step(body=ANSWER))
    assert client_of(server).fetch_bulk("s", ID).receipts.height == 1
    assert len(server.requests) == 4
    assert watch.slept == [0.375, 0.75, 1.5]


@pytest.mark.parametrize("form", ["seconds", "date"])
def test_retry_after_is_used_in_both_its_forms(serve, client_of, watch, form):
    date = format_datetime(NOW + timedelta(seconds=7), usegmt=True)
    headers = {"Retry-After": "7" if form == "seconds" else date}
    server = serve(refusal(429, headers=headers), Step(body=ANSWER))
    client_of(server).fetch_bulk("s", ID)
    assert watch.slept == [7.0]


def test_a_longer_wait_than_the_bound_is_reported_and_not_waited(serve, client_of, watch):
    server = serve(refusal(429, headers={"Retry-After": "3600"}))
    with pytest.raises(cnb.RateLimitedError, match="asks to wait 3600 s") as caught:
        client_of(server).fetch_bulk("s", ID)
    assert (caught.value.retry_after, watch.slept, len(server.requests)) == (3600, [], 1)


def test_a_server_that_does_not_answer_in_time_is_unreachable(serve, client_of):
    server = serve(Step(stall=True))
    with pytest.raises(cnb.UnreachableError, match=r"nothing came for 0\.3 s \(2 attempts\)"):
        client_of(server, retry=RetryPolicy(attempts=2)).fetch_bulk("s", ID)
    assert len(server.requests) == 2


def test_a_port_that_nobody_listens_on_is_unreachable(client_of, watch):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(cnb.UnreachableError, match="Check the workspace, the network"):
        client_of(f"http://127.0.0.1:{port}").fetch_bulk("s", ID)
    assert len(watch.slept) == 4


@pytest.mark.parametrize(
    "step", [Step(body=ANSWER[:30], claim=len(ANSWER)), Step(body=ANSWER[:30], chunked_cut=True)]
)
@pytest.mark.parametrize("progress", [True, False])
def test_an_answer_cut_short_is_an_error_after_retries(serve, client_of, step, progress):
    server = serve(step)
    with pytest.raises(cnb.UnreadableAnswerError, match=r"cut short.* \(5 attempts\)"):
        client_of(server, progress=progress).fetch_bulk("s", ID)
    whole = serve(step, Step(body=ANSWER))
    assert client_of(whole, progress=progress).fetch_bulk("s", ID).receipts.height == 1


@pytest.mark.parametrize("body", [b"", b"<html>", ANSWER[:-1], b'{"receipts": []}', b"[]"])
def test_an_invalid_answer_is_an_error_at_once(serve, client_of, body):
    server = serve(Step(body=body))
    asked = rf"^GET /sources/s/v1/relationships/bulk/{ID} at 127\.0\.0\.1:\d+: The answer "
    with pytest.raises(cnb.UnreadableAnswerError, match=asked) as fetched:
        client_of(server).fetch_bulk("s", ID)
    with pytest.raises(cnb.UnreadableAnswerError, match=asked) as polled:
        client_of(server).bulk_status("s", ID)
    assert str(fetched.value) == str(polled.value)
    assert len(server.requests) == 2


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_a_redirect_is_never_followed_and_its_host_is_named(serve, client_of, code):
    elsewhere = serve()
    target = elsewhere.url.replace("127.0.0.1", "localhost") + "/x?secret=1"
    server = serve(Step(code, headers={"Location": target}))
    with pytest.raises(cnb.RedirectedError, match="to localhost") as caught:
        client_of(server).fetch_bulk("s", ID)
    assert "secret" not in str(caught.value)
    assert (len(server.requests), elsewhere.requests) == (1, [])


def test_a_watch_is_called_with_the_bytes_that_came_and_can_end_the_download(serve, client_of):
    class Enough(BaseException):
        pass

    def stop(came, _):
        if came:
            raise Enough

    body = b'{"status": "SUCCESS", "receipts": []' + b" " * 3_000_000 + b"}"
    client, told = client_of(serve(Step(body=body))), []
    assert client.fetch_bulk("s", ID, progress=lambda *news: told.append(news)).body == body
    came = [bytes_so_far for bytes_so_far, _ in told]
    assert came == sorted(came)
    assert told[-1] == (len(body), len(body))
    assert len(set(came)) > 4
    with pytest.raises(Enough):
        client.fetch_bulk("s", ID, progress=stop)


@pytest.mark.parametrize("progress", [True, False, lambda *_: None])
def test_compressed_answers_are_read(serve, client_of, progress):
    server = serve(Step(body=gzip.compress(ANSWER), headers={"Content-Encoding": "gzip"}))
    assert client_of(server, progress=progress).fetch_bulk("s", ID).body == ANSWER


@pytest.mark.parametrize(
    ("bodies", "keys"),
    [
        ([b'[{"key": "a"}, {"key": "b", "more": 1}]'], ["a", "b"]),
        ([b'{"data": [{"key": "a"}]}'], ["a"]),
        ([PAGE % b"a", PAGE % b"b"], ["a", "b"]),
        ([b'{"data": []}'], []),
    ],
)  # fmt: skip
def test_sources_are_listed_from_pages_or_a_bare_array(serve, client_of, bodies, keys):
    server = serve(*(Step(body=body) for body in bodies))
    sources = client_of(server).list_sources()
    assert sources["key"].to_list() == keys
    assert sources.schema == {
        "key": cnb.parse_receipts(ANSWER, source_key="", bulk_id="").schema["id"]
    }
    assert len(server.requests) == len(bodies)


def test_a_list_of_sources_of_another_shape_is_unreadable(serve, client_of):
    with pytest.raises(cnb.UnreadableAnswerError, match="list of sources"):
        client_of(serve(Step(body=b'{"data": 5}'))).list_sources()


@pytest.mark.parametrize(
    ("code", "error"), [(403, cnb.AccessDeniedError), (404, cnb.RequestRefusedError)]
)
def test_sources_that_may_not_be_listed_say_so(serve, client_of, code, error):
    with pytest.raises(error):
        client_of(serve(refusal(code))).list_sources()


def test_the_sandbox_answers_like_the_rest(watch):
    client = cnb.Client.sandbox(progress=False)
    frame = cnb.fetch_receipts("clinic-registry", ID, kind="tasks", client=client)
    assert frame["status"].to_list() == ["PENDING", "SUCCESS"]
    assert (client.is_sandbox, client.workspace) == (True, "sandbox")


@given(
    attempt=st.integers(1, 10),
    elapsed=st.floats(0, 1e4),
    retry_after=st.none() | st.floats(0, 1e4),
    chance=st.floats(0, 1),
)
def test_a_wait_is_within_all_bounds(attempt, elapsed, retry_after, chance):
    policy = RetryPolicy()
    wait = next_wait(
        policy, attempt=attempt, elapsed=elapsed, retry_after=retry_after, chance=chance
    )
    if wait is None:
        assert (
            attempt >= policy.attempts
            or elapsed + policy.longest_wait + (retry_after or 0) > policy.total
        )
    else:
        assert attempt < policy.attempts
        assert elapsed + wait <= policy.total
        assert wait >= (retry_after or 0)
        assert wait <= max(policy.longest_wait, retry_after or 0)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7),
        ("30.5", 30.5),
        ("0", 0),
        ("86400", 86_400),
        ("259200", 259_200),
        ("120, 120", 120),
        ("5,90", 90),
        (format_datetime(NOW + timedelta(days=1), usegmt=True), 86_400),
        (format_datetime(NOW - timedelta(days=1), usegmt=True), 0),
        ("-1", None),
        ("٣", None),
        ("soon", None),
        ("", None),
        ("1e3", None),
    ],
)
def test_a_wait_is_read_as_it_was_meant(header, seconds):
    assert read_retry_after({"Retry-After": header}, lambda: NOW) == seconds


@pytest.mark.parametrize("code", [429, 503])
def test_a_wait_of_a_day_raises_at_once_and_says_so(serve, client_of, watch, code):
    server = serve(refusal(code, headers={"Retry-After": "86400"}))
    with pytest.raises(cnb.RequestError) as caught:
        client_of(server).fetch_bulk("s", ID)
    assert (caught.value.retry_after, watch.slept, len(server.requests)) == (86_400, [], 1)


@given(st.text(max_size=40))
def test_any_retry_after_is_a_number_of_seconds_or_none(text):
    seconds = read_retry_after({"Retry-After": text}, lambda: NOW)
    assert seconds is None or seconds >= 0
