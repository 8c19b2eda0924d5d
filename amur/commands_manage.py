"""sources, quarantine, archive, index, reprocess, forget: looking after a collection."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from amur.command_options import AlwaysJson, Data, Json, Sample, SourcesFile, StoreUrl, load_settings, opened
from amur.output import counts_line, print_json, print_table, progress_display, say

sources_app = typer.Typer(no_args_is_help=True, help="The outlets and feeds that are followed.")
quarantine_app = typer.Typer(no_args_is_help=True, help="Entries that were set aside, and why.")
kibana_app = typer.Typer(no_args_is_help=True, help="Data views, searches and dashboards for Kibana.")
archive_app = typer.Typer(no_args_is_help=True, help="The stored pages and records.")
index_app = typer.Typer(no_args_is_help=True, help="The search store beside the ledger.")
LOSSES = 3
LARGEST = 2**63 - 1  # what a ledger counts to


def register(app: typer.Typer) -> None:
    app.add_typer(sources_app, name="sources")
    app.add_typer(quarantine_app, name="quarantine")
    app.add_typer(kibana_app, name="kibana")
    app.add_typer(archive_app, name="archive")
    app.add_typer(index_app, name="index")
    app.command()(reprocess)
    app.command()(forget)


@sources_app.command("list")
def sources_list(sources: SourcesFile = None, as_json: Json = False) -> None:
    """List outlets with country, languages, ownership and feeds.

    Example: `amur sources list --json`
    """
    from ingest.sources import load_sources

    found = load_sources(load_settings(sources=sources).sources)
    if as_json:
        print_json([asdict(s) for s in found])
        return
    rows = [
        (
            s.name,
            s.title,
            s.country,
            s.languages,
            s.ownership[-1].label if s.ownership else "unknown",
            len(s.feeds),
        )
        for s in found
    ]
    print_table(f"{len(rows)} outlets", ("name", "title", "country", "languages", "ownership", "feeds"), rows)


@sources_app.command("check")
def sources_check(sources: SourcesFile = None, as_json: Json = False) -> None:
    """Ask every feed, in parallel, whether it answers; what moved is proposed as an edit. Ends with 3 where one fails.

    Example: `amur sources check --sources mine.toml`
    """
    from ingest.checks import check_sources
    from ingest.sources import load_sources

    settings = load_settings(sources=sources)
    with progress_display() as progress:
        found = check_sources(load_sources(settings.sources), contact=settings.contact, hosts=settings.hosts,
                              progress=progress)  # fmt: skip
    rows = [c.as_dict() for c in found]
    if as_json:
        print_json(rows)
    else:
        columns = ("source", "url", "result", "newest", "entries", "advice")
        print_table(f"{len(rows)} feeds", columns, [[row.get(c) for c in columns] for row in rows])
    if any(c.failed for c in found):
        raise typer.Exit(LOSSES)


@sources_app.command("discover")
def sources_discover(url: Annotated[str, typer.Argument(help="A page of the outlet.")], as_json: Json = False) -> None:
    """Find the feeds and news sitemaps that a page and its robots.txt name.

    Example: `amur sources discover https://example.org/`
    """
    from ingest.checks import discover

    settings = load_settings()
    rows = [c.as_dict() for c in discover(url, contact=settings.contact, hosts=settings.hosts)]
    if as_json:
        print_json(rows)
    else:
        print_table(f"{len(rows)} found", ("url", "kind", "title"), [[r["url"], r["kind"], r["title"]] for r in rows])


@quarantine_app.command("list")
def quarantine_list(data: Data = None, store: StoreUrl = None, sample: Sample = None, as_json: Json = False) -> None:
    """List the entries that were set aside, with stage, error and attempts.

    Example: `amur quarantine list`
    """
    with opened(load_settings(data, store), sample) as amur:
        rows = amur.quarantine_list()
    _show(rows, ("entry", "url", "stage", "error", "attempts", "at"), as_json)


@quarantine_app.command("show")
def quarantine_show(
    entry: Annotated[int, typer.Argument(help="The entry's number, from `amur quarantine list`.", max=LARGEST)],
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write the stored bytes to a file.")] = None,
    data: Data = None,
    store: StoreUrl = None,
    sample: Sample = None,
    as_json: Json = False,
) -> None:
    """Show one entry that was set aside, and its stored bytes.

    Example: `amur quarantine show 17 -o page.html`
    """
    with opened(load_settings(data, store), sample) as amur:
        row, body = amur.quarantine_show(entry)
    if output is not None and body is not None:
        output.write_bytes(body)
        say(f"{len(body)} bytes written to {output}")
    _show([row], tuple(row), as_json)


@quarantine_app.command("replay")
def quarantine_replay(
    entries: Annotated[
        list[int] | None, typer.Argument(help="Numbers; all without any.", show_default=False, max=LARGEST)
    ] = None,
    data: Data = None,
    store: StoreUrl = None,
    sample: Sample = None,
    as_json: Json = False,
) -> None:
    """Send entries that were set aside through the pipeline again; `amur collect` then takes them up.

    Example: `amur quarantine replay 17 18`
    """
    with opened(load_settings(data, store), sample) as amur:
        count = amur.quarantine_replay(entries or None)
    if as_json:
        print_json({"replayed": count})
    else:
        say(f"{count} entries wait again; amur collect takes them up")


def reprocess(
    component: Annotated[str | None, typer.Option(help="Only one enricher, as in --component events.")] = None,
    raw: Annotated[bool, typer.Option("--raw", help="From the raw pages instead of the enriched records.")] = False,
    data: Data = None,
    store: StoreUrl = None,
    sources: SourcesFile = None,
    sample: Sample = None,
    as_json: Json = False,
) -> None:
    """Build all collections anew beside the old ones, then swap; searches never see half.

    Example: `amur reprocess --raw` after an update of the enrichers
    """
    with opened(load_settings(data, store, sources), sample) as amur, progress_display() as progress:
        counts = amur.reprocess(component=component, raw=raw, progress=progress)
    if as_json:
        print_json(dict(counts))
    else:
        say(counts_line(counts))


def forget(
    url: Annotated[str, typer.Argument(help="Address of the article.")],
    data: Data = None,
    store: StoreUrl = None,
    sample: Sample = None,
    as_json: Json = False,
) -> None:
    """Remove an article everywhere (index, records, raw page) and never collect it again.

    Example: `amur forget https://example.org/news/1`
    """
    with opened(load_settings(data, store), sample) as amur:
        found = amur.forget(url)
    if as_json:
        print_json(found)
    else:
        say(f"forgotten: {url}" + ("" if found["known"] else " (it was not known; it will not be collected)"))


@archive_app.command("verify")
def archive_verify(data: Data = None, store: StoreUrl = None, sample: Sample = None, as_json: Json = False) -> None:
    """Read every stored page and record with its checksum, and name those that cannot be had. Ends with 3 where one is.

    Example: `amur archive verify --json`
    """
    with opened(load_settings(data, store), sample) as amur:
        damage = amur.archive_verify()
    rows = [{**asdict(d.location), "reason": d.reason} for d in damage]
    if as_json:
        print_json(rows)
    else:
        columns = ("path", "offset", "length", "reason")
        print_table(f"{len(rows)} cannot be read", columns, [[row[c] for c in columns] for row in rows])
    if rows:
        raise typer.Exit(LOSSES)


@index_app.command("verify")
def index_verify(
    mend: Annotated[bool, typer.Option("--mend", help="Make anew what is missing, take out what is stray.")] = False,
    data: Data = None,
    store: StoreUrl = None,
    sources: SourcesFile = None,
    sample: Sample = None,
    as_json: Json = False,
) -> None:
    """Compare ledger, records and search store: what is missing, stray or unreadable. Ends with 3 where something is.

    Example: `amur index verify --mend`
    """
    with opened(load_settings(data, store, sources), sample) as amur, progress_display() as progress:
        found = amur.index_verify(mend=mend, progress=progress)
    if as_json:
        print_json(found)
    else:
        columns = ("collection", "in the store", "missing", "stray")
        rows = [
            (name, n, len(found["missing"][name]), len(found["stray"][name])) for name, n in found["checked"].items()
        ]
        print_table(f"{found['faults']} faults, {found['waiting']} articles wait to be indexed", columns, rows)
        if found["unreadable"]:
            say(f"{len(found['unreadable'])} records cannot be read: " + ", ".join(found["unreadable"][:5]))
        if found["mended"]:
            say("made anew; run amur index verify once more to see that nothing is left")
    if found["faults"] and not found["mended"]:
        raise typer.Exit(LOSSES)


@kibana_app.command("build")
def kibana_build(
    output: Annotated[Path | None, typer.Option("--output", "-o", help="A file; standard output without it.")] = None,
    _json: AlwaysJson = False,
) -> None:
    """Write the saved objects as NDJSON, as Kibana's own import page takes them.

    Example: `amur kibana build -o amur.ndjson`
    """
    from index.kibana.build import ndjson

    if output is None:
        print(ndjson(), end="")
    else:
        output.write_text(ndjson(), encoding="utf-8")


@kibana_app.command("push")
def kibana_push(
    url: Annotated[str, typer.Argument(help="Address of Kibana.")] = "http://127.0.0.1:5601", as_json: Json = False
) -> None:
    """Import the saved objects into a running Kibana, replacing earlier ones of ours.

    User and password are those of AMUR_STORE_USER and AMUR_STORE_PASSWORD. Example: `amur kibana push http://127.0.0.1:5601`
    """
    from index.kibana.push import push

    settings = load_settings()
    count = push(
        url,
        user=settings.store_user,
        password=settings.store_password,
        api_key=settings.store_api_key,
        ca=settings.store_ca,
        progress=say,
    )
    if as_json:
        print_json({"imported": count})
    else:
        say(f"{count} objects imported into {url}")


def _show(rows: list[dict[str, Any]], columns: tuple[str, ...], as_json: bool) -> None:
    if as_json:
        print_json(rows)
    else:
        print_table(f"{len(rows)} entries", columns, [[row.get(c) for c in columns] for row in rows])
