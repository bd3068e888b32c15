"""Photos made fit to be published: decoded, and painted anew with nothing but their pixels.

A photo carries where and with what it was taken, and may carry anything behind its end. Saving it again would keep
some of that (Pillow hands on a JPEG's comment), so its pixels are pasted on a canvas that never knew the original.
"""

from __future__ import annotations

import io
import warnings

from PIL import ExifTags, Image

from taizhang.intake.attachments import AttachmentFault, broken, fault_of_size

EDGE = 1600
"""Pixels of the longer side of a published photo."""
QUALITY = 80
"""Of the JPEG that is published."""

_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""How a photo is turned upright, by its EXIF orientation (CIPA DC-008, 4.6.5)."""


class ImageRefused(Exception):
    """A photo that is not published; `fault` says why."""

    def __init__(self, fault: AttachmentFault) -> None:
        super().__init__(fault.code)
        self.fault = fault


def clean(raw: bytes) -> bytes:
    """The photo as it may be published: a JPEG, upright, at most EDGE pixels wide and high, nothing but pixels.

    Equal photos give equal bytes. Raises ImageRefused, and nothing else, for bytes that are no single sound photo.
    What it decodes may be hostile: call it where time and memory are bounded, as `photos.decoding` does.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _repainted(raw)
    except ImageRefused:
        raise
    except Exception:  # noqa: BLE001 - what a decoder raises for hostile bytes is not listed anywhere
        raise ImageRefused(broken("照片打不开：文件损坏、没有传完，或者夹带了别的内容")) from None


def _repainted(raw: bytes) -> bytes:
    with Image.open(io.BytesIO(raw), formats=("JPEG", "PNG")) as photo:
        fault = fault_of_size(photo.width, photo.height)
        if fault:
            raise ImageRefused(fault)
        frames = getattr(photo, "n_frames", 1)
        if frames > 1:
            raise ImageRefused(AttachmentFault("E-IMG-FRAMES", {"frames": frames}))
        turn = _TURNS.get(_orientation(photo))
        photo.draft(None, (2 * EDGE, 2 * EDGE))
        pixels = _opaque(photo)
    pixels.thumbnail((EDGE, EDGE))
    if turn is not None:
        pixels = pixels.transpose(turn)
    canvas = Image.new("RGB", pixels.size)
    canvas.paste(pixels)
    output = io.BytesIO()
    canvas.save(output, "JPEG", quality=QUALITY, optimize=True)
    return output.getvalue()


def _orientation(photo: Image.Image) -> int:
    """The EXIF orientation, or 1 where it cannot be read: a camera's odd notes make no photo unsound."""
    try:
        return int(photo.getexif().get(ExifTags.Base.Orientation, 1))
    except Exception:  # noqa: BLE001 - as above, for the photo's notes
        return 1


def _opaque(photo: Image.Image) -> Image.Image:
    """The pixels in plain colours, on white where the photo is transparent."""
    if photo.mode.startswith("I"):
        # Pillow would cut 16 bits off at 255, which leaves a white sheet.
        return photo.convert("I").point(lambda grey: grey * (1 / 256)).convert("RGB")
    if not photo.has_transparency_data:
        return photo.convert("RGB")
    layer = photo.convert("RGBA")
    ground = Image.new("RGBA", layer.size, "white")
    return Image.alpha_composite(ground, layer).convert("RGB")
