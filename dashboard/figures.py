"""Every figure by name: asks the index, states its unit, and says how it is computed."""

from collections.abc import Callable

from dashboard.figure import Column, Figure
from dashboard.localisation import Localisation, _
from dashboard.question import Question
from dashboard.series import attention, topics
from dashboard.site import Site
from index import answers

Make = Callable[[Site, Question, Localisation], Figure]
TOP = 12  # names in a ranking: what fits beside its neighbours without scrolling
MOST_OUTLETS = 500  # more than any sources file so far
SIDE = 8  # values of a facet beside the list of articles
SEVERAL_TOPICS = _("An article may have up to three topics, or none.")


def figure(site: Site, name: str, asked: Question, loc: Localisation) -> Figure:
    """One figure; remembered for some seconds, so that a chart and its table say the same."""
    key = ("figure", name, asked.filters, asked.interval, asked.by, asked.show, asked.params, loc)
    return site.memory.get(key, lambda: FIGURES[name](site, asked, loc))


def _ranking(
    name: str, field: str, by: str, title: str, unit: str, *, size: int = TOP, how: tuple[str, ...] = ()
) -> Make:
    def make(site: Site, asked: Question, loc: Localisation) -> Figure:
        labels = site.labels(loc)
        counted = site.summary(asked).facets[field][:size]
        return Figure(
            name=name,
            title=loc.text(title),
            unit=loc.text(unit),
            columns=_ranking_columns(title, loc),
            rows=tuple({"key": v, "name": labels.of(by, v), "count": n} for v, n in counted),
            by=by,
            how=tuple(loc.text(sentence) for sentence in how),
        )

    return make


def _all_outlets(site: Site, asked: Question, loc: Localisation) -> Figure:
    """Every outlet that published in the period, not only the first."""
    counted = answers.facets(site.store, asked.filters, ("outlet",), size=MOST_OUTLETS)["outlet"]
    labels = site.labels(loc)
    return Figure(
        name="all-outlets",
        title=loc.text(_("Outlets")),
        unit=loc.text(ARTICLES),
        columns=_ranking_columns(_("Outlets"), loc),
        rows=tuple({"key": v, "name": labels.of("outlet", v), "count": n} for v, n in counted),
        by="outlet",
    )


def _ranking_columns(title: str, loc: Localisation) -> tuple[Column, ...]:
    return (
        Column("key", loc.text(_("Key"))),
        Column("name", loc.text(title)),
        Column("count", loc.text(_("Articles")), loc.number, numeric=True),
    )


ARTICLES = _("Articles, by the period's publication days")
NAMED = _("Articles that name them at least once")
FIGURES: dict[str, Make] = {
    "attention": attention,
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
