"""Reading and judging: records per second, beside PyYAML's own safe loader on the same bytes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import yaml

from bench.timing import Measurement, fastest
from taizhang.intake.strict_yaml import REGISTER, load
from taizhang.workspace import Workspace


def measure_intake(root: Path, at: date, repeat: int) -> Iterator[Measurement]:
    workspace = Workspace(root)
    examination = workspace.examine(at)
    count = len(examination.intake.records)
    raw = [(root / record.path).read_bytes() for record in examination.intake.records]

    plain = fastest(lambda: [yaml.load(text, Loader=yaml.CSafeLoader) for text in raw], repeat)
    strict = fastest(lambda: [load(text, REGISTER) for text in raw], repeat)
    judged = fastest(lambda: workspace.examine(at), repeat)
    yield Measurement("records", count, "files")
    yield Measurement(
        "strict loader", count / strict, "records/s", f"{strict / plain:.2f} x the time of yaml.CSafeLoader"
    )
    yield Measurement(
        "read, validate and judge everything", count / judged, "records/s", f"{judged / strict:.2f} x the loader"
    )
