"""Compare `message_signatures` with drain3, a streaming log-template miner.

First time, memory and groups: each way in a process of its own on the same messages, made by seven
templates. Then accuracy, on the labelled messages of invented systems in the tests: the share of
messages whose group is exactly the true group, averaged over the systems. Last, stability: the
share of messages with the same signature in a random half of a system as in the whole.

    python tests/benchmarks/signatures.py [MESSAGES ...]        needs `pip install '.[bench]'`
    python tests/benchmarks/signatures.py --unstable first      which signatures differ, and how
"""

import json
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from pathlib import Path

import psutil

WAYS = ("drain3", "message_signatures")
SITES = ("Harbour Dental", "Centre Santé Nord", "St. Mary's Hospital", "Clinique du Parc")
FIELDS = ("period.start", "period.end", "validFrom")
REGIONS = [f"region-{name}" for name in "abcdefghijklmnop"]


def messages(count):
    chance = random.Random(7)

    def identifier():
        return str(uuid.UUID(int=chance.getrandbits(128)))

    templates = (
        lambda: f"resource 'clinic' with id '{identifier()}' does not exist in source 'ehr-prod'",
        lambda: (
            f"relationship between '{identifier()}' and '{identifier()}' already exists "
            f"(version {chance.randrange(400)})"
        ),
        lambda: (
            f"upstream registry-{chance.randrange(1, 9)} timed out after "
            f"{chance.randrange(30_000, 31_000)} ms (request {chance.getrandbits(64):016x})"
        ),
        lambda: f'not allowed to write to "{chance.choice(SITES)}" in {chance.choice(REGIONS)}',
        lambda: (
            f"validation failed: {chance.choice(FIELDS)} is no date: "
            f"{chance.randrange(1, 29):02d}/{chance.randrange(1, 13):02d}/2025"
        ),
        lambda: (
            f"connection to 10.{chance.randrange(256)}.{chance.randrange(256)}.7:5432 refused "
            f"at 2026-03-09T21:{chance.randrange(60):02d}:17.{chance.randrange(1000):03d}Z"
        ),
        lambda: f"wrote /var/spool/{chance.getrandbits(40):x}.json ({chance.randrange(900)} KB)",
    )
    return [template() for template in chance.choices(templates, (40, 20, 15, 8, 7, 6, 4), k=count)]


def drained(texts):
    from drain3 import TemplateMiner
    from drain3.template_miner_config import TemplateMinerConfig

    miner = TemplateMiner(config=TemplateMinerConfig())
    return [str(miner.add_log_message(text)["cluster_id"]) for text in texts]


def signed(texts):
    import polars as pl

    from clinia_nb.signatures.sign import message_signatures

    return message_signatures(pl.Series(texts)).fill_null("").to_list()


GROUP = dict(zip(WAYS, (drained, signed), strict=True))


def measure(way, path):
    """Run one way in this process; print its seconds, its peak memory in MB and its groups."""
    texts = json.loads(Path(path).read_bytes())
    group = GROUP[way]
    group(texts[:1_000])
    process, over, peaks = psutil.Process(), threading.Event(), [0]

    def watch():
        while not over.wait(0.01):
            peaks.append(process.memory_info().rss)

    before = process.memory_info().rss
    watcher = threading.Thread(target=watch)
    watcher.start()
    started = time.perf_counter()
    groups = group(texts)
    seconds = time.perf_counter() - started
    over.set()
    watcher.join()
    print(json.dumps([seconds, max(max(peaks) - before, 0) / 1e6, len(set(groups))]))


def main(counts):
    print("| messages | way | seconds | peak memory, MB | groups |\n|---:|---|---:|---:|---:|")
    for count in counts:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "messages.json"
            path.write_text(json.dumps(messages(count)), encoding="utf-8")
            figures = []
            for way in WAYS:
                command = [sys.executable, __file__, "--measure", way, str(path)]
                out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
                figures.append(json.loads(out))
                seconds, memory, groups = figures[-1]
                print(f"| {count:,} | `{way}` | {seconds:.2f} | {memory:.0f} | {groups} |")
            (slow, *_), (fast, *_) = figures
            print(f"| | speed, in times of `drain3` | {slow / fast:.1f} | | |", flush=True)


def labelled():
    """Return the labelled messages of the tests: each collection, by system."""
    from support.message_corpora import corpora
    from support.message_fresh import fresh
    from support.message_halves import halves
    from support.message_holdout import holdout
    from support.message_unseen import unseen

    makers = (corpora, holdout, fresh, halves, unseen)
    names = ("first", "second", "fresh", "halves", "unseen")
    return [(name, made()) for name, made in zip(names, makers, strict=True)]


def accuracies():
    from support.grouping import accuracy

    print("\n| labelled messages | `drain3` | `message_signatures` |\n|---|---:|---:|")
    for name, made in labelled():
        figures = [
            statistics.mean(
                accuracy([label for _, label in rows], group([message for message, _ in rows]))
                for rows in made.values()
            )
            for group in GROUP.values()
        ]
        count = f"{name}: {len(made)} systems, {sum(map(len, made.values())):,} messages"
        print(f"| {count} | {figures[0]:.3f} | {figures[1]:.3f} |", flush=True)


def stabilities():
    """Print the share of messages with the same signature in two random halves and in the whole."""
    from support.grouping import rows_of, stability

    print("\n| labelled messages | without a catalog | with a catalog |\n|---|---:|---:|")
    for name, made in labelled():
        alone, known = stability(rows_of(made))
        print(f"| {name} | {alone:.3f} | {known:.3f} |", flush=True)


def list_unstable(name):
    """Print the signatures of messages that differ between a half and the whole."""
    from support.grouping import rows_of, unstable

    for row in unstable(rows_of(dict(labelled())[name])).iter_rows(named=True):
        print("{messages} in {system}\n  {half}\n  {whole}\n  {example}".format_map(row))


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent.parent))  # for `support`
    if sys.argv[1:2] == ["--measure"]:
        measure(*sys.argv[2:4])
    elif sys.argv[1:2] == ["--unstable"]:
        list_unstable(sys.argv[2])
    else:
        main([int(argument) for argument in sys.argv[1:]] or [10_000, 100_000, 1_000_000])
        accuracies()
        stabilities()
