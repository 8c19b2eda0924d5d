"""run, collect, serve, status, doctor: the daily work."""

import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import replace
from typing import Annotated, Any, Literal

import typer

from amur.command_options import (
    Data,
    Json,
    Sample,
    SourcesFile,
    StoreUrl,
    is_sample,
    load_settings,
    opened,
    sample_web,
)  # fmt: skip
from amur.output import counts_line, print_json, print_table, progress_display, say
from amur.settings import Settings

Step = Literal["poll", "fetch", "enrich", "index", "link"]
LOSSES = 3


def register(app: typer.Typer) -> None:
    for command in (run, collect, serve, status, doctor):
        app.command()(command)


def run(
    sample: Annotated[
        bool, typer.Option("--sample", help="Open the bundled sample instead of the live feeds.")
    ] = False,
    once: Annotated[
        bool, typer.Option("--once", help="Collect before serving, even where there is data already.")
    ] = False,
    no_serve: Annotated[bool, typer.Option("--no-serve", help="Collect and end.")] = False,
    port: Annotated[int | None, typer.Option(help="Port of the dashboard.", show_default="8642")] = None,
    host: Annotated[str | None, typer.Option(help="Address of the dashboard.", show_default="127.0.0.1")] = None,
    data: Data = None,
    store: StoreUrl = None,
    sources: SourcesFile = None,
) -> None:
    """Collect once from the live feeds, then serve the dashboard.

    Where no feed can be reached, the bundled sample is opened instead. Example: `amur run --sample`
    """
    settings = replace(load_settings(data, store, sources), **_given(port=port, host=host))
    sample = sample or not _online(settings)
    with ExitStack() as stack:
        if once or no_serve or not _has_articles(settings, sample):
            _collect_with_progress(settings, sample=sample)
        elif not sample:
            stack.enter_context(_collecting_beside(settings))
        if not no_serve:
            _serve(settings, sample)


def _given(**options: Any) -> dict[str, Any]:
    return {name: value for name, value in options.items() if value is not None}


def _online(settings: Settings) -> bool:
    """Whether the web answers at all; where it does not, say so in one sentence."""
    from ingest.checks import reachable
    from ingest.sources import load_sources

    sources = load_sources(settings.sources)
    if reachable(sources, hosts=settings.hosts):
        return True
    say(f"None of the {sum(len(s.feeds) for s in sources)} feeds can be reached from here; opening the sample instead.")
    return False


def _has_articles(settings: Settings, sample: bool) -> bool:
    with opened(settings, sample) as amur:
        return amur.counts().get("indexed", 0) > 0


def _collect_with_progress(
    settings: Settings, *, sample: bool, only: Step | None = None, force: bool = False
) -> Mapping[str, int]:
    web = sample_web(settings) if sample else nullcontext(settings)
    with web as reached, opened(reached, sample) as amur, progress_display() as progress:
        counts: Mapping[str, int] = amur.collect(only=only, force=force, progress=progress)
    say(counts_line(counts) or "nothing was due")
    return counts


@contextmanager
def _collecting_beside(settings: Settings) -> Iterator[None]:
    """Collect in a process of its own, so that the dashboard answers at once; a stop at any time loses nothing."""
    command = [sys.executable, "-m", "amur.cli", "collect", "--real", "--data", str(settings.data)]
    command += ["--store", settings.store] if settings.store else []
    command += ["--sources", settings.sources] if settings.sources else []
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603
    try:
        yield
    finally:
        process.terminate()
        process.wait()


def _serve(settings: Settings, sample: bool) -> None:
    from amur.dashboard_parts import dashboard_parts
    from dashboard import serve as serve_dashboard

    with opened(settings, sample) as amur:
        what = "the SAMPLE" if sample else "your collection"
        line = f"Dashboard of {what} on http://{settings.host}:{settings.port} (Ctrl-C ends it)"
        serve_dashboard(dashboard_parts(amur), settings.host, settings.port, lambda: say(line))


def collect(
    only: Annotated[Step | None, typer.Option(help="Only one step.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Poll feeds whether due or not.")] = False,
    data: Data = None,
    store: StoreUrl = None,
    sources: SourcesFile = None,
    sample: Sample = None,
    as_json: Json = False,
) -> None:
    """Poll what is due, fetch, enrich, index and link; then end. Ends with 3 where entries were set aside.

    Example: `amur collect --only poll --force`
    """
    signal.signal(signal.SIGTERM, _interrupt)
    settings = load_settings(data, store, sources)
    counts = _collect_with_progress(settings, sample=is_sample(settings, sample), only=only, force=force)
    if as_json:
        print_json(dict(counts))
    if counts.get("quarantined"):
        raise typer.Exit(LOSSES)


def _interrupt(_signal: int, _frame: Any) -> None:
    raise KeyboardInterrupt


def serve(
    port: Annotated[int | None, typer.Option(help="Port of the dashboard.", show_default="8642")] = None,
    host: Annotated[
        str | None,
        typer.Option(help="Address to bind; another than loopback needs AMUR_PASSWORD or AMUR_TOKEN."),
    ] = None,
    data: Data = None,
    store: StoreUrl = None,
    sources: SourcesFile = None,
    sample: Sample = None,
) -> None:
    """Serve the dashboard of what has been collected.

    Example: `amur serve --port 9000`
    """
    settings = replace(load_settings(data, store, sources), **_given(port=port, host=host))
    _serve(settings, is_sample(settings, sample))


def status(
    data: Data = None,
    store: StoreUrl = None,
    sources: SourcesFile = None,
    sample: Sample = None,
    as_json: Json = False,
) -> None:
    """Show entries by state and the health of every source.

    Example: `amur status --json`
    """
    with opened(load_settings(data, store, sources), sample) as amur:
        found = amur.status()
    if as_json:
        print_json(found)
        return
    mark = "SAMPLE DATA: " if found["sample"] else ""
    print_table(f"{mark}{found['entries']} entries", ("state", "entries"), sorted(found["states"].items()))
    rows = [(s["name"], s["health"], _minute(s["last_success"]), _minute(s["next_poll"])) for s in found["sources"]]
    print_table(f"{len(rows)} sources", ("source", "health", "last success (UTC)", "next poll (UTC)"), rows)
    say(f"store {found['store']['url']}: {found['store']['documents']} documents")


def _minute(instant: str | None) -> str:
    return (instant or "")[:16].replace("T", " ")


def doctor(data: Data = None, store: StoreUrl = None, sources: SourcesFile = None, as_json: Json = False) -> None:
    """Check what this machine has and every setting; says what to do about each fault.

    Example: `amur doctor`
    """
    from amur.checkup import checkup

    settings = load_settings(data, store, sources)
    checks = checkup(settings)
    if as_json:
        print_json({"checks": checks, "settings": settings.table()})
    else:
        print_table(
            "Checks",
            ("check", "result", "what to do"),
            [(c["check"], c["result"], c["advice"]) for c in checks],
        )
        print_table(
            "Settings",
            ("name", "value", "help"),
            [(r["name"], r["value"], r["help"]) for r in settings.table()],
        )
    if any(c["result"] == "failed" for c in checks):
        raise typer.Exit(1)
