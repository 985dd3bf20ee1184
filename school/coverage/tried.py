"""A version that nobody published, as the SQL of states reads it: in force on every day, of whom it would be asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

# What a row of Whom says of people, with its sort in SQL.
CONDITIONS = {
    "job_role_id": "bigint",
    "site_id": "bigint",
    "person_id": "bigint",
    "region": "text",
    "staff_group": "text",
    "crew": "text",
}
# Where the groups stand.
WHOM = "tried"


@dataclass(frozen=True, slots=True)
class Trial:
    """Of which requirement it is (0 where it is new), with which grace, and of whom, as columns of Whom; nobody has satisfied it yet."""

    requirement: int
    grace_days: int
    groups: Sequence[Mapping[str, Any]] = ()

    def sql(self) -> str:
        """The body of the expression of versions, and after it that of its groups."""
        groups = [
            "SELECT 0 AS version_id, "
            + ", ".join(
                f"CAST(%(w{place}_{name})s AS {sort}) AS {name}"
                for name, sort in CONDITIONS.items()
            )
            for place in range(len(self.groups))
        ]
        # Asked of everybody there is no group of this version.
        nobody = ", ".join(f"CAST(NULL AS {sort}) AS {name}" for name, sort in CONDITIONS.items())
        return f"""
  SELECT d.as_of, 0 AS version, CAST(%(tried)s AS bigint) AS requirement, CAST(%(grace)s AS integer) AS grace_days,
         CAST(NULL AS date) AS about_to, 1 AS place
  FROM day d
), {WHOM} AS (
  {" UNION ALL ".join(groups) or f"SELECT 1 AS version_id, {nobody}"}
"""

    @property
    def values(self) -> dict[str, Any]:
        """What `sql` names."""
        said = {
            f"w{place}_{name}": _of_group(group, name)
            for place, group in enumerate(self.groups)
            for name in CONDITIONS
        }
        return {"tried": self.requirement, "grace": self.grace_days, **said}


def _of_group(group: Mapping[str, Any], name: str) -> Any:
    if not name.endswith("_id"):
        return group.get(name, "")
    row = group.get(name.removesuffix("_id"))
    return row.pk if row is not None else None
