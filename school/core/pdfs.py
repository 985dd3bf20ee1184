"""A PDF as it is kept: one that opens, without scripts, files and programs in it, and without what it says of its author."""

from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pikepdf

# What a PDF does by itself, by the keys and the kinds of action that do it (ISO 32000-1:2008, 12.6), and what it carries.
SCRIPTS = frozenset({"/JS", "/JavaScript", "/AA", "/XFA", "/RichMediaContent"})
ACTS = frozenset({"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToE", "/Rendition"})
FILES = frozenset({"/EmbeddedFiles", "/EF"})
ABOUT = ("/Metadata", "/PieceInfo")


class Unfit(ValueError):
    """A PDF that is not kept; the words say why and what to do."""


def cleaned(data: bytes) -> bytes:
    """The PDF written anew with its pages and without notes about it, the same for the same file. Raises Unfit."""
    # Loaded by whoever brings a PDF: every process would pay for it.
    import pikepdf

    try:
        with pikepdf.open(BytesIO(data)) as pdf:
            if pdf.is_encrypted:
                raise Unfit("This PDF is locked. Print it to a PDF without a password.")
            if not len(pdf.pages):
                raise Unfit("This PDF has no page. Choose another.")
            _leave_opening(pdf)
            for part in _parts(pdf):
                rule_no_script(part)
                rule_no_file(part)
                for key in ABOUT:
                    if key in part:
                        del part[key]
            if "/Info" in pdf.trailer:
                del pdf.trailer["/Info"]
            made = BytesIO()
            pdf.save(made, deterministic_id=True)
    except pikepdf.PasswordError as error:
        raise Unfit("This PDF is locked. Print it to a PDF without a password.") from error
    except (pikepdf.PikepdfError, RuntimeError, TypeError, OverflowError) as error:
        raise Unfit("This PDF cannot be opened. Make it again, or choose another.") from error
    return made.getvalue()


def rule_no_script(part: Any) -> None:
    """Nothing in it does something by itself."""
    if SCRIPTS & set(part.keys()) or str(part.get("/S", "")) in ACTS:
        raise Unfit("This PDF holds a script or a program. Print it to a new PDF and choose that.")


def rule_no_file(part: Any) -> None:
    """No other file hides in it."""
    if FILES & set(part.keys()):
        raise Unfit("This PDF holds another file. Print it to a new PDF and choose that.")


def _leave_opening(pdf: "pikepdf.Pdf") -> None:
    """Takes out the place at which the PDF opens; what it does otherwise is a script, and stays to be refused."""
    import pikepdf

    opening = pdf.Root.get("/OpenAction")
    if isinstance(opening, pikepdf.Dictionary) and str(opening.get("/S", "")) != "/GoTo":
        raise Unfit("This PDF holds a script or a program. Print it to a new PDF and choose that.")
    if opening is not None:
        del pdf.Root["/OpenAction"]


def _parts(pdf: "pikepdf.Pdf") -> Iterator[Any]:
    """Every dictionary in it, those of streams and those within others too."""
    import pikepdf

    left: list[Any] = [*pdf.objects, pdf.trailer]
    while left:
        found = left.pop()
        if isinstance(found, (pikepdf.Dictionary, pikepdf.Stream)):
            yield found
            inside = [found[key] for key in found.keys()]  # noqa: SIM118  (pikepdf gives keys only so)
        elif isinstance(found, pikepdf.Array):
            inside = list(found)
        else:
            continue
        left += [
            one
            for one in inside
            if isinstance(one, (pikepdf.Dictionary, pikepdf.Array)) and not one.is_indirect
        ]
