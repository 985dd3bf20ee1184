"""The arithmetic of every chart: facts in, positions in per cent or pixels out; templatetags/charts.py draws them."""

from school.core.charts.bars import (
    BandBar,
    Bullet,
    HoursBar,
    Part,
    Progress,
    Segment,
    Share,
    WeekBar,
    band_bar,
    bullet,
    hours_bar,
    progress,
    share,
    week_bar,
)
from school.core.charts.columns import Columns, columns
from school.core.charts.heat import HeatCell, HeatColumn, HeatGroup, HeatMap, HeatRow, level_of
from school.core.charts.scatter import Dot, Fitted, Scatter, Spot, scatter
from school.core.charts.sites import Site, SiteMap, site_map
from school.core.charts.table import Column, Table
from school.core.charts.trend import Point, Trend, trend

__all__ = [
    "BandBar",
    "Bullet",
    "Column",
    "Columns",
    "Dot",
    "Fitted",
    "HeatCell",
    "HeatColumn",
    "HeatGroup",
    "HeatMap",
    "HeatRow",
    "HoursBar",
    "Part",
    "Point",
    "Progress",
    "Scatter",
    "Segment",
    "Share",
    "Site",
    "SiteMap",
    "Spot",
    "Table",
    "Trend",
    "WeekBar",
    "band_bar",
    "bullet",
    "columns",
    "hours_bar",
    "level_of",
    "progress",
    "scatter",
    "share",
    "site_map",
    "trend",
    "week_bar",
]
