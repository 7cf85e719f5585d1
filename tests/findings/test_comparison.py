from __future__ import annotations

from itertools import pairwise

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from support.bulks import generated
from support.examples import examples
from support.frames import TIME, at, count_reads, frame, receipts, shuffled, took
from test_bulk import HOSTILE, Page

from clinia_nb.analysis.attempts import CHANGES, SAME, STATES, TRANSITIONS
from clinia_nb.bulk import BulkResult
from clinia_nb.display import formats
from clinia_nb.errors import MissingColumnError
from clinia_nb.findings.comparison import compare_bulks
from clinia_nb.receipts.outcome import OUTCOMES, failed
from clinia_nb.receipts.parse import parse_receipts
from clinia_nb.sandbox.samples import list_samples
from clinia_nb.signatures.sign import with_signatures

CHANGE, OUTCOME = pl.Enum(CHANGES), pl.Enum(OUTCOMES)
KEY = ["id", "type", "target_type"]
RECORDS = {
    "step": pl.UInt32,
    "id": pl.String,
    "type": pl.Categorical,
    "target_type": pl.Categorical,
    "change": CHANGE,
    "outcome_before": OUTCOME,
    "outcome_after": OUTCOME,
    "signature_before": pl.String,
    "signature_after": pl.String,
    "error_type_before": pl.Categorical,
    "error_type_after": pl.Categorical,
}
COUNTS = {
    "step": pl.UInt32,
    "before": pl.Enum(STATES),
    "change": CHANGE,
    "records": pl.UInt32,
    "share": pl.Float64,
    "share_of_before": pl.Float64,
}
ATTEMPTS = {
    "attempt": pl.UInt32,
    **dict.fromkeys(["source_key", "bulk_id"], pl.Categorical),
    **dict.fromkeys(["receipts", "failed"], pl.UInt32),
    "failure_rate": pl.Float64,
    **dict.fromkeys(["records", "without_id", "failing_so_far", "signatures"], pl.UInt32),
    **dict.fromkeys(["p50", "p95"], pl.Duration("us")),
    "throughput": pl.Float64,
    **dict.fromkeys(["first_received", "last_completed"], TIME),
}
SIGNATURES = {
    "step": pl.UInt32,
    "signature": pl.String,
    **dict.fromkeys(["failures_before", "failures_after"], pl.UInt32),
    "difference": pl.Int64,
}

OK, PENDING, CANCELLED = {"status": "SUCCESS"}, {"status": "PENDING"}, {"status": "CANCELLED"}
GONE = {"status": "FAILURE", "error_type": "NOT_FOUND", "error_message": "there is no such clinic"}
BOOM = {"status": "FAILURE", "error_type": "INTERNAL", "error_message": "upstream went away"}


def attempt(*rows: dict[str, object], **states: dict[str, object]) -> pl.DataFrame:
    """Return an attempt: full rows, and receipts by record id."""
    return frame(*rows, *({"id": id_} | state for id_, state in states.items()))


def signature(receipt: dict[str, object]) -> str:
    """Say which signature a failure has beside the other one of these tests."""
    both = with_signatures(frame(GONE, BOOM))["signature"]
    return both[0 if receipt is GONE else 1]


def changes_of(*attempts: pl.DataFrame) -> dict[str, str]:
    return dict(compare_bulks(*attempts).records.select("id", "change").rows())


def read(scenario: str, **size: int) -> tuple[pl.DataFrame, dict[str, int]]:
    bulk = generated(scenario, **size)
    frame_ = parse_receipts(bulk.body, source_key=bulk.source_key, bulk_id=bulk.bulk_id)
    return frame_, {cause.name: cause.failures for cause in bulk.causes}


def sample(name: str) -> BulkResult:
    found = next(sample for sample in list_samples() if sample.name == name)
    return BulkResult.from_json(found.path, source_key=found.source_key, bulk_id=found.bulk_id)


def test_every_change_has_a_name_of_its_own():
    before = {"fine": OK, "failed": GONE, "undecided": PENDING}
    after = before | {"another": BOOM, "undecided": CANCELLED}
    first = {f"{b}-{a}": before[b] for b in before for a in [*after, "absent"]}
    second = {f"{b}-{a}": after[a] for b in [*before, "absent"] for a in after}
    second.pop("absent-another")
    comparison = compare_bulks(attempt(**first), attempt(**second))
    assert dict(comparison.records.select("id", "change").rows()) == {
        "failed-fine": "fixed",
        "failed-failed": "still failing, same signature",
        "failed-another": "still failing, another signature",
        "failed-undecided": "failed, now undecided",
        "failed-absent": "failed, not sent again",
        "fine-failed": "newly failing",
        "fine-another": "newly failing",
        "fine-fine": "still fine",
        "fine-undecided": "fine, now undecided",
        "fine-absent": "fine, not sent again",
        "undecided-failed": "undecided, now failing",
        "undecided-another": "undecided, now failing",
        "undecided-fine": "undecided, now fine",
        "undecided-undecided": "still undecided",
        "undecided-absent": "undecided, not sent again",
        "absent-failed": "only after, failing",
        "absent-fine": "only after, fine",
        "absent-undecided": "only after, undecided",
    }
    assert comparison.changes["change"].to_list() == list(CHANGES)
    assert comparison.verdict == (
        "Of 5 records that failed before, 1 (20.0%) is fixed, 1 still fails for the same reason, "
        "1 for another, 1 is undecided, 1 was not sent again; 2 newly fail, "
        "2 undecided ones now fail, 1 new one fails, 3 others are undecided."
    )


def test_records_show_how_they_ended_and_why():
    first = attempt(
        {"id": "b", "type": "clinic", "target_type": "RESOURCE"} | GONE,
        {"id": "a", "type": "clinic", "target_type": "RESOURCE"} | GONE,
        {"id": "c"} | CANCELLED,
    )
    second = attempt(
        {"id": "b", "type": "clinic", "target_type": "RESOURCE"} | OK,
        {"id": "a", "type": "clinic", "target_type": "RESOURCE"} | BOOM,
        {"id": "d"} | {"status": "UNHEARD_OF"},
    )
    gone, boom = signature(GONE), signature(BOOM)
    clinic = ("clinic", "RESOURCE")
    expected = pl.DataFrame(
        [
            (1, "b", *clinic, "fixed", "failed", "succeeded", gone, None, "NOT_FOUND", None),
            (1, "a", *clinic, CHANGES[2], "failed", "failed", gone, boom, "NOT_FOUND", "INTERNAL"),
            (1, "c", None, None, "undecided, not sent again", "cancelled", *[None] * 5),
            (1, "d", None, None, "only after, undecided", None, "other", *[None] * 4),
        ],
        schema=RECORDS,
        orient="row",
    )
    assert_frame_equal(compare_bulks(first, second).records, expected)


def test_changes_are_counted_with_their_shares():
    first = attempt(a=GONE, b=GONE, c=GONE, d=OK)
    second = attempt(a=OK, b=GONE, c=GONE)
    expected = pl.DataFrame(
        [
            (1, "failed", "fixed", 1, 0.25, 1 / 3),
            (1, "failed", "still failing, same signature", 2, 0.5, 2 / 3),
            (1, "fine", "fine, not sent again", 1, 0.25, 1.0),
        ],
        schema=COUNTS,
        orient="row",
    )
    assert_frame_equal(compare_bulks(first, second).changes, expected)


def test_attempts_stand_side_by_side():
    of = {"source_key": "ehr", "bulk_id": "bk_1"}
    first = attempt(
        of | GONE | {"id": "a", "received_at": at(0), "completed_at": at(2)},
        of | BOOM | {"id": "b", "received_at": at(1), "completed_at": at(4)},
        of | OK | {"id": "c", "received_at": at(2), "completed_at": at(3)},
        of | PENDING | {"id": "d", "received_at": at(3)},
        of | GONE | {"received_at": at(3)},
    )
    second = attempt(
        {"source_key": "ehr", "bulk_id": "bk_2", "id": "a"} | OK,
        {"source_key": "ehr", "bulk_id": "bk_3", "id": "d", "completed_at": at(9)} | BOOM,
        {"id": "d", "received_at": at(9), "completed_at": at(9)} | BOOM,
    )
    expected = pl.DataFrame(
        [
            (1, "ehr", "bk_1", 5, 3, 0.6, 4, 1, 2, 2, took(2), took(3), 3 / 4, at(0), at(4)),
            (2, "ehr", None, 3, 2, 2 / 3, 2, 0, 2, 1, took(0), took(0), None, at(9), at(9)),
            (3, None, None, 0, 0, None, 0, 0, 2, 0, *[None] * 5),
        ],
        schema=ATTEMPTS,
        orient="row",
    )
    comparison = compare_bulks(first, second, frame())
    assert_frame_equal(comparison.attempts, expected)
    assert comparison.notes[0].startswith("1 receipt names no record")
    assert "1 earlier one is ignored" in comparison.notes[1]


def test_signatures_are_counted_by_receipt_and_the_largest_difference_comes_first():
    first = attempt({"id": "a"} | GONE, {"id": "a"} | GONE, GONE, {"id": "b"} | BOOM)
    second = attempt(a=OK, b=BOOM, c=BOOM)
    gone, boom = signature(GONE), signature(BOOM)
    expected = pl.DataFrame(
        [(1, gone, 3, 0, -3), (1, boom, 1, 2, 1), (2, boom, 2, 0, -2)],
        schema=SIGNATURES,
        orient="row",
    )
    assert_frame_equal(compare_bulks(first, second, frame()).signatures, expected)


def test_of_several_receipts_for_a_record_the_last_decides():
    early, late = {"id": "a", "received_at": at(1)}, {"id": "a", "received_at": at(2)}
    fails = attempt(a=GONE)
    assert changes_of(attempt(late | GONE, early | OK), fails) == {"a": SAME}
    assert changes_of(attempt(late | OK, early | GONE), fails) == {"a": "newly failing"}
    assert changes_of(attempt(early | GONE, early | OK), fails) == {"a": "newly failing"}
    assert changes_of(attempt(early | OK, early | GONE), fails) == {"a": SAME}
    assert changes_of(attempt(early | OK, {"id": "a"} | GONE), fails) == {"a": "newly failing"}


def test_a_record_is_its_id_its_type_and_its_target_type_and_null_is_a_type():
    kinds = [
        {},
        {"type": "clinic"},
        {"target_type": "RESOURCE"},
        {"type": "RESOURCE"},
        {"type": "clinic", "target_type": "RESOURCE"},
    ]
    first = attempt(*({"id": "a"} | kind | GONE for kind in kinds))
    second = attempt(*({"id": "a"} | kind | OK for kind in reversed(kinds)))
    assert compare_bulks(first, second).records["change"].to_list() == ["fixed"] * 5
    apart = compare_bulks(first[:1], second[:1]).records["change"].to_list()
    assert apart == ["failed, not sent again", "only after, fine"]


@pytest.mark.parametrize("id_", [None, ""])
def test_what_has_no_id_is_counted_and_never_matched(id_):
    nameless = attempt({"id": id_} | GONE)
    comparison = compare_bulks(nameless, nameless)
    assert_frame_equal(comparison.records, pl.DataFrame(schema=RECORDS))
    assert comparison.attempts.select("receipts", "failed", "without_id").rows() == [(1, 1, 1)] * 2
    assert comparison.signatures.height == 1
    assert comparison.verdict == "No receipt names a record: there is nothing to compare."


def test_nothing_to_compare_has_the_same_columns():
    comparison = compare_bulks(frame(), frame().lazy())
    assert_frame_equal(comparison.records, pl.DataFrame(schema=RECORDS))
    assert_frame_equal(comparison.changes, pl.DataFrame(schema=COUNTS))
    assert_frame_equal(comparison.signatures, pl.DataFrame(schema=SIGNATURES))
    expected = [(1, *[None] * 2, 0, 0, None, 0, 0, 0, 0, *[None] * 5)]
    expected = pl.DataFrame(expected, schema=ATTEMPTS, orient="row")
    second = expected.with_columns(attempt=pl.lit(2, dtype=pl.UInt32))
    assert_frame_equal(comparison.attempts, pl.concat([expected, second]))
    assert comparison.verdict == "No receipts: there is nothing to compare."
    assert comparison.text().startswith(comparison.verdict)


def test_frames_of_other_origin_fit_together():
    first = attempt(a=GONE, b=OK)
    second = (
        attempt(a=GONE, b=GONE)
        .with_columns(
            pl.col("type", "target_type", "error_type").cast(pl.String),
            pl.col("status").cast(pl.Enum(["SUCCESS", "FAILURE"])),
            pl.col("received_at").dt.replace_time_zone(None).cast(pl.Datetime("ms")),
            error_code=None,
            signature=pl.lit("of its own"),
            outcome=pl.lit("well"),
            unheard_of=pl.lit(1),
        )
        .drop("error_details", "source_key", "bulk_id", "task_id", "action")
        .select(pl.all().reverse())
    )
    expected = compare_bulks(first, attempt(b=GONE, a=GONE))
    assert_frame_equal(compare_bulks(first, second).records, expected.records)
    assert_frame_equal(compare_bulks(first, second.lazy()).signatures, expected.signatures)


def test_signatures_come_from_all_attempts_together(monkeypatch):
    seen = []

    def spy(rows):
        seen.append(with_signatures(rows))
        return seen[-1]

    monkeypatch.setattr("clinia_nb.analysis.attempts.with_signatures", spy)
    attempts = [attempt(a=GONE, b=BOOM), attempt(a=BOOM), attempt(a=GONE, c=GONE)]
    compare_bulks(*attempts)
    (rows,) = seen
    assert rows["error_message"].to_list() == pl.concat(attempts)["error_message"].to_list()


def test_a_bulk_will_do_and_a_lazy_frame_is_read_once():
    outage, retry = sample("outage"), sample("retry")
    expected = compare_bulks(outage.receipts, retry.receipts)
    lazy, reads = count_reads(retry.receipts)
    comparison = compare_bulks(outage, lazy)
    assert len(reads) == 1
    assert_frame_equal(comparison.records, expected.records)
    assert_frame_equal(comparison.attempts, expected.attempts)


def test_missing_columns_are_named():
    with pytest.raises(MissingColumnError) as caught:
        compare_bulks(frame(), frame().drop("duration", "target_type"))
    assert caught.value.missing == ("target_type", "duration")


@pytest.mark.parametrize(
    ("attempts", "verdict"),
    [
        (
            [attempt(a=GONE, b=GONE), attempt(a=OK, b=OK)],
            "All 2 records that failed before are fixed.",
        ),
        ([attempt(a=GONE, b=OK), attempt(a=OK, b=OK)],
         "The one record that failed before is fixed; no new failures."),
        ([attempt(a=GONE, b=GONE), attempt(a=GONE, b=BOOM)],
         ("Of 2 records that failed before, none is fixed: 1 still fails for the same reason, "
          "1 for another.")),
        ([attempt(a=GONE), attempt(a=BOOM)],
         "Of 1 record that failed before, none is fixed: 1 still fails for another reason."),
        ([attempt(a=OK, b=OK, c=PENDING), attempt(a=OK, b=OK, c=OK)],
         "None of 3 records failed before; no new failures."),
        ([attempt(a=OK, b=OK), attempt(a=BOOM, b=OK, c=GONE)],
         "None of 2 records failed before; 1 newly fails, 1 new one fails."),
        ([attempt(a=CANCELLED), attempt(a=PENDING)],
         "The one record did not fail before; 1 is undecided."),
        ([attempt(a=GONE, b=OK), attempt(c=GONE, d=OK, e=PENDING)],
         "These bulks share no record: 2 only before (1 failed), 3 only after (1 failing)."),
        ([attempt(a=GONE), frame()],
         "These bulks share no record: 1 only before (1 failed), 0 only after (0 failing)."),
        ([attempt(a=GONE, b=GONE, c=OK), attempt(a=OK, b=GONE), attempt(b=OK)],
         ("Over 3 attempts the number of failing records went from 2 to 1 to 0; "
          "the one record that failed in attempt 2 is fixed.")),
        ([attempt(a=GONE, b=GONE), attempt(a=OK), attempt(c=GONE)],
         ("Over 3 attempts the number of failing records went from 2 to 1 to 2; "
          "attempts 2 and 3 share no record: 1 only before (0 failed), 1 only after (1 failing).")),
    ],
)  # fmt: skip
def test_the_verdict_is_a_sentence(attempts, verdict):
    comparison = compare_bulks(*attempts)
    assert comparison.verdict == verdict
    assert comparison.text().startswith(verdict)
    assert verdict in Page(comparison._repr_html_()).text
    assert repr(comparison) == f"Comparison({verdict!r})"


@pytest.mark.parametrize("size", [{}, {"receipts": 6_000, "seed": 3}])
def test_the_retry_of_the_outage_shows_the_planted_truth(size):
    (outage, first), (retry, second) = read("outage", **size), read("retry", **size)
    assert second["bad_date"] == first["bad_date"] > 0 < second["duplicate"]
    timeouts = first["outage"] + first["upstream_timeout"]
    comparison = compare_bulks(outage, retry)
    assert dict(comparison.changes.select("change", "records").rows()) == {
        "fixed": timeouts - second["duplicate"],
        "still failing, same signature": first["bad_date"],
        "still failing, another signature": second["duplicate"],
        "fine, not sent again": outage.height - timeouts - first["bad_date"],
    }
    ended = {
        change: set(
            comparison.records.filter(change=change).select(pl.col("^error_type.*$")).rows()
        )
        for change in CHANGES[:3]
    }
    assert list(ended.values()) == [
        {("INTERNAL", None)},
        {("INVALID_ARGUMENT", "INVALID_ARGUMENT")},
        {("INTERNAL", "ALREADY_EXISTS")},
    ]
    still = first["bad_date"] + second["duplicate"]
    assert comparison.attempts["failing_so_far"].to_list() == [
        still + timeouts - second["duplicate"],
        still,
    ]
    assert comparison.signatures["difference"][0] == -timeouts


def test_a_cell_and_a_terminal_show_the_same_figures():
    outage, retry = sample("outage"), sample("retry")
    again = retry.receipts.filter(failed()).with_columns(bulk_id=pl.lit("bk_again"))
    comparison = compare_bulks(outage, retry, again)
    page, text = Page(comparison._repr_html_()), comparison.text()
    assert {"script", "img", "iframe", "link"}.isdisjoint(page.tags)
    assert page.tags.count("table") == 3
    assert page.tags.count("td") + page.tags.count("th") > 100
    for table in comparison._tables():
        for line in table.lines:
            assert line.label in page.text
            assert line.label[:50] in text
            for cell in line.cells:
                assert cell in page.text
                assert cell in text
    rates = [line for line in text.splitlines() if line.startswith(("Failure rate", "  fixed"))]
    assert [line.split() for line in rates] == [
        ["fixed", "244", "86.8%", "0", "0%"],
        ["Failure", "rate", "14.1%", "13.2%", "100%"],
    ]


def test_the_text_is_laid_out_in_columns():
    of = {"source_key": "ehr", "received_at": at(0), "completed_at": at(2)}
    first = attempt(
        of | GONE | {"id": "a", "bulk_id": "bk_1"}, of | GONE | {"id": "b", "bulk_id": "bk_1"}
    )
    second = attempt(
        of | OK | {"id": "a", "bulk_id": "bk_2"}, of | PENDING | {"id": "b", "bulk_id": "bk_2"}
    )
    comparison = compare_bulks(first, second, frame())
    gone = comparison.signatures["signature"][0]
    wide = max(len(gone), 21)
    expected = f"""\
{comparison.verdict}

What became of the records   1 to 2           2 to 3
Failed before                     2                0
  fixed                           1    50.0%       0       0%
  failed, now undecided           1    50.0%       0       0%
Fine before                       0                1
  fine, not sent again            0       0%       1     100%
Undecided before                  0                1
  undecided, not sent again       0       0%       1     100%

The attempts side by side                Attempt 1                Attempt 2  Attempt 3
Source key                                     ehr                      ehr          –
Bulk                                          bk_1                     bk_2          –
First received             2025-05-06 11:47:50 UTC  2025-05-06 11:47:50 UTC          –
Last completed             2025-05-06 11:47:52 UTC  2025-05-06 11:47:52 UTC          –
Receipts                                         2                        2          0
Failed                                           2                        0          0
Failure rate                                  100%                       0%          –
Records                                          2                        2          0
Records failing so far                           2                        0          0
Distinct signatures                              1                        0          0
Median time                                 2.00 s                   2.00 s          –
95th percentile                             2.00 s                   2.00 s          –
Throughput                                 1 per s                  1 per s          –

{"Failures by signature":<{wide}}  Attempt 1  Attempt 2  Attempt 3  Difference
{gone:<{wide}}          2          0          0          −2

Note: Undecided: cancelled, pending, or of an unknown status.
Note: Throughput: completed receipts, from the first received to the last completed."""
    assert comparison.text() == expected


@pytest.mark.parametrize("text", [*HOSTILE, "W" * 10_000, "\x1b[2J\x00 \u2066بِت", "a\n\n|\n"])
def test_whatever_the_api_sent_is_shown_as_text(text):
    known = {"id": text, "type": text, "source_key": text, "bulk_id": text}
    first = frame(known | {"status": "FAILURE", "error_type": text, "error_message": text})
    second = frame(known | {"status": text})
    comparison = compare_bulks(first, second)
    html = comparison._repr_html_()
    page = Page(html)
    assert {"script", "img", "b"}.isdisjoint(page.tags)
    assert {"onload", "onerror", "src"}.isdisjoint(page.attributes)
    assert formats.harmless(text.split()[0])[:40] in page.text
    assert html.count("</style>") == 1
    assert len(html) < 20_000
    lines = comparison.text().splitlines()
    assert max(map(len, lines)) < 200
    assert all(line.isprintable() for line in lines)
    assert len(lines) == len(compare_bulks(attempt(a=GONE), attempt(a=PENDING)).text().splitlines())


def test_only_the_signatures_that_changed_most_are_shown():
    causes = [
        "permission denied",
        "upstream went away",
        "no such clinic here",
        "this date is not valid",
        "quota of the workspace is exhausted",
        "definition forbids a target of that profile",
        "checksum of both copies differs after the transfer",
    ]
    rows = [
        {"id": f"{place}-{number}", "status": "FAILURE", "error_message": cause}
        for place, cause in enumerate(causes)
        for number in range(place + 1)
    ]
    text = compare_bulks(frame(*rows), frame(rows[0])).text()
    _, _, shown = text.partition("Failures by signature: the 5 of 7 that changed most")
    shown = shown.splitlines()[1:6]
    assert [line.split()[0] for line in shown] == [cause.split()[0] for cause in causes[:1:-1]]
    assert [line.split()[-3:] for line in shown] == [
        [str(number), "0", f"−{number}"] for number in (7, 6, 5, 4, 3)
    ]


def attempts_of(*sizes: int) -> st.SearchStrategy[list[pl.DataFrame]]:
    """Return attempts whose records' last receipts do not depend on the order of rows."""
    alone = ["id", "type", "target_type", "received_at"]
    one = receipts(max_size=15).map(lambda rows: rows.unique(alone, keep="first"))
    return st.sampled_from(sizes).flatmap(lambda size: st.lists(one, min_size=size, max_size=size))


def last_receipts(rows: pl.DataFrame) -> dict[tuple[object, ...], dict[str, object]]:
    """Say how each record ended, receipt by receipt."""
    rows = rows.with_columns(failed()).sort("received_at", nulls_last=False, maintain_order=True)
    return {
        tuple(row[name] for name in KEY): row
        for row in rows.iter_rows(named=True)
        if row["id"] is not None
    }


def state(row: dict[str, object] | None) -> str:
    if row is None:
        return "absent"
    return "failed" if row["failed"] else "fine" if row["status"] == "SUCCESS" else "undecided"


@examples(15)
@given(attempts_of(2, 3))
def test_every_record_is_listed_once_per_step_and_the_counts_add_up(attempts):
    comparison = compare_bulks(*attempts)
    for step, (before, after) in enumerate(pairwise(map(last_receipts, attempts)), 1):
        records = comparison.records.filter(step=step)
        expected = {key: (state(before.get(key)), state(after.get(key))) for key in before | after}
        told = {tuple(row[name] for name in KEY): row for row in records.iter_rows(named=True)}
        assert records.height == len(told) == len(expected)
        assert {key: TRANSITIONS[row["change"]] for key, row in told.items()} == expected
        for row in told.values():
            both = row["outcome_before"] == row["outcome_after"] == "failed"
            same = row["signature_before"] == row["signature_after"]
            assert (row["change"] == SAME) == (both and same)
        changes = comparison.changes.filter(step=step)
        assert changes["records"].sum() == records.height
        assert changes["change"].is_sorted()
        if changes.height:
            assert changes["share"].sum() == pytest.approx(1)
            parts = changes.group_by("before").agg(pl.col("share_of_before").sum())
            assert parts["share_of_before"].to_list() == pytest.approx([1] * parts.height)


@examples(15)
@given(attempts_of(2, 3, 4))
def test_the_attempts_and_the_signatures_add_up(attempts):
    comparison = compare_bulks(*attempts)
    table, known = comparison.attempts, {}
    assert table["receipts"].to_list() == [rows.height for rows in attempts]
    assert table["failed"].to_list() == [rows.select(failed()).sum().item() for rows in attempts]
    assert table["without_id"].to_list() == [rows["id"].null_count() for rows in attempts]
    for rows, failing in zip(attempts, table["failing_so_far"], strict=True):
        known |= last_receipts(rows)
        assert failing == sum(bool(row["failed"]) for row in known.values())
    for step in range(1, len(attempts)):
        signatures = comparison.signatures.filter(step=step)
        before, after = signatures.select(pl.col("^failures_.*$").sum()).row(0)
        assert [before, after] == table["failed"][step - 1 : step + 1].to_list()
        assert signatures["difference"].sum() == after - before
        assert signatures["difference"].abs().is_sorted(descending=True)
    assert comparison.text()


@examples(15)
@given(attempts_of(2, 3), st.integers(0, 2**32))
def test_neither_order_nor_laziness_matters_and_the_input_stays(attempts, seed):
    before = [rows.clone() for rows in attempts]
    expected = compare_bulks(*attempts)
    for other in (
        compare_bulks(*(shuffled(rows, seed) for rows in attempts)),
        compare_bulks(*(rows.lazy() for rows in attempts)),
    ):
        for name in ("records", "changes", "attempts", "signatures"):
            assert_frame_equal(getattr(other, name), getattr(expected, name))
        assert other.text() == expected.text()
    for rows, kept in zip(attempts, before, strict=True):
        assert_frame_equal(rows, kept)


@examples(15)
@given(receipts())
def test_a_bulk_beside_itself_changes_nothing(random):
    comparison = compare_bulks(random, random)
    unchanged = {SAME, "still fine", "still undecided"}
    assert set(comparison.records["change"]) <= unchanged
    assert comparison.signatures["difference"].sum() == 0
    first, second = comparison.attempts.drop("attempt").rows()
    assert first == second


def test_attempts_in_another_order_than_they_were_received_in_are_noted():
    early, late = (
        frame({"id": "a", "type": "clinic", "status": "SUCCESS", "received_at": at(second)})
        for second in (0, 60)
    )
    untimed = early.with_columns(received_at=pl.lit(None, TIME))
    noted = {True: (late, early), False: (early, late)}
    for expected, pair in noted.items():
        notes = compare_bulks(*pair).notes
        assert any("check their order" in note for note in notes) is expected
    for pair in ((early, early), (late, untimed), (untimed, early), (early, untimed, late)):
        assert not any("check their order" in note for note in compare_bulks(*pair).notes)
