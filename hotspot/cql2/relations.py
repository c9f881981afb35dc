"""How two shapes, two intervals of time or two sets of texts may lie, by the names that CQL2 gives."""

from __future__ import annotations

from enum import StrEnum


class SpatialTest(StrEnum):
    """How two shapes lie."""

    INTERSECTS = "s_intersects"
    DISJOINT = "s_disjoint"
    TOUCHES = "s_touches"
    WITHIN = "s_within"
    CONTAINS = "s_contains"
    CROSSES = "s_crosses"
    EQUALS = "s_equals"
    OVERLAPS = "s_overlaps"


class TemporalTest(StrEnum):
    """How two closed intervals lie in time; an instant is an interval that ends when it starts."""

    AFTER = "t_after"
    BEFORE = "t_before"
    CONTAINS = "t_contains"
    DISJOINT = "t_disjoint"
    DURING = "t_during"
    EQUALS = "t_equals"
    FINISHED_BY = "t_finishedBy"
    FINISHES = "t_finishes"
    INTERSECTS = "t_intersects"
    MEETS = "t_meets"
    MET_BY = "t_metBy"
    OVERLAPPED_BY = "t_overlappedBy"
    OVERLAPS = "t_overlaps"
    STARTED_BY = "t_startedBy"
    STARTS = "t_starts"


class ArrayTest(StrEnum):
    """How two sets of texts compare."""

    CONTAINS = "a_contains"
    CONTAINED_BY = "a_containedBy"
    EQUALS = "a_equals"
    OVERLAPS = "a_overlaps"
