"""The steps between the web and the enriched records: poll, fetch, enrich, link.

Each takes its parts, claims one bounded batch, makes its effect durable, then moves the entries on, and returns
counts by outcome (`claimed` is how many it took; 0 means that nothing waited). A crash anywhere repeats work and
loses none; any number of processes may run any step at once.
"""

from ingest.step_enrich import enrich
from ingest.step_fetch import fetch
from ingest.step_link import link
from ingest.step_poll import poll
from ingest.steps_base import Counts, Worker

__all__ = ["Counts", "Worker", "enrich", "fetch", "link", "poll"]
