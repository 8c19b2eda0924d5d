"""Every figure by name: asks the index, states its unit, and says how it is computed."""

from collections.abc import Callable, Mapping

from dashboard.changes import figure_of_changes
from dashboard.figure import Column, Figure
from dashboard.localisation import Localisation, _
from dashboard.question import Question
from dashboard.rising import acts, figure_of_rising
from dashboard.series import attention, topics
from dashboard.series_words import HOW_FAMILIES, UNITS
from dashboard.site import Site
from index import answers

Make = Callable[[Site, Question, Localisation], Figure]
TOP = 12  # names in a ranking: what fits beside its neighbours without scrolling
MOST_OUTLETS = 500  # more than any sources file so far
SIDE = 8  # values of a facet beside the list of articles
SEVERAL_TOPICS = _("An article may have up to three topics, or none.")


def figure(site: Site, name: str, asked: Question, loc: Localisation) -> Figure:
    """One figure; remembered for some seconds, so that a chart and its table say the same."""
    key = ("figure", name, asked.counted, asked.interval, asked.by, asked.show, asked.params, loc)
    return site.memory.get(key, lambda: FIGURES[name](site, asked, loc))


def _ranking(
    name: str, field: str, by: str, title: str, unit: Mapping[str, str], *, size: int = TOP, how: tuple[str, ...] = ()
) -> Make:
    def make(site: Site, asked: Question, loc: Localisation) -> Figure:
        labels = site.labels(loc)
        counted = site.summary(asked).facets[field][:size]
        return Figure(
            name=name,
            title=loc.text(title),
            unit=loc.text(unit[asked.unit]),
            columns=_ranking_columns(title, asked, loc),
            rows=tuple({"key": v, "name": labels.of(by, v), "count": n} for v, n in counted),
            by=by,
            how=tuple(loc.text(s) for s in (*how, *((HOW_FAMILIES,) if asked.unit == "families" else ()))),
            facts={"counted": asked.unit},
        )

    return make


def _all_outlets(site: Site, asked: Question, loc: Localisation) -> Figure:
    """Every outlet that published in the period, not only the first."""
    counted = answers.facets(site.store, asked.counted, ("outlet",), size=MOST_OUTLETS)["outlet"]
    labels = site.labels(loc)
    return Figure(
        name="all-outlets",
        title=loc.text(_("Outlets")),
        unit=loc.text(ARTICLES[asked.unit]),
        columns=_ranking_columns(_("Outlets"), asked, loc),
        rows=tuple({"key": v, "name": labels.of("outlet", v), "count": n} for v, n in counted),
        by="outlet",
        facts={"counted": asked.unit},
    )


def _ranking_columns(title: str, asked: Question, loc: Localisation) -> tuple[Column, ...]:
    return (
        Column("key", loc.text(_("Key"))),
        Column("name", loc.text(title)),
        Column("count", loc.text(UNITS[asked.unit]), loc.number, numeric=True),
    )


ARTICLES: Mapping[str, str] = {
    "articles": _("Articles, by the period's publication days"),
    "families": _("Separate texts, by the days of their first reports"),
}
NAMED: Mapping[str, str] = {
    "articles": _("Articles that name them at least once"),
    "families": _("Separate texts that name them at least once"),
}
FIGURES: dict[str, Make] = {
    "acts": acts,
    "attention": attention,
    "changes": figure_of_changes,
    "rising-names": figure_of_rising("rising-names", "entities", "entity", _("Rising names")),
    "rising-topics": figure_of_rising("rising-topics", "topics", "topic", _("Rising topics")),
    "topics": topics,
    "topics-total": _ranking("topics-total", "topics", "topic", _("Topics"), ARTICLES, size=16, how=(SEVERAL_TOPICS,)),
    "people": _ranking("people", "people", "entity", _("People"), NAMED),
    "organisations": _ranking("organisations", "organisations", "entity", _("Organisations"), NAMED),
    "places": _ranking("places", "places", "entity", _("Places"), NAMED),
    "camps": _ranking("camps", "camp", "camp", _("Camps"), ARTICLES),
    "languages": _ranking("languages", "lang", "lang", _("Languages"), ARTICLES),
    "countries": _ranking("countries", "country", "country", _("Countries of outlets"), ARTICLES),
    "all-outlets": _all_outlets,
    "outlets": _ranking("outlets", "outlet", "outlet", _("Outlets"), ARTICLES, size=SIDE),
}
