"""Content codings (gzip, deflate, br, zstd) undone with a bound on what comes out. Pure.

Each decoder gives at most a piece at a time, so that a bomb is noticed after one piece and not after all its gigabytes.
"""

import zlib
from collections.abc import Callable, Iterator
from typing import Protocol

from amur.errors import FetchError

ACCEPTED = "gzip, deflate, br, zstd"
PIECE = 65_536
# A real page seldom shrinks below a fiftieth, a feed of one repeated template below a hundredth; bombs reach 1,000.
MAX_RATIO = 200.0
FREE = 1_000_000  # bytes that are given whatever the ratio
MAX_LAYERS = 2


class Decoder(Protocol):
    def feed(self, data: bytes) -> Iterator[bytes]: ...

    @property
    def ended(self) -> bool:
        """Whether the coded stream is whole."""


class Plain:
    ended = True

    def feed(self, data: bytes) -> Iterator[bytes]:
        yield data


class Zlib:
    """gzip (several members), zlib-wrapped and bare deflate."""

    def __init__(self, bits: int) -> None:
        self._bits = bits
        self._inner = zlib.decompressobj(bits)
        self._begun = False

    @property
    def ended(self) -> bool:
        return self._inner.eof

    def feed(self, data: bytes) -> Iterator[bytes]:
        piece = b""
        # A full piece may mean that more waits inside, although all the input is used up.
        while data or len(piece) == PIECE:
            if not (data := self._renewed(data)) and self._inner.eof:
                return
            piece = self._decompress(data)
            self._begun = True
            yield piece
            data = self._inner.unconsumed_tail or self._inner.unused_data

    def _renewed(self, data: bytes) -> bytes:
        """A further gzip member gets a new decompressor; padding and rubbish after the end are dropped."""
        if not self._inner.eof:
            return data
        rest = data.lstrip(b"\0")
        if not rest.startswith(b"\x1f\x8b"):
            return b""
        self._inner = zlib.decompressobj(self._bits)
        return rest

    def _decompress(self, data: bytes) -> bytes:
        try:
            return self._inner.decompress(data, PIECE)
        except zlib.error:
            if self._begun or self._bits != zlib.MAX_WBITS:
                raise
            self._bits = -zlib.MAX_WBITS  # "deflate" is often sent without its zlib wrapping
            self._inner = zlib.decompressobj(self._bits)
            return self._inner.decompress(data, PIECE)


class Brotli:
    def __init__(self) -> None:
        import brotli

        self._inner = brotli.Decompressor()

    @property
    def ended(self) -> bool:
        return bool(self._inner.is_finished())

    def feed(self, data: bytes) -> Iterator[bytes]:
        piece = b"" if self._inner.is_finished() else self._inner.process(data, output_buffer_limit=PIECE)
        yield piece
        # It says that it takes more input while output still waits: only an empty piece shows that nothing does.
        while not self._inner.is_finished() and (piece or not self._inner.can_accept_more_data()):
            piece = self._inner.process(b"", output_buffer_limit=PIECE)
            yield piece


class Zstd:
    """zstandard has no limit on the output of one call, so it is fed a little at a time into a bounded window."""

    _MAX_WINDOW = 8 * 1024 * 1024  # RFC 8878 asks decoders to support this much, and HTTP (RFC 9659) allows no more

    def __init__(self) -> None:
        import zstandard

        self._make = zstandard.ZstdDecompressor(max_window_size=self._MAX_WINDOW)
        self._pending = bytearray()
        self._inner = self._make.decompressobj()

    @property
    def ended(self) -> bool:
        return self._inner.eof

    def feed(self, data: bytes) -> Iterator[bytes]:
        # One block gives 128 KiB at most and takes at least 4 bytes, so 64 bytes give 2 MiB at most.
        for start in range(0, len(data), 64):
            part = data[start : start + 64]
            while part:
                if self._inner.eof:
                    self._inner = self._make.decompressobj()
                yield self._inner.decompress(part)
                part = self._inner.unused_data if self._inner.eof else b""


_DECODERS: dict[str, Callable[[], Decoder]] = {
    "": Plain,
    "identity": Plain,
    "none": Plain,
    "utf-8": Plain,  # a charset in the wrong header
    "gzip": lambda: Zlib(16 + zlib.MAX_WBITS),
    "x-gzip": lambda: Zlib(16 + zlib.MAX_WBITS),
    "deflate": lambda: Zlib(zlib.MAX_WBITS),
    "br": Brotli,
    "zstd": Zstd,
}


class BoundedBody:
    """Collects a body: coded bytes in, decoded bytes out, never more than `max_bytes` nor `max_ratio` to one.

    Raises FetchError: `too-large` where a bound is reached, `soft` where the coding is unknown or broken.
    """

    def __init__(self, coding: str, max_bytes: int, max_ratio: float = MAX_RATIO) -> None:
        names = [name.strip().lower() for name in coding.split(",")]
        layers = [name for name in names if _DECODERS.get(name) is not Plain]
        if len(layers) > MAX_LAYERS or any(name not in _DECODERS for name in layers):
            raise FetchError(f"content coding {coding[:60]!r} is not understood", "soft")
        self._decoders = [_DECODERS[name]() for name in reversed(layers)]
        self._max_bytes, self._max_ratio = max_bytes, max_ratio
        self._body = bytearray()
        self._coded = 0

    def feed(self, data: bytes) -> None:
        self._coded += len(data)
        try:
            self._through(data, 0)
        except FetchError:
            raise
        except Exception as error:
            raise FetchError(f"the body's content coding is broken: {error}", "soft") from error

    def finish(self) -> bytes:
        """The whole body. A cut gzip stream is an error: half a page must not pass for a whole one."""
        if self._coded and not all(decoder.ended for decoder in self._decoders):
            raise FetchError("the body ends in the middle of its content coding", "temporary")
        return bytes(self._body)

    def _through(self, data: bytes, layer: int) -> None:
        if layer == len(self._decoders):
            self._add(data)
            return
        for piece in self._decoders[layer].feed(data):
            self._through(piece, layer + 1)

    def _add(self, piece: bytes) -> None:
        self._body += piece
        size = len(self._body)
        if size > self._max_bytes:
            raise FetchError(f"the body has over {self._max_bytes} bytes", "too-large")
        if self._decoders and size > FREE and size > self._coded * self._max_ratio:
            raise FetchError(f"the body unpacks to over {self._max_ratio:.0f} times its size", "too-large")
