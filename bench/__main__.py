"""`make bench`: how fast records are read and judged, what a stamped page costs, how fast the gate answers.

Options: --organisations N --hazards N --seed N choose the synthetic campaign, --gate-organisations N --gate-hazards N
the one in whose repository the gate is measured (7900 hazards make 60,000 records; 0 leaves the gate out); --repeat N
the runs, of which the fastest counts.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

from bench.gate import measure_gate
from bench.intake import measure_intake
from bench.pages import measure_pages
from bench.simulate import synthetic
from bench.timing import Measurement, show

ROOT = Path(__file__).parent.parent
AT = date(2024, 1, 31)
Measure = Callable[[Path, date, int], Iterable[Measurement]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--organisations", type=int, default=60)
    parser.add_argument("--hazards", type=int, default=1500)
    parser.add_argument("--gate-organisations", type=int, default=540)
    parser.add_argument("--gate-hazards", type=int, default=7900)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--repeat", type=int, default=3)
    options = parser.parse_args()
    size, large = (options.organisations, options.hazards), (options.gate_organisations, options.gate_hazards)
    _section(size, options, measure_intake, measure_pages)
    if options.gate_hazards:
        _section(large, options, measure_gate)


def _section(size: tuple[int, int], options: argparse.Namespace, *measures: Measure) -> None:
    organisations, hazards = size
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        checkout(root, organisations, hazards, options.seed)
        rows = [row for measure in measures for row in measure(root, AT, options.repeat)]
    print(f"synthetic campaign: {organisations} organisations, {hazards} hazards, seed {options.seed}")
    show(rows)


def checkout(root: Path, organisations: int, hazards: int, seed: int) -> None:
    """A checkout below `root` whose submissions are one synthetic campaign."""
    for name in ("schemas", "site"):
        shutil.copytree(ROOT / name, root / name)
    for name in ("criteria", "calendar"):
        shutil.copytree(ROOT / "submissions" / name, root / "submissions" / name)
    shutil.copy(ROOT / "mkdocs.yml", root / "mkdocs.yml")
    for path, text in synthetic(organisations, hazards, seed=seed):
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
