"""Photos: what is refused, what is published, and that of a published photo nothing is left but what can be seen."""

from __future__ import annotations

import io
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from checkout import checkout, taizhang
from hypothesis import given, settings
from hypothesis import strategies as st
from pictures import (
    BLUE,
    GREEN,
    GREY,
    MARKERS,
    RED,
    SOUND,
    blank_png,
    frames,
    huge_jpeg,
    jpeg,
    marked_jpeg,
    marked_png,
    png,
    png_of,
    saved,
    scene,
    segment,
    text_bomb,
    zipped,
)
from PIL import Image, ImageChops
from support import CAMPAIGN, FUZZ, KINDS, RECORDS, ROOT, MemorySource, Tree

from taizhang.disclosure.photos import published_files
from taizhang.disclosure.public import campaign_view
from taizhang.findings import word, worded
from taizhang.findings.formats import as_text
from taizhang.intake.attachments import HEAD, JPEG, dimensions, fault_of
from taizhang.intake.records import read_tree
from taizhang.intake.source import FileEntry, FolderSource
from taizhang.photos import decoding as photos
from taizhang.photos.cleaning import EDGE, ImageRefused, clean
from taizhang.photos.decoding import PhotoDecoder, clean_photos, image_findings
from taizhang.photos.pictures import picture

FOLDER = f"submissions/{CAMPAIGN}/east-hospital/files"

BAD: Mapping[str, tuple[str, str, Callable[[], bytes]]] = {
    "118-bomb-81-megapixels": ("a.png", "E-IMG-BOMB", lambda: blank_png(9_000, 9_000)),
    "119-bomb-400-megapixels": ("a.png", "E-IMG-BOMB", lambda: blank_png(20_000, 20_000)),
    "119-bomb-in-a-header": ("a.png", "E-IMG-BOMB", lambda: png_of(2**31 - 1, 2**31 - 1, b"", b"")),
    "119-shape-of-no-camera": ("a.png", "E-IMG-RATIO", lambda: blank_png(2_100, 100)),
    "119-shape-of-no-camera-jpeg": ("a.jpg", "E-IMG-RATIO", lambda: huge_jpeg(100, 2_100)),
    "119-bomb-jpeg": ("a.jpg", "E-IMG-BOMB", lambda: huge_jpeg(65_500, 65_500)),
    "119-bomb-jpeg-late": ("a.jpg", "E-IMG-BOMB", lambda: huge_jpeg(9_000, 9_000, segment(0xEB, bytes(60_000)) * 2)),
    "120-text-of-200-megabytes": ("a.png", "E-IMG-BROKEN", text_bomb),
    "121-svg": ("a.jpg", "E-IMG-TYPE", lambda: b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
    "122-eps": ("a.jpg", "E-IMG-TYPE", lambda: saved(scene(), "EPS")),
    "123-html": ("a.jpg", "E-IMG-TYPE", lambda: b"\xef\xbb\xbf\n<!DOCTYPE html><script>alert(1)</script>"),
    "123-gif-that-is-a-script": ("a.png", "E-IMG-TYPE", lambda: b"GIF89a/*" + bytes(20) + b"*/=1;alert(1)"),
    "124-truncated-jpeg": ("a.jpg", "E-IMG-BROKEN", lambda: jpeg()[:-300]),
    "124-truncated-png": ("a.png", "E-IMG-BROKEN", lambda: png()[:-60]),
    "124-header-only": ("a.jpg", "E-IMG-BROKEN", lambda: b"\xff\xd8\xff"),
    "125-zero": ("a.jpg", "E-IMG-BROKEN", lambda: b""),
    "126-apng": ("a.png", "E-IMG-FRAMES", lambda: frames("PNG")),
    "127-mpo": ("a.jpg", "E-IMG-FRAMES", lambda: frames("MPO")),
    "128-png-named-jpg": ("a.jpg", "E-IMG-TYPE", png),
    "128-jpeg-named-png": ("a.png", "E-IMG-TYPE", jpeg),
    "128-tiff": ("a.jpg", "E-IMG-TYPE", lambda: saved(scene(), "TIFF")),
    "128-webp": ("a.jpg", "E-IMG-TYPE", lambda: saved(scene(), "WEBP")),
    "128-heic": ("a.jpg", "E-IMG-TYPE", lambda: b"\0\0\0\x24ftypheic" + bytes(40)),
    "128-word-named-pdf": ("a.pdf", "E-IMG-TYPE", zipped),
    "too-large-photo": ("a.jpg", "E-IMG-SIZE", lambda: jpeg() + bytes(10 * 2**20)),
    "too-large-pdf": ("a.pdf", "E-IMG-SIZE", lambda: b"%PDF-1.7" + bytes(10 * 2**20)),
}
"""By their row in the corpus: the name, the rule that is broken, how to make it."""

BEYOND_THE_HEAD = {"119-bomb-jpeg-late", "120-text-of-200-megabytes", "126-apng", "127-mpo"} | {
    f"124-{name}" for name in ("truncated-jpeg", "truncated-png", "header-only")
}
"""What only decoding tells."""
PUBLISHED = "build/site/photos"


@pytest.fixture(scope="module")
def decoder() -> Iterator[PhotoDecoder]:
    with PhotoDecoder() as room:
        yield room


def opened(raw: bytes) -> Image.Image:
    """A cleaned copy, decoded. Nothing may stand beside its pixels."""
    image = Image.open(io.BytesIO(raw))
    image.load()
    assert image.format == "JPEG"
    assert image.mode == "RGB"
    assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert not image.getexif()
    assert raw.endswith(b"\xff\xd9")
    return image


def quarters(image: Image.Image) -> list[tuple[int, ...]]:
    """The colours in the middle of the four quarters, line by line."""
    w, h = image.size
    return [image.getpixel((w * x // 4, h * y // 4)) for y in (1, 3) for x in (1, 3)]  # type: ignore[misc]


def alike(found: tuple[int, ...], wanted: tuple[int, ...]) -> bool:
    return all(abs(a - b) < 12 for a, b in zip(found, wanted, strict=True))


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_single_sound_photo_is_refused(name: str, decoder: PhotoDecoder) -> None:
    file, code, make = BAD[name]
    (item,) = image_findings(f"{FOLDER}/{file}", make(), decoder)
    assert (item.code, item.file) == (code, f"{FOLDER}/{file}"), as_text(worded([item]))
    assert len(word(item).message) <= 300
    assert (word(item).message + word(item).fix).isprintable()


@pytest.mark.parametrize("name", BAD)
def test_checking_all_submissions_reads_no_more_than_the_beginning(name: str) -> None:
    """Whatever the first bytes tell is told by `taizhang check`, without decoding; the rest is told by the gate."""
    file, code, make = BAD[name]
    source = MemorySource({f"{FOLDER}/{file}": make()})
    intake = read_tree(source, KINDS)
    assert source.reads == []
    assert [f.code for f in intake.findings] == ([] if name in BEYOND_THE_HEAD else [code])
    assert intake.files == {f"{FOLDER}/{file}"}


def test_a_file_that_is_too_large_is_not_read_at_all() -> None:
    path = f"{FOLDER}/scan.pdf"
    source = MemorySource({}, (FileEntry(path, 2**30),))
    (item,) = read_tree(source, KINDS).findings
    assert item.code == "E-IMG-SIZE"
    assert "1024.0 MB" in word(item).found


def test_no_more_than_the_head_is_read_from_disk(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(jpeg() + bytes(3 * HEAD))
    assert FolderSource(tmp_path).head("a.jpg", HEAD) == (jpeg() + bytes(HEAD))[:HEAD]
    assert FolderSource(tmp_path).head("a.jpg", 3) == b"\xff\xd8\xff"


def test_a_sound_pdf_passes(decoder: PhotoDecoder) -> None:
    assert list(image_findings(f"{FOLDER}/plan.pdf", b"%PDF-1.7\n%%EOF", decoder)) == []


@pytest.mark.parametrize("name", SOUND)
def test_sound_photos_are_published_and_clean(name: str, decoder: PhotoDecoder) -> None:
    raw = SOUND[name]()
    path = f"{FOLDER}/a.{'jpg' if raw.startswith(JPEG) else 'png'}"
    assert list(image_findings(path, raw, decoder)) == []
    copy = decoder.clean(raw)
    image = opened(copy)
    assert max(image.size) <= EDGE
    assert dimensions(copy) == image.size
    assert copy == decoder.clean(raw) == clean(raw), "equal photos give equal bytes"


@pytest.mark.requirement("A46")
@pytest.mark.parametrize("make", [marked_jpeg, marked_png])
def test_nothing_is_left_of_what_a_photo_carries(make: Any) -> None:
    raw = make()
    planted = [mark for mark in MARKERS if mark.encode() in raw]
    assert len(planted) >= 4, "the test can fail"
    copy = clean(raw)
    assert b"zc-" not in copy
    assert b"Exif" not in copy
    assert b"PK\x03\x04" not in copy
    assert b"ICC_PROFILE" not in copy


@pytest.mark.parametrize("orientation", range(1, 9))
def test_photos_stand_upright(orientation: int) -> None:
    """However the phone was held, the scene is published as it was seen."""
    notes = Image.Exif()
    notes[0x0112] = orientation
    held = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    image = scene().transpose(held[orientation]) if orientation in held else scene()
    upright = opened(clean(jpeg(image, exif=notes)))
    assert upright.size == (64, 48)
    assert all(map(alike, quarters(upright), (RED, GREEN, BLUE, GREY)))


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [
        (jpeg(scene().convert("CMYK")), (RED, GREEN, BLUE, GREY)),
        (png(scene().quantize(16)), (RED, GREEN, BLUE, GREY)),
        (png(Image.new("RGBA", (64, 48), (255, 0, 0, 0))), ((255, 255, 255),) * 4),
        (png(Image.new("LA", (64, 48), (0, 0))), ((255, 255, 255),) * 4),
    ],
    ids=["cmyk", "palette", "transparent", "transparent-grey"],
)
def test_colours_stay_what_they_were(raw: bytes, wanted: tuple[tuple[int, ...], ...]) -> None:
    assert all(map(alike, quarters(opened(clean(raw))), wanted))


def test_sixteen_bits_keep_their_greys() -> None:
    image = opened(clean(SOUND["sixteen-bits"]()))
    greys = [image.getpixel((x, 20))[0] for x in (1, 31, 62)]  # type: ignore[index]
    assert greys[0] < 12
    assert 110 < greys[1] < 140
    assert greys[2] > 240


def test_large_photos_are_made_small_and_keep_their_shape() -> None:
    image = opened(clean(jpeg(scene(4000, 3000))))
    assert image.size == (1600, 1200)
    assert opened(clean(png(scene(300, 3200)))).size == (150, 1600)
    assert opened(clean(jpeg(scene(640, 480)))).size == (640, 480), "small ones are not blown up"
    small = scene(1600, 1200)
    assert ImageChops.difference(image, small).resize((1, 1)).getpixel((0, 0)) < (4, 4, 4)


@given(st.binary(max_size=80))
def test_any_bytes_are_judged_by_their_beginning(raw: bytes) -> None:
    for lead in (b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"%PDF-"):
        for name in ("a.jpg", "a.png", "a.pdf"):
            fault = fault_of(name, len(lead + raw), lead + raw)
            assert fault is None or fault.finding(name).code == fault.code


SEEDS = (marked_jpeg(), jpeg(progressive=True), marked_png(), png(scene().quantize(8)))


@settings(max_examples=150 * FUZZ)
@given(st.sampled_from(SEEDS), st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), max_size=12), st.data())
def test_mutated_photos_are_cleaned_or_refused(
    seed: bytes, changes: list[tuple[int, int]], data: st.DataObject
) -> None:
    """Nothing but ImageRefused ever comes out of hostile bytes, and nothing planted gets through."""
    raw = bytearray(seed)
    for at, value in changes:
        raw[at % len(raw)] = value
    cut = data.draw(st.integers(0, len(raw)))
    for hostile in (bytes(raw), bytes(raw[:cut])):
        try:
            copy = clean(hostile)
        except ImageRefused as refused:
            refused.fault.finding("a.jpg")
        else:
            assert opened(copy).size == dimensions(copy)
            assert b"zc-" not in copy


class TestDarkroom:
    """Decoding in a process of its own, with little time and memory."""

    def test_its_process_is_bounded(self, decoder: PhotoDecoder) -> None:
        decoder.clean(jpeg())
        assert decoder._worker
        limits = Path(f"/proc/{decoder._worker.pid}/limits").read_text(encoding="ascii")
        found = {line[:26].strip(): line[26:].split()[:2] for line in limits.splitlines()}
        assert found["Max address space"] == [str(2**30)] * 2
        assert found["Max file size"] == ["0", "0"]
        assert found["Max core file size"] == ["0", "0"]
        assert found["Max cpu time"] == ["unlimited"] * 2

    def test_its_process_is_bounded_as_a_whole(self) -> None:
        with PhotoDecoder(7) as room:
            room.clean(jpeg())
            assert room._worker
            limits = Path(f"/proc/{room._worker.pid}/limits").read_text(encoding="ascii")
        assert re.search(r"^Max cpu time +7 +7 ", limits, re.MULTILINE)

    def test_a_busy_machine_makes_no_photo_unsound(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """What counts is the time of the processor, not of the clock."""
        slow = "lambda raw: __import__('time').sleep(2) or raw"
        program = f"import taizhang.photos.worker as w; w.SECONDS = 1; w.clean = {slow}; w._work()"
        command, pipe = [sys.executable, "-c", program], subprocess.PIPE
        monkeypatch.setattr(photos, "_start", lambda: subprocess.Popen(command, stdin=pipe, stdout=pipe))
        with PhotoDecoder() as room:
            assert room.clean(b"raw") == b"raw"
            assert not room.has_died

    def test_one_process_serves_many_photos_and_ends_with_the_darkroom(self) -> None:
        with PhotoDecoder() as room:
            assert room._worker is None, "nothing is started before it is needed"
            room.clean(jpeg())
            first = room._worker
            with pytest.raises(ImageRefused):
                room.clean(b"\xff\xd8\xff")
            room.clean(png())
            assert room._worker is first
        assert first
        assert first.returncode is not None

    def test_a_process_that_dies_costs_one_photo(self) -> None:
        with PhotoDecoder() as room:
            room.clean(jpeg())
            assert room._worker
            os.kill(room._worker.pid, signal.SIGKILL)
            room._worker.wait()
            with pytest.raises(ImageRefused):
                room.clean(jpeg())
            assert room.has_died
            assert room.clean(jpeg()) == clean(jpeg())

    @pytest.mark.parametrize(
        "decoder",
        ["__import__('hashlib').pbkdf2_hmac('sha256', raw, raw, 10**9)", "bytes(2**31)", "open('x', 'wb').write(raw)"],
        ids=["never-ends", "takes-all-memory", "writes-a-file"],
    )
    def test_what_a_decoder_may_do_is_bounded(
        self, decoder: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        """A decoder that a photo took over ends by the system's hand, not by its own."""
        program = f"import taizhang.photos.worker as w; w.SECONDS = 1; w.clean = lambda raw: {decoder}; w._work()"

        def start() -> subprocess.Popen[bytes]:
            command, pipe = [sys.executable, "-c", program], subprocess.PIPE
            env = {"PYTHONPATH": str(ROOT)}
            return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, cwd=tmp_path, env=env)

        monkeypatch.setattr(photos, "_start", start)
        with PhotoDecoder() as room, pytest.raises(ImageRefused) as refused:
            room.clean(jpeg())
        assert refused.value.fault.code == "E-IMG-BROKEN"
        assert sum(file.stat().st_size for file in tmp_path.iterdir()) == 0


BEFORE, AFTER = f"submissions/{CAMPAIGN}/bureau/files/geheim-before.jpg", f"{FOLDER}/geheim-after.png"


def shown(file: str, stage: str, **more: object) -> dict[str, object]:
    return {"file": file, "stage": stage, "caption": f"二楼出口 {stage} <b>", "no_person_no_document": True, **more}


def exposed(*steps: dict[str, Any], **more: Any) -> Tree:
    """A published exposure with a photo of the office and one of the unit, full of what must not be published."""
    tree = Tree()
    tree.files[BEFORE] = marked_jpeg()
    tree.files[AFTER] = marked_png()
    tree.files[f"{FOLDER}/evidence.jpg"] = jpeg(scene(100, 100))
    tree.add("east-hospital", "hazards", evidence=["evidence.jpg"])
    tree.add("bureau", "determinations")
    taken = [shown("east-hospital/geheim-after.png", "after"), shown("bureau/geheim-before.jpg", "before")]
    fields = {"photos": taken, "steps": [*RECORDS["exposures"]["steps"], *steps], **more}
    tree.add("bureau", "exposures", **fields)
    return tree


RECTIFIED = {"step": "rectified", "dated": "2023-07-20", "by": "bureau"}
WITHDRAWN = {"step": "withdrawn", "dated": "2023-07-25", "by": "bureau", "note": "单位有误"}


def labels(tree: Tree, at: date) -> list[str]:
    ledger = tree.ledger(at)
    source = tree.source()
    pictures, findings = clean_photos(source, published_files(ledger))
    assert findings == []
    return [p.label for e in campaign_view(ledger, KINDS, pictures).exposures for p in e.photos]


@pytest.mark.requirement("A46")
def test_photos_appear_with_the_exposure_and_go_with_it() -> None:
    tree = exposed(RECTIFIED, WITHDRAWN)
    assert list(published_files(tree.ledger(date(2023, 7, 10)))) == [], "not published yet, so not even decoded"
    assert labels(tree, date(2023, 7, 11)) == ["整改前"]
    assert labels(tree, date(2023, 7, 20)) == ["整改前", "整改后"]
    assert list(published_files(tree.ledger(date(2023, 7, 25)))) == []
    assert labels(tree, date(2023, 7, 25)) == []


def test_a_photo_without_copy_is_not_shown() -> None:
    (view,) = campaign_view(exposed().ledger(), KINDS).exposures
    assert view.photos == ()


def test_the_address_tells_nothing_but_the_bytes() -> None:
    copy = picture(clean(jpeg()))
    assert copy == picture(clean(jpeg()))
    assert copy.href != picture(clean(jpeg(scene(50, 50)))).href
    assert (copy.width, copy.height) == (64, 48)
    with pytest.raises(ValueError, match="cleaned"):
        picture(b"")


def files_of(folder: Path) -> dict[str, bytes]:
    return {f.relative_to(folder).as_posix(): f.read_bytes() for f in folder.rglob("*") if f.is_file()}


@pytest.mark.requirement("A46")
def test_only_cleaned_copies_reach_the_site(tmp_path: Path) -> None:
    root = checkout(tmp_path, exposed(RECTIFIED).bulletins_from("2023-12-18"))
    built = taizhang(root, "build", "--today", "2024-03-01")
    assert built.exit_code == 0, built.output
    site = files_of(root / "build/site")
    wanted = {picture(clean(make())).href for make in (marked_jpeg, marked_png)}
    assert {name for name in site if name.startswith("photos/")} == wanted, "and no evidence that nobody published"
    for name, raw in site.items():
        assert not any(marker.encode() in raw for marker in MARKERS), name
        assert b"geheim" not in raw, name
    page = site[f"exposures/{CAMPAIGN}/2023-001/index.html"].decode()
    for href in wanted:
        assert f'src="../../../{href}"' in page
    assert 'alt="二楼出口 before &lt;b&gt;" width="64" height="48" loading="lazy"' in page
    assert page.index("二楼出口 before") < page.index("二楼出口 after")

    (root / AFTER).write_bytes(png(scene(640, 480)).ljust(len(marked_png()), b"\0"))
    again = taizhang(root, "build", "--today", "2024-03-01")
    assert "没有变化" not in again.stdout, "another photo of the same name is another site"
    assert picture(clean(png(scene(640, 480)))).href in files_of(root / "build/site")


def test_a_broken_photo_keeps_the_good_site_in_place(tmp_path: Path) -> None:
    tree = exposed().bulletins_from("2023-12-18")
    tree.files[BEFORE] = jpeg()[:-300]
    root = checkout(tmp_path, tree)
    assert taizhang(root, "check", "--today", "2024-03-01").exit_code == 0
    refused = taizhang(root, "build", "--today", "2024-03-01")
    assert refused.exit_code == 1
    assert "E-IMG-BROKEN" in refused.stdout
    assert BEFORE in refused.stdout
    assert not (root / "build/site").exists()
    assert taizhang(root, "build", "--today", "2024-03-01", "--allow-findings").exit_code == 0
    assert not (root / PUBLISHED).exists()
    page = (root / f"build/site/exposures/{CAMPAIGN}/2023-001/index.html").read_text(encoding="utf-8")
    assert "现场照片" not in page


def test_photos_of_the_sample_show_before_and_after(sample_site: Path) -> None:
    page = (sample_site / "exposures/shili-banner-2023/2023-001/index.html").read_text(encoding="utf-8")
    assert page.count("<img src=") == 2
    assert page.index("整改前") < page.index("整改后")
    for file in (sample_site / "photos").iterdir():
        assert file.name == Path(picture(file.read_bytes()).href).name
        opened(file.read_bytes())
    assert len(list((sample_site / "photos").iterdir())) == 4
