"""sources.toml -> Source records; every fault names its line. And the camps that sources are grouped into."""

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from amur.errors import SourcesError
from ingest.model import Camp, Source
from ingest.sources_toml import read_toml

# Countries of the European Union, of NATO outside it, and of the security partnerships of these in the Pacific.
# Turkey is left out: its press follows neither bloc.
WESTERN = (
    *("AUS", "AUT", "BEL", "BGR", "CAN", "CHE", "CYP", "CZE", "DEU", "DNK", "ESP", "EST", "FIN", "FRA", "GBR", "GRC"),
    *("HRV", "HUN", "IRL", "ISL", "ITA", "LIE", "LTU", "LUX", "LVA", "MLT", "NLD", "NOR", "NZL", "POL", "PRT", "ROU"),
    *("SVK", "SVN", "SWE", "USA"),
)
# What is not known, or is neither, fails to "other": a private owner is no proof of independence.
CAMPS = (
    Camp("russian-state", countries=("RUS",), ownership=("state", "state-affiliated")),
    Camp("chinese-state", countries=("CHN", "HKG", "MAC"), ownership=("state", "state-affiliated")),
    Camp("russian-independent", countries=("RUS",), ownership=("exile",)),
    Camp("western", countries=WESTERN),
)
OTHER = "other"


def load_sources(path: str | Path | None) -> tuple[Source, ...]:
    """The sources of a file, or of the one that ships with Amur for None or "".

    Raises SourcesError with all faults found, one a line, each with its place.
    """
    where = Path(path) if path else None
    name = str(where) if where else "sources.toml"
    document = read_toml(_text(where, name), name)
    return tuple(source.record(document.camps) for source in document.source)


def camp_of(source: Source, year: int, lang: str = "") -> str:
    """The first camp whose conditions hold for an outlet in a year; `lang` is the article's, where it matters."""
    return next((camp.name for camp in (*source.camps, *CAMPS) if _holds(camp, source, year, lang)), OTHER)


def camp_names(sources: tuple[Source, ...] = ()) -> tuple[str, ...]:
    """Every camp there can be: those of the sources file, then the five that ship."""
    own = (camp.name for source in sources[:1] for camp in source.camps)
    return tuple(dict.fromkeys((*own, *(camp.name for camp in CAMPS), OTHER)))


def feeds_of(sources: tuple[Source, ...]) -> Iterator[tuple[Source, str]]:
    """Each source with the address of each of its feeds."""
    for source in sources:
        for feed in source.feeds:
            yield source, feed.url


def _holds(camp: Camp, source: Source, year: int, lang: str) -> bool:
    languages = (lang,) if lang else source.languages
    return (
        (not camp.outlets or source.name in camp.outlets)
        and (not camp.countries or source.country in camp.countries)
        and (not camp.kinds or source.kind in camp.kinds)
        and (not camp.languages or not set(languages).isdisjoint(camp.languages))
        and (not camp.ownership or source.ownership_in(year) in camp.ownership)
    )


def _text(path: Path | None, name: str) -> str:
    try:
        if path is None:
            return files("ingest").joinpath("sources.toml").read_text(encoding="utf-8")
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise SourcesError(f"{name}: not UTF-8 at byte {error.start}; save the file as UTF-8") from error
    except OSError as error:
        raise SourcesError(f"{name}: cannot be read ({error.strerror}); name a file with --sources") from error
