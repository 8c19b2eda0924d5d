"""Hands the dashboard what it shows: a store, a status, settings, names."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from amur.pipeline import Amur
    from dashboard.parts import Parts


def dashboard_parts(amur: "Amur") -> "Parts":
    from dashboard.parts import Parts
    from ingest.enrich.gazetteer import Gazetteer

    return Parts(
        store=amur.store,
        status=amur.status,
        settings=amur.settings,
        sample=amur.sample,
        gazetteer=Gazetteer.load(),
        sources=amur.sources,
    )
