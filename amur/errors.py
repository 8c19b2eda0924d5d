"""The one error tree. A message says what happened, to what, and what to do next.

AmurError
├── UsageError            the command or a setting was used wrongly (exit code 2)
│   ├── SettingsError     a variable has a value that cannot be used
│   ├── SourcesError      sources.toml has a fault; names the line
│   └── QuerySyntaxError  a search query has a fault; names the position
├── LedgerError           the ledger cannot be reached or is of another version
├── ArchiveError          an object cannot be written, is missing or is damaged
├── StoreError            the search store cannot be reached or refuses
│   ├── StoreUnavailable  it does not answer: the batch is repeated later
│   └── UnsupportedQuery  the body is outside the documented subset
├── FetchError            one address could not be had; `outcome` says how to go on
└── ReadError             bytes could not be read as what they should be
    ├── FeedError         not a feed, or one that cannot be parsed
    └── NoText            a page holds no article text
"""

from typing import Literal

Outcome = Literal["temporary", "soft", "hard", "gone", "refused", "robots-disallowed", "too-large"]


class AmurError(Exception):
    """Base of every error that a user may see; `exit_code` is what the command ends with."""

    exit_code = 1


class UsageError(AmurError):
    exit_code = 2


class SettingsError(UsageError):
    pass


class SourcesError(UsageError):
    pass


class QuerySyntaxError(UsageError):
    """`position` is the code point in the query at which it stops making sense, from 0."""

    def __init__(self, message: str, query: str, position: int) -> None:
        super().__init__(f"{message}\n  {query}\n  {' ' * position}^")
        self.reason = message
        self.query = query
        self.position = position


class LedgerError(AmurError):
    pass


class ArchiveError(AmurError):
    pass


class StoreError(AmurError):
    pass


class StoreUnavailable(StoreError):
    pass


class UnsupportedQuery(StoreError):
    pass


class FetchError(AmurError):
    """One address could not be had. `retry_after` is in seconds where the server named a wait."""

    def __init__(
        self, message: str, outcome: Outcome, *, status: int | None = None, retry_after: float | None = None
    ) -> None:
        super().__init__(message)
        self.outcome = outcome
        self.status = status
        self.retry_after = retry_after


class ReadError(AmurError):
    pass


class FeedError(ReadError):
    pass


class NoText(ReadError):
    pass
