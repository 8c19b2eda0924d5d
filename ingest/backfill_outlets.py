"""Whose a found page is: an outlet of the sources file by its host, else the one that stands for all unknown ones."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from urllib.parse import urlsplit

from amur.errors import UsageError
from ingest.model import Source
from ingest.urls import normal_host, registrable_domain

# Stands for every outlet that the sources file does not name; its ownership is unknown.
UNKNOWN_OUTLET = "backfill"


class Outlets:
    """Names outlets by address. With `only` everything is that outlet's. Raises UsageError for a name not known."""

    def __init__(self, sources: Sequence[Source], only: str = "") -> None:
        self.by_name = {source.name: source for source in sources}
        if only and only not in self.by_name:
            near = get_close_matches(only, self.by_name, 3)
            hint = f"; did you mean {' or '.join(near)}?" if near else "; `amur sources list` shows them"
            raise UsageError(f"no source is called {only!r}{hint}")
        self.only = only
        self._only = self.by_name.get(only)
        self._hosts: dict[str, list[tuple[str, Source]]] = defaultdict(list)
        self._domains: dict[str, set[str]] = defaultdict(set)
        for source in sources:
            for host, path in _places(source):
                self._hosts[host].append((path, source))
                self._domains[registrable_domain(host)].add(source.name)

    def of(self, url: str) -> Source | None:
        """The outlet of an address: by host and longest beginning of the path, by domain where one outlet has it."""
        if self._only:
            return self._only
        try:
            parts = urlsplit(url)
            host = _host(parts.hostname or "")
        except ValueError:
            return None
        fitting = {source.name: len(path) for path, source in self._hosts[host] if parts.path.startswith(path)}
        longest = [name for name, size in fitting.items() if size == max(fitting.values())]
        names = longest or list(self._domains.get(registrable_domain(host), ()))
        return self.by_name[names[0]] if len(names) == 1 else None


def _places(source: Source) -> Iterable[tuple[str, str]]:
    """(host, beginning of the path) of an outlet: its front page, and hosts of its domain that its feeds are on."""
    home = urlsplit(source.homepage)
    host = _host(home.hostname or "")
    found = {host: home.path.rstrip("/")}
    for feed in source.feeds:
        other = _host(urlsplit(feed.url).hostname or "")
        if registrable_domain(other) == registrable_domain(host):
            found.setdefault(other, "")
    return found.items()


def _host(host: str) -> str:
    return normal_host(host).removeprefix("www.")
