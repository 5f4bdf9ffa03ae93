"""What a county counts for the indicators of persons and households.

Every figure is counted over the rows that the departments file for the county, since 1 January.
"""

from orchestration.simulation.world import CountyWorld


def people_counts(world: CountyWorld, t: int) -> dict[str, float]:  # noqa: ARG001
    """Return the county's own figure by indicator id; ratios as fractions, money in yuan."""
    return {}
