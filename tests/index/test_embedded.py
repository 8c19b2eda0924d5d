"""What tantivy does wrong in silence, and what a folder must stand: other processes, kills, full disks, swaps."""

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from index_samples import documents, identifier

from amur.errors import StoreError, StoreUnavailable, UnsupportedQuery
from index import answers
from index.query import Filters
from index.store import open_store
from index.store.embedded import EmbeddedStore

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> EmbeddedStore:
    store = EmbeddedStore(tmp_path_factory.mktemp("embedded"))
    assert all(w.ok for w in store.write("articles", documents()))
    return store


REFUSED_QUERIES: list[tuple[Any, str]] = [
    ({"query_string": {"query": "gas"}}, "query_string"),
    ({"match": {"title_en": "gas"}}, "'match'"),
    ({"prefix": {"outlet": "neva"}}, "prefix"),
    ({"term": {"outlets": "neva_wire"}}, "'outlets'"),
    ({"terms": {"nothing": ["x"]}}, "'nothing'"),
    ({"range": {"nothing": {"gte": 1}}}, "'nothing'"),
    ({"exists": {"field": "nothing"}}, "'nothing'"),
    ({"term": {"title_en": "gas"}}, "text field"),
    ({"term": {"title": "kept, not searched"}}, "'title'"),
    ({"match_phrase": {"title_zh": "天然气"}}, "title_zh"),
    ({"match_phrase": {"outlet": "neva"}}, "'outlet'"),
    ({"match_phrase": {"title_en": {"query": "a b", "slop": 2}}}, "slop"),
    ({"range": {"day": {"gte": "2024-01-01", "time_zone": "+03:00"}}}, "time_zone"),
    ({"range": {"day": {"gte": "now-1d"}}}, "now-1d"),
    ({"range": {"day": {"gte": "2024-01-01", "gt": "2024-01-01"}}}, "two lower"),
    ({"range": {"outlet": {"gte": "a"}}}, "keyword"),
    ({"bool": {"must": [], "boost": 2}}, "boost"),
    ({"term": {"both_named": "maybe"}}, "both_named"),
    ({"term": {"lang": "en"}, "match_all": {}}, "exactly one"),
    ([], "exactly one"),
    ("gas", "exactly one"),
]


@pytest.mark.parametrize(("query", "word"), REFUSED_QUERIES, ids=[w for _, w in REFUSED_QUERIES])
def test_a_query_outside_the_subset_is_refused_loudly(sample: EmbeddedStore, query: Any, word: str) -> None:
    with pytest.raises(UnsupportedQuery, match=word):
        sample.search("articles", {"query": query})


def histogram(**changes: Any) -> dict[str, Any]:
    base = {"field": "day", "calendar_interval": "week", "min_doc_count": 1}
    return {"date_histogram": {k: v for k, v in (base | changes).items() if v is not None}}


REFUSED_AGGREGATIONS: list[tuple[dict[str, Any], str]] = [
    (histogram(time_zone="Asia/Shanghai"), "time_zone"),
    (histogram(format="yyyy"), "format"),
    (histogram(calendar_interval="quarter"), "calendar_interval"),
    (histogram(calendar_interval=None, fixed_interval="7d"), "fixed_interval"),
    (histogram(min_doc_count=0), "min_doc_count"),
    (histogram(field="nothing"), "'nothing'"),
    (histogram(field="outlet"), "'outlet'"),
    ({"terms": {"field": "nothing"}}, "'nothing'"),
    ({"terms": {"field": "title_en"}}, "'title_en'"),
    ({"terms": {"field": "lang", "order": {"_key": "asc"}}}, "order"),
    ({"terms": {"field": "lang", "include": "e.*"}}, "include"),
    ({"sum": {"field": "both_named"}}, "'both_named'"),
    ({"max": {"field": "published"}}, "'published'"),
    ({"range": {"field": "published", "ranges": []}}, "'range'"),
    ({"filters": {"filters": {}}}, "'filters'"),
    ({"sum": {"field": "relevance"}, "aggs": {"x": {"sum": {"field": "relevance"}}}}, "aggs below"),
    ({"terms": {"field": "lang"}, "aggregations": {}}, "'aggregations'"),
    ({"terms": {"field": "lang"}, "aggs": {"x": histogram(time_zone="UTC")}}, "time_zone"),
]


@pytest.mark.parametrize(("agg", "word"), REFUSED_AGGREGATIONS, ids=[str(n) for n in range(len(REFUSED_AGGREGATIONS))])
def test_an_aggregation_outside_the_subset_is_refused_loudly(
    sample: EmbeddedStore, agg: dict[str, Any], word: str
) -> None:
    with pytest.raises(UnsupportedQuery, match=word):
        sample.search("articles", {"size": 0, "aggs": {"a": agg}})


REFUSED_BODIES: list[tuple[dict[str, Any], str]] = [
    ({"sort": [{"outlet": "asc"}]}, "sort"),
    ({"search_after": [1]}, "search_after"),
    ({"_source": ["title*"]}, "_source"),
    ({"from": 9_999, "size": 2}, "10000"),
    ({"size": -1}, "size"),
    ({"highlight": {"fields": {"title_en": {"number_of_fragments": 3}}}}, "number_of_fragments"),
    ({"highlight": {"type": "fvh", "fields": {}}}, "type"),
    ({"knn": {}}, "knn"),
]


@pytest.mark.parametrize(("body", "word"), REFUSED_BODIES, ids=[w for _, w in REFUSED_BODIES])
def test_a_body_outside_the_subset_is_refused_loudly(sample: EmbeddedStore, body: dict[str, Any], word: str) -> None:
    with pytest.raises(UnsupportedQuery, match=word):
        sample.search("articles", body)


def test_a_size_of_none_counts_without_a_panic(sample: EmbeddedStore) -> None:
    assert sample.search("articles", {"size": 0})["hits"] == {
        "total": {"value": 8, "relation": "eq"}, "max_score": None, "hits": [],
    }  # fmt: skip


def test_a_cut_in_a_tie_is_at_the_smallest_values(tmp_path: Path) -> None:
    """300 values with one document each: the five smallest are shown, which 205 asked for would not hold."""
    store = EmbeddedStore(tmp_path)
    rows = [{"id": f"{n:04x}", "revision": 1, "outlet": f"o{(n * 7) % 300:03d}"} for n in range(300)]
    assert all(w.ok for w in store.write("articles", rows))
    got = answers.facets(store, Filters(), ["outlet"], size=5)
    assert got["outlet"] == tuple((f"o{n:03d}", 1) for n in range(5))
    assert answers.totals(store, Filters()).outlets == 300


def run(code: str, *arguments: str) -> subprocess.Popen[str]:
    """Another process with the project on its path."""
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments], cwd=ROOT, text=True, stdout=subprocess.PIPE, stdin=subprocess.PIPE
    )


WRITER = """
import sys
from index.store import open_store
store, first = open_store(sys.argv[1]), int(sys.argv[2])
for n in range(first, first + 10):
    assert all(w.ok for w in store.write("articles", [{"id": f"{n:04x}", "revision": 1, "lang": "en"}]))
"""


def test_processes_that_write_at_once_take_turns(tmp_path: Path) -> None:
    url = f"embedded://{tmp_path}"
    writers = [run(WRITER, url, str(first)) for first in (0, 100, 200)]
    assert [w.wait(120) for w in writers] == [0, 0, 0]
    assert open_store(url).count("articles") == 30


def test_threads_may_read_and_write_at_once(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path)
    store.ensure()
    failures: list[BaseException] = []

    def work(number: int) -> None:
        try:
            for n in range(5):
                row = {"id": f"{number:02x}{n:02x}", "revision": 1, "lang": "en"}
                assert all(w.ok for w in store.write("articles", [row]))
                assert store.count("articles") > n
        except BaseException as error:  # noqa: BLE001 -- a thread's failure must reach the test
            failures.append(error)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert store.count("articles") == 20


READER = """
import sys
from index.store import open_store
store = open_store(sys.argv[1])
for line in sys.stdin:
    print(store.count("articles"), flush=True)
"""


def test_a_reader_in_another_process_sees_every_commit(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path)
    store.ensure()
    reader = run(READER, store.url)
    assert reader.stdin is not None
    assert reader.stdout is not None
    for n in range(1, 6):
        assert all(w.ok for w in store.write("articles", [{"id": f"{n:04x}", "revision": 1}]))
        reader.stdin.write("\n")
        reader.stdin.flush()
        assert int(reader.stdout.readline()) == n
    reader.stdin.close()
    assert reader.wait(30) == 0


HOLDER = """
import sys
from index.store.embedded_folder import Folder
from pathlib import Path
with Folder(Path(sys.argv[1])).writing("000001"):
    print("held", flush=True)
    sys.stdin.readline()
"""


def test_a_writer_that_waits_too_long_says_so_and_may_repeat(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path, wait=0.3)
    store.ensure()
    holder = run(HOLDER, str(tmp_path / "amur"))
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(StoreUnavailable, match="writing"):
        list(store.write("articles", documents()))
    holder.kill()  # the operating system gives the lock up
    holder.wait()
    assert all(w.ok for w in store.write("articles", documents()))


ENDLESS = """
import sys
from index.store import open_store
store, n = open_store(sys.argv[1]), 0
while True:
    batch = [{"id": f"{n:06x}{i:02x}", "revision": 1, "lang": "en", "body_en": "gas " * 200} for i in range(20)]
    assert all(w.ok for w in store.write("articles", batch))
    n += 1
    print(n, flush=True)
"""


def test_what_was_acknowledged_survives_a_kill(tmp_path: Path) -> None:
    url = f"embedded://{tmp_path}"
    for attempt in range(3):
        writer = run(ENDLESS, url)
        assert writer.stdout is not None
        acknowledged = [writer.stdout.readline() for _ in range(2 + attempt)]
        os.kill(writer.pid, signal.SIGKILL)
        writer.wait()
        store = open_store(url)
        count = store.count("articles")
        assert count % 20 == 0
        assert count >= 20 * int(acknowledged[-1])
    assert all(w.ok for w in store.write("articles", documents()))
    assert store.get("articles", identifier("en1")) is not None


FULL = """
import resource, signal, sys
from index.store import open_store
from amur.errors import StoreError
store = open_store(sys.argv[1])
store.ensure()
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, resource.RLIM_INFINITY))
rows = [{"id": f"{n:06x}", "revision": 1, "body_en": f"word{n} " * 300} for n in range(500)]
try:
    list(store.write("articles", rows))
except StoreError as error:
    print("refused:", error)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
print(store.count("articles"), all(w.ok for w in store.write("articles", rows)), store.count("articles"))
"""


def test_a_full_disk_is_an_error_and_not_the_end(tmp_path: Path) -> None:
    """A limit on the size of files stands for the full disk: the operating system refuses the write alike."""
    output, _ = run(FULL, f"embedded://{tmp_path}").communicate(timeout=120)
    *_noise, refused, after = output.splitlines()
    assert refused.startswith("refused: the store in")
    assert after == "0 True 500"


def test_analyzers_are_there_after_every_opening(tmp_path: Path) -> None:
    assert all(w.ok for w in EmbeddedStore(tmp_path).write("articles", documents()))
    assert answers.search(EmbeddedStore(tmp_path), Filters(q="газопроводами")).total == 2


def test_a_document_comes_back_as_it_was_given(sample: EmbeddedStore) -> None:
    given = documents()[0]
    stored = sample.get("articles", given["id"])
    assert stored == json.loads(json.dumps(given))


def test_an_index_of_another_version_is_told_apart(tmp_path: Path) -> None:
    import tantivy

    store = EmbeddedStore(tmp_path)
    store.ensure()
    folder = tmp_path / "amur" / "000001" / "articles"
    for path in folder.iterdir():
        path.unlink()
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True)
    tantivy.Index(builder.build(), str(folder))
    with pytest.raises(StoreError, match="reprocess"):
        list(EmbeddedStore(tmp_path).write("articles", documents()))
    with pytest.raises(StoreError, match="reprocess"):
        EmbeddedStore(tmp_path).count("articles")


def test_a_damaged_folder_is_a_store_error(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path)
    store.ensure()
    (tmp_path / "amur" / "000001" / "articles" / "meta.json").write_text("{}")
    with pytest.raises(StoreError):
        store.count("articles")


def test_a_folder_that_cannot_be_made_is_a_store_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreError):
        EmbeddedStore(tmp_path / "file").count("articles")


LOOKING = """
import json, sys
from index.store import open_store
from index import answers
from index.query import Filters
store, seen, n = open_store(sys.argv[1]), set(), 0
print("ready", flush=True)
while n < int(sys.argv[2]) or not seen >= {(5, 5)}:
    n += 1
    seen.add((store.count("articles"), len(answers.search(store, Filters(langs=("en",)), limit=50).hits)))
print(json.dumps(sorted(seen)), flush=True)
"""


def test_no_reader_ever_sees_half_a_generation(tmp_path: Path) -> None:
    """A generation of 30 articles is replaced by one of 5, while another process looks at it in a loop."""

    def rows(count: int) -> list[dict[str, Any]]:
        return [{"id": f"{n:04x}", "revision": 1, "lang": "en"} for n in range(count)]

    store = EmbeddedStore(tmp_path)
    assert all(w.ok for w in store.write("articles", rows(30)))
    reader = run(LOOKING, store.url, "300")
    assert reader.stdout is not None
    assert reader.stdout.readline() == "ready\n"
    generation = store.begin_generation()
    for n in range(5):
        assert all(w.ok for w in generation.write("articles", rows(5)[n : n + 1]))
    generation.swap()
    output, _ = reader.communicate(timeout=120)
    # Two questions may fall to either side of the swap; none falls into the building.
    seen = json.loads(output)
    assert {count for pair in seen for count in pair} <= {30, 5}
    assert [p.name for p in (tmp_path / "amur").glob("0*")] == ["000002"]


def test_a_writer_that_waited_through_a_swap_writes_to_the_new_generation(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path)
    store.ensure()
    generation = store.begin_generation()
    results: list[bool] = []
    with store.folder.writing("000001"):
        writer = threading.Thread(target=lambda: results.extend(w.ok for w in store.write("articles", documents())))
        writer.start()
        # The swap itself waits for the lock that is held here, so the name is put in place directly.
        store.folder.set_current("000002")
    writer.join(30)
    assert results == [True] * 8
    assert generation.count("articles") == 8
