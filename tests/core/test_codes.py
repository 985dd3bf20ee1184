"""Codes: hard to guess, and read however they are typed."""

from school.core.codes import LETTERS, grouped, new_code, plain


def test_code_is_read_however_it_is_typed() -> None:
    code = new_code()
    assert (len(code), set(code) <= set(LETTERS), 32**16 >= 2**80) == (16, True, True)
    assert {
        plain(typed) for typed in (code, code.lower(), grouped(code), f" {grouped(code)} ")
    } == {code}
    assert plain("OIL0-1111-2222-3333") == "0110111122223333"
    assert [plain(typed) for typed in ("", "7K4M", f"{code}A", "U" * 16)] == [""] * 4
