"""How a picture of a page comes in: cleaned of what a camera wrote into it."""

from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from wagtail.images.forms import BaseImageForm

from school.core.pictures import without_metadata


class ImageForm(BaseImageForm):
    """Wagtail's form, which checks kind, size and pixels, and then our cleaning."""

    def clean_file(self) -> UploadedFile:
        """The new file without its metadata, or the file that was there already."""
        upload: UploadedFile = self.cleaned_data["file"]
        return stripped(upload) if isinstance(upload, UploadedFile) else upload


def stripped(upload: UploadedFile) -> SimpleUploadedFile:
    """The same upload without its metadata."""
    data = without_metadata(upload)
    return SimpleUploadedFile(upload.name or "", data, str(upload.content_type))
