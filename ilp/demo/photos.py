"""Pictures for some demo problems: drawn, with «CONTOH» on them, never a photo of anybody."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFont

from reports.models import Attachment, Problem
from reports.models.attachment import AttachmentPurpose
from reports.problems.attachments import JPEG, store_attachment

EVERY = 4  # one problem in four has a picture
_GROUND, _INK = (237, 240, 238), (91, 104, 112)


def create_photos(problems: Sequence[Problem], now: dt.datetime) -> None:
    """The same picture for each: stored once, named by its bytes. Problems must be saved."""
    content = drawing()
    sha256 = store_attachment(content)
    for place, problem in enumerate(problems):
        if place % EVERY:
            continue
        is_closed = problem.status in {"done", "verified"}
        row = Attachment.objects.create(
            problem=problem,
            purpose=AttachmentPurpose.EVIDENCE if is_closed else AttachmentPurpose.REPORT,
            file_name="foto-contoh.jpg",
            media_type=JPEG,
            size=len(content),
            sha256=sha256,
            uploaded_by=problem.done_by or problem.reported_by,
        )
        at = min(problem.closed_at or problem.reported_at + dt.timedelta(hours=1), now)
        Attachment.objects.filter(pk=row.pk).update(uploaded_at=at)


def drawing() -> bytes:
    """A grey picture with a frame and the word; the same bytes each time."""
    image = Image.new("RGB", (960, 720), _GROUND)
    draw = ImageDraw.Draw(image)
    draw.rectangle((60, 60, 900, 660), outline=_INK, width=8)
    draw.line((60, 540, 360, 300, 540, 480, 720, 330, 900, 480), fill=_INK, width=8)
    draw.ellipse((690, 130, 790, 230), outline=_INK, width=8)
    draw.text((480, 610), "CONTOH", fill=_INK, anchor="mm", font=ImageFont.load_default(64))
    target = io.BytesIO()
    image.save(target, "JPEG", quality=80)
    return target.getvalue()
