"""`make bench`: how fast records are read and judged, and what a stamped page costs.

Options: --organisations N --hazards N --seed N choose the synthetic campaign; --repeat N the runs, of which
the fastest counts.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from datetime import date
from pathlib import Path

from bench.intake import measure_intake
from bench.pages import measure_pages
from bench.timing import Row, show
from generator.simulate import synthetic

ROOT = Path(__file__).parent.parent
AT = date(2024, 1, 31)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--organisations", type=int, default=60)
    parser.add_argument("--hazards", type=int, default=1500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--repeat", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        checkout(root, options.organisations, options.hazards, options.seed)
        rows: list[Row] = [*measure_intake(root, AT, options.repeat), *measure_pages(root, AT, options.repeat)]
    print(f"synthetic campaign: {options.organisations} organisations, {options.hazards} hazards, seed {options.seed}")
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
