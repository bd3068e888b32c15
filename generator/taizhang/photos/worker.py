"""The process in which photos are decoded: `python -m taizhang.photos.worker`, started by `photos`,
with the seconds of processor time for all photos together, if they are bounded.

It reads photos from its standard input and answers each on its standard output, both preceded by their length. Whatever
a photo does to it, it may neither write a file, nor take more than MEMORY, nor go on for more than SECONDS.
"""

from __future__ import annotations

import json
import resource
import signal
import sys

from taizhang.photos.cleaning import ImageRefused, clean

MEMORY = 1024**3
"""Bytes of address space."""
SECONDS = 10
"""Of processor time for each photo: a busy machine makes no photo unsound."""
PICTURE, FAULT = b"+", b"-"
"""What an answer begins with."""
LENGTH = 4
"""Bytes in which a length is written."""


def framed(data: bytes) -> bytes:
    """Data preceded by its length."""
    return len(data).to_bytes(LENGTH) + data


def _answer(raw: bytes) -> bytes:
    try:
        return PICTURE + clean(raw)
    except ImageRefused as refused:
        return FAULT + json.dumps(refused.fault).encode()


def _work() -> None:
    for limit, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0)):
        resource.setrlimit(limit, (most, most))
    for together in sys.argv[1:]:
        resource.setrlimit(resource.RLIMIT_CPU, (int(together), int(together)))
    # Not a handler in Python, which would wait for the decoder: the signal ends the process.
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    while length := requests.read(LENGTH):
        raw = requests.read(int.from_bytes(length))
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
        answers.write(framed(_answer(raw)))
        answers.flush()
        signal.setitimer(signal.ITIMER_PROF, 0)


if __name__ == "__main__":
    _work()
