"""A week as a Markdown note: what an analyst begins the weekly text with."""

import re
from collections.abc import Iterable

from dashboard.figure import Figure
from dashboard.labels import EVENTS, Labels
from dashboard.localisation import _
from dashboard.question import Question
from dashboard.week import Week
from index.answers import Hit
from index.measures import Usual

SPECIAL = re.compile(r"([\\`*_\[\]<>#|~])")
SCORES = _(
    "Names, topics, quotes and events are read by models, which err. How often, by language, and on what texts that "
    "was measured, is in docs/reading.md."
)
FIRST_PLACES = 8  # of a ranking


def note(week: Week, asked: Question, labels: Labels, root: str, *, sample: bool) -> str:
    """The week as Markdown; `root` is the address that links to this dashboard begin with."""
    loc = labels.loc
    said = loc.text
    return "\n".join(
        [
            f"# {said(_('The week %(week)s')) % {'week': week.name}}",
            *(["", "**SAMPLE DATA**"] if sample else []),
            "",
            f"{loc.day(asked.since)} – {loc.day(asked.until)} · {_as_of(week, labels)}",
            *([] if week.complete else ["", f"*{said(_('this week is not over in the collection'))}*"]),
            "",
            *_tally(week, labels),
            *_section(said(_("Official texts")), (_hit(h, labels, root) for h in week.official)),
            *_section(said(_("Stories")), (_story(s, labels, root) for s in week.stories)),
            *_section(said(_("What is reported as done")), (_event(e, labels, root) for e in week.events.rows)),
            *(line for f in week.rising for line in _section(f"{f.title} ({f.unit})", _rises(f, labels))),
            *(line for f in week.rankings for line in _section(f"{f.title} ({f.unit})", _places(f, labels))),
            "",
            "---",
            "",
            said(SCORES),
            f"<{root}/week?week={week.name}>",
            "",
        ]
    )


def plain(text: object) -> str:
    """Text of others as Markdown shows it: one line, nothing in it is markup."""
    return SPECIAL.sub(r"\\\1", " ".join(str(text).split()))


def usual_words(usual: Usual, labels: Labels) -> str:
    """The usual range as a sentence."""
    loc = labels.loc
    if usual.middle is None:
        return loc.text(_("usual range unknown: %(n)s covered weeks before")) % {"n": loc.number(usual.weeks)}
    return loc.text(_("usually %(middle)s (%(low)s to %(high)s in %(n)s covered weeks before)")) % {
        "middle": loc.number(usual.middle),
        "low": loc.number(usual.low or 0),
        "high": loc.number(usual.high or 0),
        "n": loc.number(usual.weeks),
    }


def _as_of(week: Week, labels: Labels) -> str:
    loc = labels.loc
    counts = {"ok": loc.number(week.health.ok), "total": loc.number(week.health.total)}
    healthy = loc.text(_("%(ok)s of %(total)s outlets healthy")) % counts
    if not week.health.as_of:
        return healthy
    return f"{loc.text(_('As of %(when)s')) % {'when': loc.moment(week.health.as_of)}} · {healthy}"


def _tally(week: Week, labels: Labels) -> list[str]:
    loc = labels.loc
    rows = (
        (_("Articles"), week.tally.articles, "articles"),
        (_("Separate texts, copies folded"), week.tally.families, "families"),
        (_("Rows of events"), week.events.total, "events"),
    )
    return [f"- {loc.text(word)}: {loc.number(n)}, {usual_words(week.usual[key], labels)}" for word, n, key in rows]


def _section(heading: str, lines: Iterable[str]) -> list[str]:
    found = list(lines)
    return ["", f"## {plain(heading)}", "", *found] if found else []


def _hit(hit: Hit, labels: Labels, root: str) -> str:
    outlet, day = plain(labels.of("outlet", hit.outlet)), labels.loc.day(hit.day)
    return f"- [{plain(hit.title)}]({root}/articles/{hit.id}) – {outlet}, {day}"


def _story(story: dict[str, object], labels: Labels, root: str) -> str:
    loc = labels.loc
    here = int(str(story["here"]))
    reports = loc.translations.ngettext("%(n)s report", "%(n)s reports", here) % {"n": loc.number(here)}
    camps = story.get("camps")
    told = ", ".join(labels.of("camp", c) for c in camps) if isinstance(camps, list) else ""
    return f"- [{plain(story.get('title', ''))}]({root}/stories/{story['id']}) – {reports}; {told}"


def _event(event: dict[str, object], labels: Labels, root: str) -> str:
    loc = labels.loc
    arrow = "↔" if event.get("mutual") else "→"
    what = labels.word(EVENTS, str(event["type"]))
    sides = f"{loc.country(str(event['source']))} {arrow} {loc.country(str(event['target']))}"
    report = f"[{plain(labels.of('outlet', str(event['outlet'])))}]({root}/articles/{event['article']})"
    return f"- {sides}: {what}. “{plain(event.get('evidence', ''))}” ({report})"


def _rises(figure: Figure, labels: Labels) -> list[str]:
    number = labels.loc.number
    if not figure.rows:
        return [figure.blank]
    words = labels.loc.text(_("%(now)s texts; %(before)s in the four weeks before"))
    return [
        f"- {plain(r['name'])}: {words % {'now': number(r['now']), 'before': number(r['before'])}}" for r in figure.rows
    ]


def _places(figure: Figure, labels: Labels) -> list[str]:
    return [f"- {plain(r['name'])}: {labels.loc.number(r['count'])}" for r in figure.rows[:FIRST_PLACES]]
