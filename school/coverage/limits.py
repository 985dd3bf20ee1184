"""How large the numbers of a rule may be, on a page and in a file alike.

A period that ends after the last year that a date can hold would stop every figure, and what is published is never taken away.
"""

MOST_MONTHS = 240
# Of a window, and of what a renewal to a fixed day leaves.
MOST_MONTHS_BESIDE = 120
MOST_DAYS = 1000
MOST_LEARNING = 60_000
MOST_PERCENT = 100
