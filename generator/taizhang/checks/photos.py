"""Rules about photos that an exposure publishes."""

from __future__ import annotations

from collections.abc import Iterator

from taizhang.checks.registry import Hit, Register, record_rule
from taizhang.findings import phrase
from taizhang.intake.attachments import path_of
from taizhang.intake.records import Record


@record_rule("E-PHOTO-FILE", kinds=("exposures",))
def published_photos_are_there(record: Record, register: Register) -> Iterator[Hit]:
    """A photo to be published lies in the folder of the office or of the unit exposed, and nowhere else."""
    for index, photo in enumerate(record.data.get("photos", ())):
        field = ("photos", index, "file")
        org = photo["file"].partition("/")[0]
        if org not in (record.org, record.data["unit"]):
            yield Hit(field, {"found": phrase("other_org")})
        elif path_of(record.campaign, photo["file"]) not in register.files:
            yield Hit(field, {"found": phrase("missing", campaign=record.campaign, org=org)})


@record_rule("E-PHOTO-TICK", kinds=("exposures",))
def published_photos_were_looked_at(record: Record, _: Register) -> Iterator[Hit]:
    """Somebody looked at each photo and vouches that nobody can be recognised in it. Civil Code, art. 1019, 1034."""
    for index, photo in enumerate(record.data.get("photos", ())):
        if not photo["no_person_no_document"]:
            yield Hit(("photos", index, "no_person_no_document"), {"number": index + 1})
