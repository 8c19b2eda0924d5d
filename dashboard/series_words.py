"""The words of figures over time: units, how they are computed, columns."""

from collections.abc import Mapping

from dashboard.figure import Column
from dashboard.labels import PARAMETERS, Labels
from dashboard.localisation import _
from dashboard.question import Question

HOW_FAMILIES = _(
    "Each text counts once, copies folded: on the day and under the outlet, language and camp of its first report. "
    "A text whose first report is left out by the filters is not counted."
)
WHY = {
    "": "",
    "not-covered": _("not covered"),
    "few-outlets": _("too few outlets for a share"),
    "few-articles": _("too few articles for a share"),
}

UNITS: Mapping[str, str] = {"articles": _("Articles"), "families": _("Separate texts")}
COUNT_UNIT: Mapping[str, str] = {
    "articles": _("Articles about the relationship, by publication period"),
    "families": _("Separate texts about the relationship, by the period of their first report"),
}
TOPIC_UNIT: Mapping[str, str] = {
    "articles": _("Articles per topic and period; the stronger the colour, the more"),
    "families": _("Separate texts per topic and period; the stronger the colour, the more"),
}
SHARE_UNIT = _("Articles about the relationship as a share of all articles read and decided")
HOW_COUNT: Mapping[str, str] = {
    "articles": _(
        "Every article that was found relevant counts once on its publication day; copies count, as they are attention."
    ),
    "families": HOW_FAMILIES,
}
HOW_SHARE = (
    _("Relevant articles divided by all articles of the same outlets and days that were read and decided."),
    _("A share of fewer than three outlets or twenty articles is not shown."),
)
NO_SHARE = _(
    "No share can be shown: the period is not covered, or by too few outlets. "
    "The table says which; the numbers are there."
)
HOW_GAPS = _("Hatched: time in which the outlets were not covered. What is missing there is unknown, not zero.")
HOW_TOPICS: Mapping[str, str] = {
    "articles": _("Articles with the topic, by publication period. An article may have up to three topics, or none."),
    "families": HOW_FAMILIES,
}
HOW_INTERVAL = _(
    "The 95 % interval in the table: how far the share would move with other weeks of such outlets (bootstrap over "
    "outlet-weeks). Fewer than eight outlet-weeks have none."
)


def attention_columns(asked: Question, labels: Labels, *, share: bool) -> tuple[Column, ...]:
    """Columns of attention: families have no denominator, and intervals stand beside shares that are shown."""
    loc = labels.loc
    number, percent = loc.number, loc.percent
    known = {
        "decided": Column("decided", loc.text(_("Read and decided")), number, numeric=True),
        "share": Column("share", loc.text(_("Share")), percent, numeric=True),
        "low": Column("low", loc.text(_("Low end, 95 %")), percent, numeric=True),
        "high": Column("high", loc.text(_("High end, 95 %")), percent, numeric=True),
        "outlets": Column("outlets", loc.text(_("Outlets")), number, numeric=True),
        "covered": Column(
            "covered", loc.text(_("Covered")), lambda yes: loc.text(_("yes")) if yes else loc.text(_("no"))
        ),
        "why": Column("why", loc.text(_("No share because")), lambda why: loc.text(WHY[why]) if why else ""),
    }
    hidden = {"decided", "share", "low", "high", "outlets", "why"} if asked.unit == "families" else set()
    hidden |= set() if share else {"low", "high"}
    return (
        Column("period", loc.text(_("Period")), lambda day: loc.period(day, asked.interval)),
        Column("group", loc.text(PARAMETERS[asked.by]), lambda g: labels.of(asked.by, g)),
        Column(asked.unit, loc.text(UNITS[asked.unit]), number, numeric=True),
        *(column for key, column in known.items() if key not in hidden),
    )
