"""Who may open which address: written by hand as what we expect, and sent request by request.

A row stands under its route as the project's URL patterns spell it; `admin/*` speaks for all below.

- `what`: what the address is for, in the words of docs/access.md.
- `get`, `post`: for everyone in the cast (tests.access.world.CAST) the status that the method answers;
  None when the method is not for the address and everybody who gets that far hears 405.
  Built with `to(...)`: `to(200, alice=200, others=404)`, first what the visitor hears.
- `at`: the address as the test sends it, from the world that holds Alice's things; by default the route.
- `data`: what a POST carries.

One module for each group of pages, with its rows in `ROWS`.
"""

from tests.access import asked as asked  # makes what her site was asked for
from tests.access import assessed as assessed  # makes how Bob assessed her
from tests.access import before as before  # makes what stands before her first day
from tests.access import beside as beside  # makes what stands around the hours
from tests.access import booked as booked  # makes her copy of the log book
from tests.access import logged as logged  # makes what Alice logged
from tests.access import meanwhile as meanwhile  # makes what happens during her placement
from tests.access import placed as placed  # makes Alice's placement
from tests.access import published as published  # makes the public pages and what lies beside them
from tests.access import reported as reported  # makes a draft and a publication
from tests.access import sent as sent  # makes whom somebody answers for
from tests.access import signed as signed  # makes what Alice asked to be signed, and what was
from tests.access import staged as staged  # makes what stands of her whole stage
from tests.access import stated as stated  # makes a statement of her hours
from tests.access import tutored as tutored  # makes an interruption of her studies
from tests.access.table import (
    around,
    arriving,
    assessing,
    attaining,
    booking,
    courses,
    coverage,
    coverage_irmer,
    coverage_reports,
    coverage_requirements,
    coverage_tokens,
    coverage_workforce,
    cpd,
    cpd_leaving,
    cpd_profile,
    cpd_school,
    day,
    during,
    frameworks,
    hours,
    log,
    log_book_book,
    log_book_sites,
    log_book_stages,
    log_book_ways,
    modules,
    moving,
    osces,
    osces_day,
    osces_marking,
    osces_marks,
    osces_results,
    places,
    placing,
    public,
    sign_off,
    signing_in,
    statements,
    tutor,
)
from tests.access.table.row import Row as Row

TABLE: dict[str, Row] = {
    **signing_in.ROWS,
    **hours.ROWS,
    **frameworks.ROWS,
    **log.ROWS,
    **sign_off.ROWS,
    **log_book_ways.ROWS,
    **log_book_stages.ROWS,
    **log_book_sites.ROWS,
    **assessing.ROWS,
    **log_book_book.ROWS,
    **placing.ROWS,
    **moving.ROWS,
    **osces.ROWS,
    **osces_marking.ROWS,
    **osces_day.ROWS,
    **osces_marks.ROWS,
    **osces_results.ROWS,
    **places.ROWS,
    **arriving.ROWS,
    **during.ROWS,
    **around.ROWS,
    **tutor.ROWS,
    **courses.ROWS,
    **coverage_tokens.ROWS,
    **modules.ROWS,
    **day.ROWS,
    **attaining.ROWS,
    **booking.ROWS,
    **coverage.ROWS,
    **coverage_requirements.ROWS,
    **coverage_irmer.ROWS,
    **coverage_workforce.ROWS,
    **statements.ROWS,
    **coverage_reports.ROWS,
    **cpd_profile.ROWS,
    **cpd_school.ROWS,
    **cpd.ROWS,
    **cpd_leaving.ROWS,
    **public.ROWS,
}
