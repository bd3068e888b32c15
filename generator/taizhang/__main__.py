"""`python -m taizhang`, or `python -I <checkout>/generator/taizhang/__main__.py`, which runs what lies there.

Workflows and hooks use the latter: whatever else is installed or lies in the current folder does not count.
"""

import sys
from pathlib import Path

if not __package__:
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from taizhang.cli import main

main(prog_name="taizhang")
