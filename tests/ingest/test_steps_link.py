"""Links through the ledger are those of linking everything at once, whatever came first, late, edited or forgotten."""

import datetime as dt
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from amur.errors import LedgerError
from ingest.archive import Location
from ingest.ledger import Ledger
from ingest.ledger_articles import Read, Want
from ingest.linking import link as link_all
from ingest.model import FeedEntry, Links
from ingest.step_link import link, link_item
from ingest.steps_base import Worker

WORKER = Worker("tester", lease=60.0)
COPIES = 0.4
START = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)


def story_of_articles(seed: int, count: int) -> list[dict[str, Any]]:
    """Articles over half a year that tell some forty happenings, each in a few days, with gaps and long chains.

    Two in five are copies of one text of their happening, some of them cut or late.
    """
    rng = random.Random(seed)
    happenings = [(rng.uniform(0, 180), [rng.gauss(0, 1) for _ in range(16)]) for _ in range(count // 4)]
    texts = {day: [rng.getrandbits(32) for _ in range(128)] for day, _ in happenings}
    found = []
    for number in range(count):
        day, centre = rng.choice(happenings)
        found.append(
            {
                "id": f"{number:064x}",
                "lang": rng.choice(("en", "ru", "zh")),
                "published": START + dt.timedelta(days=day + rng.expovariate(0.5)),
                "embedding": [c + rng.gauss(0, 0.25) for c in centre],
                "signature": copy(rng, texts[day]) if rng.random() < COPIES else [],
                "entities": [f"Thing {int(day) % 7}", f"Thing {rng.randrange(40)}"],
                "numbers": [str(int(day * 100)), str(rng.randrange(10))],
            }
        )
    return found


def copy(rng: random.Random, text: Sequence[int]) -> list[int]:
    """The signature of a copy with a third of its text changed at most."""
    changed = set(rng.sample(range(len(text)), rng.randrange(len(text) // 3)))
    return [rng.getrandbits(32) if at in changed else value for at, value in enumerate(text)]


def put(ledger: Ledger, articles: Sequence[dict[str, Any]]) -> None:
    ledger.feeds.add(FeedEntry("wire", "http://w.example/rss", f"http://w.example/{a['id']}") for a in articles)
    held = ledger.claim("fetch", len(articles) + 1, "w", 60)
    entry = {h.entry.url.rsplit("/", 1)[1]: h.id for h in held.entries}
    entry |= {a["id"]: known.owner for a in articles if (known := ledger.articles.known([a["id"]]).get(a["id"]))}
    ledger.articles.own([Want(a["id"], entry[a["id"]], "0") for a in articles])
    with ledger.engine.begin() as connection:
        ledger.articles.record(connection, [read(a, entry[a["id"]]) for a in articles])


def read(article: dict[str, Any], owner: int) -> Read:
    place, when = Location("records/x", 0, 1), article["published"]
    known = {name: article.get(name, []) for name in ("signature", "embedding", "entities", "numbers")}
    data = {"title": "", "wire": "", **known}
    return Read(
        article["id"], owner, "http://w.example/" + article["id"], "wire", article["lang"], when.date().isoformat(),
        when.timestamp(), "", str(article["embedding"]), "page", True, place, place, 0.0, "", data,
    )  # fmt: skip


def linked(ledger: Ledger) -> dict[str, Links]:
    return ledger.links.links_of([article for article, _, _ in ledger.links.all_linked()])


def at_once(ledger: Ledger) -> dict[str, Links]:
    rows = ledger.links.window(0.0, 4e9)
    return {links.id: links for links in link_all([link_item(row, {}) for row in rows])}


@pytest.fixture
def ledger(tmp_path: Path) -> Any:
    opened = Ledger.open(f"sqlite:///{tmp_path / 'ledger.sqlite'}")
    yield opened
    opened.close()


@pytest.mark.parametrize("seed", [1, 2, pytest.param(3, marks=pytest.mark.all_tiers)])
def test_links_do_not_depend_on_the_order_of_arrival(ledger: Ledger, seed: int) -> None:
    rng, articles = random.Random(seed), story_of_articles(seed, 160)
    rng.shuffle(articles)
    for begin in range(0, len(articles), 40):
        put(ledger, articles[begin : begin + 40])
        link(ledger, {}, WORKER)
    edited = [{**a, "embedding": [-x for x in a["embedding"]]} for a in rng.sample(articles, 10)]
    put(ledger, edited)
    link(ledger, {}, WORKER)
    gone = [a["id"] for a in rng.sample(articles, 10)]
    ledger.articles.bury([], gone)
    link(ledger, {}, WORKER)
    now = linked(ledger)
    assert now == at_once(ledger)
    assert len({links.story for links in now.values()}) < len({links.family for links in now.values()}) < len(now)
    assert link(ledger, {}, WORKER)["days"] == 0


def test_an_id_that_lost_its_story_leads_to_the_one_that_took_it(ledger: Ledger) -> None:
    early, late = ({"id": f"{n:064x}", "lang": "en", "published": START + dt.timedelta(hours=9 - n),
                    "embedding": [1.0, 0.5, -2.0]} for n in (1, 0))  # fmt: skip
    put(ledger, [late])
    link(ledger, {}, WORKER)
    put(ledger, [early])
    link(ledger, {}, WORKER)
    stories = {links.story for links in linked(ledger).values()}
    if len(stories) == 1:
        assert ledger.links.follow("story", late["id"]) == early["id"]
    assert ledger.links.follow("story", "unknown") == "unknown"


def test_a_new_article_costs_a_window_and_not_the_corpus(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    put(ledger, story_of_articles(5, 400))
    link(ledger, {}, WORKER)
    sizes: list[int] = []
    window = ledger.links.window
    monkeypatch.setattr(ledger.links, "window", lambda *span: sizes.append(len(found := window(*span))) or found)
    new = {"id": "f" * 64, "lang": "en", "published": START + dt.timedelta(days=90), "embedding": [1.0] * 16}
    put(ledger, [new])
    link(ledger, {}, WORKER)
    assert max(sizes) < 300


def test_who_lost_the_lease_commits_nothing(ledger: Ledger) -> None:
    put(ledger, story_of_articles(7, 8))
    token = ledger.lease("link", "slow", -1.0)
    assert token
    assert ledger.lease("link", "quick", 60.0)
    with pytest.raises(LedgerError, match="lease"):
        ledger.links.apply([], {}, ledger.links.marks(), token)
    assert ledger.links.marks()
