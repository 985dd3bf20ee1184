"""How a picture comes in: without the place and device that a camera wrote into it."""

from io import BytesIO
from typing import Any

from PIL import Image, ImageOps


def without_metadata(file: Any) -> bytes:
    """The picture as it is seen: turned upright, with its colours, and with nothing else."""
    file.seek(0)
    with Image.open(file) as picture:
        kind = picture.format
        upright = ImageOps.exif_transpose(picture)
        cleaned = BytesIO()
        upright.info = {}
        upright.save(cleaned, format=kind, quality=90, icc_profile=picture.info.get("icc_profile"))
    return cleaned.getvalue()
