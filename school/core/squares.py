"""QR codes: a text as a square of dark and light modules, drawn by one path."""

from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode


def square(text: str) -> tuple[int, str]:
    """A text as a QR code: how many modules wide, quiet zone included, and the path of an SVG that draws it."""
    code = QRCode(error_correction=ERROR_CORRECT_M, border=4)
    code.add_data(text)
    rows = code.get_matrix()
    return len(rows), "".join(
        f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark
    )
