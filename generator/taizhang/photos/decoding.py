"""Photos decoded at a distance: in a process that may die of them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, cast

import taizhang
from taizhang.findings import Finding
from taizhang.intake.attachments import LARGEST, AttachmentFault, broken, fault_of
from taizhang.intake.source import Source
from taizhang.photos import worker as photo_worker
from taizhang.photos.cleaning import ImageRefused
from taizhang.photos.pictures import Picture, picture
from taizhang.photos.worker import LENGTH, PICTURE, framed


class PhotoDecoder:
    """Where photos are decoded: one process for many photos, started for the first and again after one that ended it.

    Use it as a context; it ends with its process.
    """

    def __init__(self, seconds: int | None = None) -> None:
        """`seconds` of processor time are all that the photos of one process may take together."""
        self._limits = () if seconds is None else (str(seconds),)
        self._worker: subprocess.Popen[bytes] | None = None
        self.has_died = False
        """Whether a photo has ever taken more time or memory than there is."""

    def __enter__(self) -> PhotoDecoder:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._end()

    def clean(self, raw: bytes) -> bytes:
        """As `cleaning.clean`, in at most 10 seconds of processor time and 1 GiB. Raises ImageRefused."""
        answer = self._ask(raw)
        if answer is None:
            self._end()
            self.has_died = True
            raise ImageRefused(broken("打开这张照片要占用太多时间或内存，已停止"))
        if not answer.startswith(PICTURE):
            raise ImageRefused(AttachmentFault(*json.loads(answer[1:])))
        return answer[1:]

    def _ask(self, raw: bytes) -> bytes | None:
        """The worker's answer, or None where it died."""
        self._worker = self._worker or _start(*self._limits)
        requests, answers = cast(IO[bytes], self._worker.stdin), cast(IO[bytes], self._worker.stdout)
        try:
            requests.write(framed(raw))
            requests.flush()
        except BrokenPipeError:
            return None
        length = answers.read(LENGTH)
        return answers.read(int.from_bytes(length)) if len(length) == LENGTH else None

    def _end(self) -> None:
        if self._worker:
            self._worker.kill()
            self._worker.communicate()
            self._worker = None


def _start(*limits: str) -> subprocess.Popen[bytes]:
    package = str(Path(taizhang.__file__).parents[1])
    return subprocess.Popen(
        [sys.executable, "-P", "-m", photo_worker.__name__, *limits],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"PYTHONPATH": package},
    )


def image_findings(path: str, raw: bytes, decoder: PhotoDecoder) -> Iterator[Finding]:
    """What is wrong with the attachment at `path`, whole: a photo is decoded to its last line.

    `path` is one that `records` takes for an attachment.
    """
    try:
        _cleaned(path, raw, decoder)
    except ImageRefused as refused:
        yield refused.fault.finding(path)


def clean_photos(source: Source, paths: Iterable[str]) -> tuple[Mapping[str, Picture], Sequence[Finding]]:
    """The cleaned copies of photos by their paths, and what is wrong with those that have none."""
    pictures: dict[str, Picture] = {}
    findings: list[Finding] = []
    with PhotoDecoder() as decoder:
        for path in sorted(set(paths)):
            try:
                pictures[path] = picture(_cleaned(path, source.head(path, LARGEST + 1), decoder))
            except ImageRefused as refused:
                findings.append(refused.fault.finding(path))
    return pictures, findings


def _cleaned(path: str, raw: bytes, decoder: PhotoDecoder) -> bytes:
    """A photo's cleaned copy; nothing for another attachment that is sound. Raises ImageRefused."""
    fault = fault_of(path, len(raw), raw)
    if fault:
        raise ImageRefused(fault)
    return b"" if path.endswith(".pdf") else decoder.clean(raw)
