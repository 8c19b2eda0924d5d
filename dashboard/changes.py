"""Whether the share changed from the period before: a table, only where both periods are covered."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from dashboard.figure import Column, Figure
from dashboard.labels import PARAMETERS
from dashboard.localisation import Localisation, _
from dashboard.question import Question
from dashboard.series import has_share
from dashboard.site import Site
from index import answers
from index.measures_intervals import Change, changes

LONGEST = timedelta(days=366)  # of a period: two of them are asked for at once
VERDICT: Mapping[str, str] = {
    "found": _("changed"),
    "": _("no change beyond chance"),
    "not-covered": _("cannot say: not covered in both"),
    "few-outlets": _("cannot say: fewer than three outlets in both"),
    "few-articles": _("cannot say: too few articles"),
    "few-blocks": _("cannot say: fewer than eight outlet-weeks"),
}
HOW = _(
    "The share in this period less that in the period of the same length before it, over the outlets that were covered "
    "in both, by their weeks without gaps. “Changed” where at most 5 % of such findings may be false (bootstrap over "
    "outlet-weeks; Benjamini and Hochberg, 1995)."
)


def figure_of_changes(site: Site, asked: Question, loc: Localisation) -> Figure:
    labels = site.labels(loc)
    percent = loc.percent
    return Figure(
        name="changes",
        title=loc.text(_("Change from the period before")),
        unit=loc.text(_("Share of articles read and decided, in the same outlets")),
        columns=(
            Column("group", loc.text(PARAMETERS[asked.by]), lambda g: labels.of(asked.by, g)),
            Column("before", loc.text(_("Before")), percent, numeric=True),
            Column("after", loc.text(_("Now")), percent, numeric=True),
            Column("difference", loc.text(_("Difference")), percent, numeric=True),
            Column("low", loc.text(_("Low end, 95 %")), percent, numeric=True),
            Column("high", loc.text(_("High end, 95 %")), percent, numeric=True),
            Column("outlets", loc.text(_("Outlets")), loc.number, numeric=True),
            Column("verdict", loc.text(_("Finding")), lambda why: loc.text(VERDICT[why])),
        ),
        rows=tuple(_row(c) for c in _changes(site, asked)),
        by=asked.by,
        how=(loc.text(HOW),),
        facts={"by": asked.by, "counted": "articles"},
    )


def _row(change: Change) -> dict[str, object]:
    names = ("group", "before", "after", "difference", "low", "high", "outlets")
    return {name: getattr(change, name) for name in names} | {"verdict": "found" if change.found else change.why}


def _changes(site: Site, asked: Question) -> tuple[Change, ...]:
    """Nothing where there is no share, or no period of a year at most."""
    if not (has_share(asked) and asked.since and asked.until) or asked.until - asked.since > LONGEST:
        return ()
    length = asked.until - asked.since + timedelta(days=1)
    before = replace(asked.filters, since=asked.since - length, until=asked.since - timedelta(days=1))
    sides = (answers.blocks(site.store, f, interval="year", by=asked.by) for f in (before, asked.filters))
    return changes(*sides)
