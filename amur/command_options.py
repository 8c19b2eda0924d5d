"""What the commands share: their options, and how the parts are opened for one command."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from amur.output import say
from amur.settings import Settings

if TYPE_CHECKING:
    from amur.pipeline import Amur

Data = Annotated[
    Path | None,
    typer.Option("--data", help="Folder of ledger, archive and embedded store.", show_default="amur-data"),
]
StoreUrl = Annotated[
    str | None,
    typer.Option("--store", help="https://HOST:9200 instead of the embedded store.", show_default=False),
]
SourcesFile = Annotated[str | None, typer.Option("--sources", help="A sources file of your own.", show_default=False)]
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
# Accepted so that scripts may always pass it.
AlwaysJson = Annotated[bool, typer.Option("--json", help="The output is JSON in any case.")]
Sample = Annotated[
    bool | None,
    typer.Option(
        "--sample/--real",
        help="The bundled sample, or your own collection.",
        show_default="what the folder has",
    ),
]


def load_settings(data: Path | None = None, store: str | None = None, sources: str | None = None) -> Settings:
    return Settings.load(os.environ, data=data, store=store, sources=sources)


def is_sample(settings: Settings, asked: bool | None) -> bool:
    """A folder that holds only the sample is read as such; real data is never mistaken for it."""
    if asked is not None:
        return asked
    sample, real = settings.data / "sample" / "ledger.sqlite", settings.data / "ledger.sqlite"
    return sample.exists() and not real.exists() and not settings.ledger


@contextmanager
def opened(settings: Settings, sample: bool | None = None) -> Iterator["Amur"]:
    from amur.pipeline import Amur

    new = sample is None and not settings.ledger and not settings.data.exists()
    amur = Amur.open(settings, sample=is_sample(settings, sample))
    if new:
        say(f"nothing has been collected in {settings.data} yet; `amur run` begins")
    try:
        yield amur
    finally:
        amur.close()


@contextmanager
def sample_web(settings: Settings) -> Iterator[Settings]:
    """The sample web on a free local port for as long as the sample is being collected."""
    from ingest.sample_web import SampleServer

    with SampleServer() as server:
        pairs = ",".join(f"{name}={address}:{port}" for name, (address, port) in server.hosts.items())
        yield replace(settings, resolve=pairs)
