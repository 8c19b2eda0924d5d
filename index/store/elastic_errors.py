"""Elasticsearch's errors as ours. A message names the server and its reason, never a password or key."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from amur.errors import StoreError, StoreUnavailable

_PREVIEW = re.compile(r" Preview of field's value: '.*'", re.DOTALL)  # it would fill the message with text
BUSY = frozenset({429, 502, 503, 504})
REFUSED = {
    401: "does not know this user or key: check AMUR_STORE_USER and AMUR_STORE_PASSWORD, or AMUR_STORE_API_KEY",
    403: "does not allow this user to do that: see the roles in docs/operate.md",
}


@contextmanager
def translated(url: str) -> Iterator[None]:
    """StoreUnavailable where it may go well later, else StoreError."""
    from elasticsearch import ApiError, SerializationError, TransportError

    try:
        yield
    except ApiError as error:
        raise _refused(url, error) from None
    except SerializationError as error:
        raise StoreError(f"a document or query cannot be sent to the store at {url}: {error.message}") from None
    except TransportError as error:
        raise StoreUnavailable(f"the store at {url} does not answer: {_short(error)}") from None


def _refused(url: str, error: Any) -> StoreError:
    status = error.status_code
    if status in BUSY:
        return StoreUnavailable(f"the store at {url} is busy or starting ({status}): {reason(error.body)}")
    if status in REFUSED:
        return StoreError(f"the store at {url} {REFUSED[status]}")
    return StoreError(f"the store at {url} refused ({status}): {reason(error.body)}")


def _short(error: Any) -> str:
    """The kind of failure; the message of a TLS failure says what is wrong with the certificate."""
    return f"{type(error).__name__}: {str(error.message)[:200]}"


def reason(body: Any) -> str:
    """The root reason of an error body, or of one item of a bulk answer."""
    error = body.get("error", body) if isinstance(body, dict) else body
    if not isinstance(error, dict):
        return str(error)[:500]
    root = (error.get("root_cause") or [error])[0]
    said = f"{root.get('type', 'error')}: {_PREVIEW.sub('', str(root.get('reason', '')))}"
    cause = error.get("caused_by") or {}
    detail = str(cause.get("reason") or "")
    return (f"{said} ({detail})" if detail and detail not in said else said)[:500]
