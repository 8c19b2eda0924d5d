"""What rises and what was done, as figures: names and topics against the four weeks before, acts by quadrant."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from dashboard.figure import Column, Figure
from dashboard.labels import QUADRANTS, Labels
from dashboard.localisation import Localisation, _
from dashboard.question import Question
from dashboard.site import Site
from index import answers, measures
from index.measures_events import quadrants
from index.measures_rising import Rise, rising
from index.query import Filters

BEFORE = timedelta(weeks=4)
TESTED = 300  # most frequent names that are tested
COUNTED_BEFORE = 3000  # names whose number before is known; what is rarer counts as none
LONGEST = timedelta(days=92)  # of a period that four weeks can be compared with
SIDES = ("RUS", "CHN")
# Present nearly everywhere in a collection about them: that they rise says nothing.
ALWAYS_NAMED = frozenset({"Russia", "China"})

RISING_UNIT = _("Separate texts of at least three outlets, against the four weeks before")
HOW_RISING = _(
    "Log-odds of being named in a separate text, with a prior worth 50 texts (Monroe, Colaresi and Quinn, 2008). Shown "
    "is what at least three outlets have and what is left when at most 5 % of the findings may be false (Benjamini and "
    "Hochberg, 1995)."
)
NOT_COMPARED = _(
    "Not compared: this period or the four weeks before it are not covered, or it is longer than a quarter."
)
NONE_ROSE = _("Nothing rose beyond chance.")
ACTS_UNIT = _("Reported acts between Russia and China, once for each report")
HOW_ACTS = _(
    "Acts that both do together (mutual) count once and have no direction; directions are compared on one-sided acts "
    "only. One happening told by many outlets counts once for each of them. Scores are not added up."
)


def figure_of_rising(name: str, field: str, by: str, title: str) -> Callable[[Site, Question, Localisation], Figure]:
    def make(site: Site, asked: Question, loc: Localisation) -> Figure:
        found = _rises(site, asked, field)
        labels = site.labels(loc)
        return Figure(
            name=name,
            title=loc.text(title),
            unit=loc.text(RISING_UNIT),
            columns=_columns(title, loc),
            rows=tuple(
                {
                    "key": r.key, "name": labels.of(by, r.key), "now": r.now, "before": r.before,
                    "outlets": r.outlets, "log_odds": round(r.log_odds, 3), "p": round(r.p, 5),
                }
                for r in found or ()
            ),
            by=by,
            how=(loc.text(HOW_RISING),),
            blank=loc.text(NOT_COMPARED if found is None else NONE_ROSE) if not found else "",
            facts={"counted": "families"},
        )  # fmt: skip

    return make


def _rises(site: Site, asked: Question, field: str) -> tuple[Rise, ...] | None:
    """None where the two periods cannot be compared."""
    if asked.since is None or asked.until is None or asked.until - asked.since > LONGEST:
        return None
    now = replace(asked.filters, originals=True)
    before = replace(now, since=asked.since - BEFORE, until=asked.since - timedelta(days=1))
    if not (_covered(site, asked.filters) and _covered(site, before)):
        return None
    n, found = answers.spread(site.store, now, (field,), size=TESTED)
    m, known = answers.spread(site.store, before, (field,), size=COUNTED_BEFORE)
    telling = [s for s in found[field] if s.key not in ALWAYS_NAMED]
    return rising(telling, {s.key: s.count for s in known[field]}, (n, m))


def _covered(site: Site, filters: Filters) -> bool:
    """Every week of the period was covered, as far as the collection knows it."""
    cells = answers.coverage(site.store, filters, interval="week", by=None)
    return bool(cells) and all(c.covered_share >= measures.LEAST_COVERED for c in cells)


def _columns(title: str, loc: Localisation) -> tuple[Column, ...]:
    number = loc.number
    return (
        Column("key", loc.text(_("Key"))),
        Column("name", loc.text(title)),
        Column("now", loc.text(_("Separate texts")), number, numeric=True),
        Column("before", loc.text(_("In the four weeks before")), number, numeric=True),
        Column("outlets", loc.text(_("Outlets")), number, numeric=True),
        Column("log_odds", loc.text(_("Log-odds")), number, numeric=True),
        Column("p", "p", number, numeric=True),
    )


def acts(site: Site, asked: Question, loc: Localisation) -> Figure:
    """Reported acts by quadrant, mutual ones once, the others by direction."""
    labels: Labels = site.labels(loc)
    found = quadrants(answers.acts(site.store, asked.filters), *SIDES)
    first, second = (loc.country(side) for side in SIDES)
    number = loc.number
    return Figure(
        name="acts",
        title=loc.text(_("Acts by kind")),
        unit=loc.text(ACTS_UNIT),
        columns=(
            Column("quadrant", loc.text(_("Kind")), lambda q: labels.word(QUADRANTS, q)),
            Column("mutual", loc.text(_("Mutual")), number, numeric=True),
            Column("forth", f"{first} → {second}", number, numeric=True),
            Column("back", f"{second} → {first}", number, numeric=True),
        ),
        rows=tuple(
            {"quadrant": q.quadrant, "mutual": q.mutual, "forth": q.forth, "back": q.back}
            for q in found
            if any(each.all for each in found)
        ),
        how=(loc.text(HOW_ACTS),),
        facts={"counted": "reports"},
    )
