"""How a picture comes in: without the place and device that a camera wrote into it."""

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from PIL import Image, ImageOps
from wagtail.images.forms import BaseImageForm


class ImageForm(BaseImageForm):
    """Wagtail's form, which checks kind, size and pixels, and then our cleaning."""

    def clean_file(self) -> UploadedFile:
        """The new file without its metadata, or the file that was there already."""
        upload: UploadedFile = self.cleaned_data["file"]
        return without_metadata(upload) if isinstance(upload, UploadedFile) else upload


def without_metadata(upload: UploadedFile) -> SimpleUploadedFile:
    """The picture as it is seen: turned upright, with its colours, and with nothing else."""
    upload.seek(0)
    with Image.open(upload) as picture:
        kind = picture.format
        upright = ImageOps.exif_transpose(picture)
        cleaned = BytesIO()
        upright.info = {}
        upright.save(cleaned, format=kind, quality=90, icc_profile=picture.info.get("icc_profile"))
    return SimpleUploadedFile(upload.name or "", cleaned.getvalue(), str(upload.content_type))
