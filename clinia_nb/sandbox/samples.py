"""The sample answers on disk, and their index."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

import msgspec

from clinia_nb.errors import SettingsError

_REVEAL_SECONDS = 6


@dataclass(frozen=True)
class Sample:
    """A sample answer on disk, as the index lists it."""

    name: str
    title: str
    source_key: str
    bulk_id: str
    kind: str
    file: str
    reveal_seconds: float = 0

    @property
    def path(self) -> Path:
        """The file."""
        return samples_folder() / self.file


def samples_folder() -> Path:
    """Return the folder of the samples: inside the package in a wheel, else ``data/samples``.

    Raises
    ------
    SettingsError
        There is no such folder.
    """
    here = Path(__file__).parents[1]
    for folder in (here / "_samples", here.parent / "data" / "samples"):
        if folder.is_dir():
            return folder
    raise SettingsError("The samples are missing from this installation. Install clinia-nb again.")


def list_samples() -> tuple[Sample, ...]:
    """List the sample answers on disk.

    >>> list_samples()[0].name
    'documented'
    """
    index = samples_folder() / "index.json"
    return tuple(msgspec.json.decode(index.read_bytes(), type=list[Sample]))


def write_samples(folder: Path) -> None:
    """Write the generated samples and the index; hand-written samples are left unchanged."""
    from .generator import SCENARIOS, generate_bulk  # rarely needed

    folder.mkdir(parents=True, exist_ok=True)
    index = [
        Sample("documented", "The documentation's own example", "docs-example",
               "bk_2wil2vg5uqi08x1aet097gLW8DP", "relationships", "documented.json"),
        Sample("live", "A live answer of the tasks endpoint", "clinic-registry",
               "bk_2wil2vg5uqi08x1aet097gLW8DO", "tasks", "live.json"),
    ]  # fmt: skip
    for scenario in SCENARIOS:
        bulk = generate_bulk(scenario)
        file = f"{scenario}.json"
        (folder / file).write_bytes(bulk.body)
        reveal = _REVEAL_SECONDS if scenario == "pending" else 0
        index.append(
            Sample(scenario, bulk.title, bulk.source_key, bulk.bulk_id, bulk.kind, file, reveal)
        )
    text = json.dumps([asdict(sample) for sample in index], indent=2)
    (folder / "index.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    write_samples(Path(sys.argv[1]))
