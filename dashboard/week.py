"""What a week's page says, gathered once for the page and for the note to download."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from dashboard.figure import Figure
from dashboard.figures import figure
from dashboard.health import Health, health
from dashboard.localisation import Localisation
from dashboard.question import Question
from dashboard.site import Site
from dashboard.views_stories import top_stories
from index import answers, measures
from index.answers import Events, Hit, Totals
from index.measures import Usual
from index.query import Filters

RANKINGS = ("people", "organisations", "topics-total")
RISING = ("rising-names", "rising-topics")
OFFICIAL = ("ministry", "government", "embassy")  # kinds of outlets whose texts are the acts themselves
SHOWN_STORIES = 12
SHOWN_EVENTS = 10
SHOWN_OFFICIAL = 12
LATEST = 20
LOOKED_BACK = timedelta(
    weeks=26
)  # weeks that say what is usual: half a year, so that both seasons' halves are not mixed


@dataclass(frozen=True)
class Week:
    """One ISO week. `usual` is that of earlier covered weeks, by what is counted."""

    name: str
    before: str
    after: str
    complete: bool
    health: Health
    tally: Totals
    usual: Mapping[str, Usual]
    official: tuple[Hit, ...]
    stories: list[dict[str, object]]
    events: Events
    acts: Figure
    rankings: list[Figure]
    rising: list[Figure]
    latest: tuple[Hit, ...]


def gather(site: Site, asked: Question, loc: Localisation, monday: date) -> Week:
    newest = site.newest()
    step = timedelta(days=7)
    official = replace(asked.filters, kinds=OFFICIAL)
    return Week(
        name=loc.period(monday, "week"),
        before=loc.period(monday - step, "week"),
        after=loc.period(monday + step, "week"),
        complete=newest is not None and newest >= monday + step,  # else more of it may come
        health=health(site.status()),
        tally=site.summary(asked).totals,
        usual=site.memory.get(("usual", asked.filters), lambda: _usual(site, asked, monday)),
        official=answers.search(site.store, official, limit=SHOWN_OFFICIAL, sort="date").hits,
        stories=top_stories(site, asked)[:SHOWN_STORIES],
        events=answers.events(site.store, asked.filters, limit=SHOWN_EVENTS),
        acts=figure(site, "acts", asked, loc),
        rankings=[figure(site, name, asked, loc) for name in RANKINGS],
        rising=[figure(site, name, asked, loc) for name in RISING],
        latest=answers.search(site.store, asked.filters, limit=LATEST, sort="date").hits,
    )


def _usual(site: Site, asked: Question, monday: date) -> dict[str, Usual]:
    """Articles, families and rows of events of the covered weeks before."""
    earlier = replace(asked.filters, since=monday - LOOKED_BACK, until=monday - timedelta(days=1))
    cells = answers.coverage(site.store, earlier, interval="week", by=None)
    covered = [c.period_start for c in cells if c.covered_share >= measures.LEAST_COVERED]
    counts = {
        "articles": _by_week(site, earlier),
        "families": _by_week(site, replace(earlier, originals=True)),
        "events": answers.events_by_week(site.store, earlier),
    }
    return {name: measures.usual(values, covered) for name, values in counts.items()}


def _by_week(site: Site, filters: Filters) -> dict[date, int]:
    return {p.period_start: p.count for p in answers.series(site.store, filters, interval="week", by=None)}
