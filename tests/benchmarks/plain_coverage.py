"""The plainest SQL that counts who is in date by site and requirement on one day: what coverage is measured against.

One scan of what was attained and one GROUP BY, from the tables that coverage reads; no knowledge of past days, voids,
exemptions, absences or renewal rules.
"""

from datetime import date

from django.db import connection

from school.core.engine import is_postgresql


def plain(as_of: date) -> list[tuple[int, int, int]]:
    """Site, requirement and how many people are in date."""
    still = (
        "(a.about_from + v.active_months * INTERVAL '1 month')::date"
        if is_postgresql(connection)
        else "date(a.about_from, '+' || v.active_months || ' months')"
    )
    sql = f"""
SELECT t.site_id, v.requirement_id, COUNT(DISTINCT f.person_id)
FROM courses_attainment f
JOIN core_ledgerentry a ON a.id = f.entry_id
JOIN courses_courseversion w ON w.id = f.course_version_id
JOIN coverage_accepted c ON c.course_id = w.course_id
JOIN coverage_requirementversion v ON v.entry_id = c.version_id
JOIN people_post p ON p.person_id = f.person_id
JOIN people_postterm t ON t.post_id = p.id
JOIN core_ledgerentry e ON e.id = t.entry_id
WHERE a.about_from <= %(as_of)s AND (v.active_months IS NULL OR {still} >= %(as_of)s)
  AND e.about_from <= %(as_of)s AND (e.about_to IS NULL OR e.about_to >= %(as_of)s)
GROUP BY t.site_id, v.requirement_id"""
    with connection.cursor() as cursor:
        cursor.execute(sql, {"as_of": as_of})
        return list(cursor.fetchall())
