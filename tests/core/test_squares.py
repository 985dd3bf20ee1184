"""QR codes."""

from school.core.squares import square


def test_square_has_its_quiet_zone_and_finders() -> None:
    modules, path = square("https://portal.example/verify/7K4M-Q2XD-9TRW-3HNB/")
    dark = {tuple(map(int, part.split("h")[0].split())) for part in path.split("M") if part}
    assert (modules - 8 - 17) % 4 == 0
    assert {x for x, _ in dark} == set(range(4, modules - 4))
    corner = {(4 + n, 4) for n in range(7)}
    assert corner <= dark
