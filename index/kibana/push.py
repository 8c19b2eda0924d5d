"""Imports the saved objects into a running Kibana, with a clear error for each that it refuses."""

import json
from collections import Counter
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from amur.errors import StoreError, StoreUnavailable
from index.kibana.build import ndjson, saved_objects

TIMEOUT = 60  # seconds; a first import migrates every object
NAMES = {"tag": "tag", "index-pattern": "data views", "search": "saved searches", "dashboard": "dashboards"}


def push(
    url: str,
    *,
    user: str = "",
    password: str = "",
    api_key: str = "",
    ca: str = "",
    prefix: str = "amur-",
    progress: Callable[[str], object] = lambda _line: None,
) -> int:
    """Import all objects, replacing earlier ones of ours. Returns how many arrived.

    `progress` is called with a line before the import, which may take a minute. Raises StoreUnavailable where Kibana
    does not answer or is not ready yet, StoreError where it refuses an object or the user.
    """
    import urllib3

    headers = {"kbn-xsrf": "amur"} | _credentials(user, password, api_key)
    file = ("amur.ndjson", ndjson(prefix), "application/ndjson")
    pool = urllib3.PoolManager(ca_certs=ca or None, retries=urllib3.Retry(2, redirect=0))
    progress(f"importing {contents(prefix)} into {url}")
    try:
        response = pool.request(
            "POST", f"{url.rstrip('/')}/api/saved_objects/_import?overwrite=true",
            fields={"file": file}, headers=headers, timeout=TIMEOUT,
        )  # fmt: skip
    except urllib3.exceptions.HTTPError as error:
        raise StoreUnavailable(f"Kibana at {url} does not answer ({type(error).__name__}); is it up?") from error
    return _judge(url, response.status, response.data)


def contents(prefix: str = "amur-") -> str:
    """What is imported, for people: "1 tag, 4 data views, ..."."""
    counts = Counter(str(o["type"]) for o in saved_objects(prefix))
    return ", ".join(f"{counts[kind]} {name}" for kind, name in NAMES.items())


def _credentials(user: str, password: str, api_key: str) -> dict[str, str]:
    import urllib3

    if api_key:
        return {"Authorization": f"ApiKey {api_key}"}
    return dict(urllib3.make_headers(basic_auth=f"{user}:{password}")) if user else {}


def _judge(url: str, status: int, body: bytes) -> int:
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        raise StoreUnavailable(f"Kibana at {url} is not ready yet; try again in a minute")
    try:
        answer: dict[str, Any] = json.loads(body)
    except ValueError as error:
        raise StoreError(f"{url} answered {status} with something else than JSON; is it Kibana?") from error
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        raise StoreError(f"Kibana at {url} refuses the user ({status}); set AMUR_STORE_USER and AMUR_STORE_PASSWORD")
    if status != HTTPStatus.OK:
        raise StoreError(f"Kibana at {url} answered {status}: {answer.get('message', '')}")
    if not answer.get("success"):
        faults = [f"{e.get('type')} {e.get('id')}: {e.get('error', {}).get('type')}" for e in answer.get("errors", [])]
        raise StoreError(f"Kibana at {url} refused {len(faults)} objects: {'; '.join(faults)}")
    return int(answer["successCount"])
