"""explain: why an article was read as it was."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from amur.command_options import Data, Json, Sample, load_settings, opened
from amur.errors import UsageError
from amur.output import print_json

if TYPE_CHECKING:
    from amur.pipeline import Amur
    from ingest.model import Article, EnrichedArticle


def register(app: typer.Typer) -> None:
    app.command("explain")(explain_article)


def explain_article(
    url: Annotated[str, typer.Argument(metavar="URL", help="Address of a collected article, or a file: HTML or text.")],
    data: Data = None,
    sample: Sample = None,
    as_json: Json = False,
) -> None:
    """Show an article with every annotation, what made it and how sure it is, and why it counts as relevant or not.

    Example: `amur explain https://example.org/news/1`
    """
    from ingest.enrich.explain import as_text, explain

    settings = load_settings(data)
    if Path(url).is_file():
        from ingest.enrich.reader import Reader

        reader = Reader.load("lexicon" if settings.readers == "lexicon" else "all")
        found = reader.read(_of_file(Path(url)))
    else:
        with opened(settings, sample) as amur:
            found = of_collection(amur, url)
    told = explain(found)
    if as_json:
        print_json(told)
    else:
        print(as_text(told))


def _of_file(path: Path) -> "Article":
    """The article of an HTML file; of a plain text its first line is the title."""
    from ingest.language import detect_language
    from ingest.model import Article
    from ingest.pages import extract_article

    raw = path.read_bytes()
    if path.suffix.lower() in (".html", ".htm") or raw.lstrip()[:1] == b"<":
        return extract_article(raw, path.resolve().as_uri().replace("file://", "http://localhost"))
    title, _, text = raw.decode("utf-8", errors="replace").strip().partition("\n")
    return Article(path.name, "", "", "", title.strip(), text.strip(), detect_language(f"{title}\n{text}"))


def of_collection(amur: "Amur", url: str) -> "EnrichedArticle":
    """The stored record of an address; where none was kept since it is irrelevant, its page read anew.

    Raises UsageError for an address that the collection does not hold.
    """
    from amur.forgetting import keys_of

    keys = list(keys_of(url))
    found = amur.ledger.articles.find(keys)
    if found and found[0].record.path:
        return amur.archive.read_record(found[0].record)
    for row in amur.ledger.articles.entries_of(keys, [known.id for known in found]):
        if row.raw_path:
            return _read_anew(amur, row)
    raise UsageError(f"{url} is not in the collection in {amur.settings.data}")


def _read_anew(amur: "Amur", row: Any) -> "EnrichedArticle":
    """What was kept of a page, or of its feed entry where that is all there is, read with the readers of today."""
    from amur.errors import NoText
    from ingest.archive import Location
    from ingest.pages import read_feed_text, read_page

    page = amur.archive.read_page(Location(row.raw_path, row.raw_offset, row.raw_length))
    source = amur.by_name.get(page.entry.source)
    try:
        article = read_page(page, source) if page.status else None
    except NoText:
        article = None
    return amur.reader.read(article or read_feed_text(page.entry, source, now=page.fetched_at))
