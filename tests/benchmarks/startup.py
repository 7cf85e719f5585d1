"""How long starting takes, beside the imports that everyone waits for.

``python tests/benchmarks/startup.py [ROUNDS]`` prints a table: the median seconds and processor
seconds of each command in processes of their own, taken in turn, and the ratio to its yardstick.
Each is run once before, so that all modules are compiled, as they are after an installation.
"""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time

COMMAND = "import sys; from clinia_nb.cli import main; sys.argv[1:] = {}; sys.exit(main())"
NUMERIC, DRAWING = "import polars, requests", "import altair"
CASES = {
    NUMERIC: (NUMERIC, None),
    "import clinia_nb": ("import clinia_nb", NUMERIC),
    "clinia-nb show --sandbox": (COMMAND.format(["show", "--sandbox"]), NUMERIC),
    DRAWING: (DRAWING, None),
    "clinia-nb report --sandbox": (COMMAND.format(["report", "--sandbox", "-o", "-"]), DRAWING),
}


def measure(code, compiled):
    environment = os.environ | {"PYTHONPYCACHEPREFIX": compiled}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    command = [sys.executable, "-c", code]
    subprocess.run(command, stdout=subprocess.DEVNULL, check=False, env=environment)
    after, ended = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    worked = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return ended - begun, worked


def medians(rounds):
    """Return the seconds and the processor seconds of each command."""
    taken = {name: [] for name in CASES}
    with tempfile.TemporaryDirectory() as compiled:
        for turn in range(rounds + 1):
            for name, (code, _) in CASES.items():
                figures = measure(code, compiled)
                if turn:
                    taken[name].append(figures)
    return {
        name: tuple(statistics.median(pair[i] for pair in pairs) for i in (0, 1))
        for name, pairs in taken.items()
    }


def main(rounds):
    found = medians(rounds)
    print(f"{'':30}{'seconds':>9}{'ratio':>7}{'processor':>11}{'ratio':>7}")
    for name, (_, yardstick) in CASES.items():
        (seconds, worked), base = found[name], found[yardstick or name]
        print(
            f"{name:30}{seconds:9.2f}{seconds / base[0]:7.2f}{worked:11.2f}{worked / base[1]:7.2f}"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 7)
