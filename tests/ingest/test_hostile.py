"""The fetcher against servers that do their worst: each case ends in a named outcome, soon, and in bounded memory."""

import asyncio
import gzip
import ssl
import subprocess
import time
import tracemalloc
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import brotli
import pytest
import zstandard

from amur.errors import FetchError
from ingest.addresses import Gate, is_public, literal
from ingest.budget import DomainBudget
from ingest.decoding import BoundedBody
from ingest.fetch import Fetcher, Limits, Response
from ingest.robots import RobotsCache
from tests.ingest.raw_server import RawServer, answered, raw_server

TIGHT = Limits(connect=0.5, idle=0.4, total=1.0, max_bytes=1_000_000, max_redirects=5)
OK = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


async def _ask(answers: dict[str, Any], url: str, **options: Any) -> tuple[Response | FetchError, RawServer]:
    tls = options.pop("tls", None)
    limits = options.pop("limits", TIGHT)
    async with raw_server(answers, tls=tls) as server:
        hosts = options.pop("hosts", {".example": ("127.0.0.1", server.port)})
        url = url.replace("{port}", str(server.port))
        async with Fetcher("Amur test", limits, DomainBudget(0.0), RobotsCache(), hosts, **options) as fetch:
            try:
                return await fetch.get(url, kind="page", ignore_robots=True), server
            except FetchError as error:
                return error, server


def outcome(answers: dict[str, Any], url: str = "http://news.example/", **options: Any) -> str:
    """The outcome of the error that came of it, which must come within three seconds."""
    begun = time.monotonic()
    got, _ = asyncio.run(_ask(answers, url, **options))
    assert time.monotonic() - begun < 3
    assert isinstance(got, FetchError), got
    assert "\n" not in str(got)
    return got.outcome


def writes(*pieces: bytes, wait: float = 0.0, forever: bool = False) -> Callable[..., Any]:
    async def write(path: str, headers: dict[str, str], writer: asyncio.StreamWriter) -> None:
        writer.write(pieces[0])
        while True:
            for piece in pieces[1:]:
                writer.write(piece)
                await writer.drain()
                await asyncio.sleep(wait)
            if not forever:
                return

    return write


@pytest.mark.parametrize(
    "head", [OK + "\r\n", OK + "Transfer-Encoding: chunked\r\n\r\n", OK + "Content-Length: 99999999999\r\n\r\n"]
)
def test_an_endless_body_is_cut(head: str) -> None:
    piece = b"4000\r\n" + b"x" * 0x4000 + b"\r\n" if "chunked" in head else b"x" * 0x4000
    assert outcome({"/": writes(head.encode(), piece, forever=True)}) == "too-large"


@pytest.mark.parametrize("piece", [b"x", b"X-A: b\r\n"])
def test_a_slow_loris_runs_into_the_total_time(piece: bytes) -> None:
    head = OK.encode() + (b"\r\n" if piece == b"x" else b"")
    assert outcome({"/": writes(head, piece, wait=0.05, forever=True)}) == "temporary"


def test_a_server_that_never_answers_is_left() -> None:
    async def silent(path: str, headers: dict[str, str], writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(5)

    assert outcome({"/": silent}) == "temporary"


def _bomb(coding: str, size: int = 200_000_000) -> bytes:
    zeros = b"\0" * 1_000_000
    if coding == "gzip":
        packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    elif coding == "deflate":
        packer = zlib.compressobj(9)
    elif coding == "zstd":
        packer = zstandard.ZstdCompressor(level=3).compressobj()  # type: ignore[assignment]
    else:
        return bytes(brotli.compress(b"\0" * (size // 10)))
    return b"".join([packer.compress(zeros) for _ in range(size // 1_000_000)]) + packer.flush()


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
def test_a_compression_bomb_is_noticed_early_and_in_little_memory(coding: str) -> None:
    bomb = _bomb(coding)
    tracemalloc.start()
    assert outcome({"/": answered(200, bomb, Content_Encoding=coding)}) == "too-large"
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 30_000_000


def test_a_bomb_within_a_bomb_is_noticed() -> None:
    nested = gzip.compress(_bomb("gzip"))
    assert outcome({"/": answered(200, nested, Content_Encoding="gzip, gzip")}) == "too-large"


def test_codings_upon_codings_are_not_undone() -> None:
    assert outcome({"/": answered(200, b"x", Content_Encoding=", ".join(["gzip"] * 50))}) == "soft"


@pytest.mark.parametrize(
    ("coding", "body", "expected"),
    [
        ("gzip", b"this is not gzip at all", "soft"),
        ("br", b"this is not brotli at all", "soft"),
        ("zstd", b"this is not zstd at all", "soft"),
        ("compress", b"x", "soft"),
        ("gzip", gzip.compress(b"half" * 9_999)[:40], "temporary"),
        ("zstd", zstandard.compress(b"half" * 9_999)[:10], "temporary"),
    ],
)
def test_broken_or_cut_codings_are_errors_and_not_half_pages(coding: str, body: bytes, expected: str) -> None:
    assert outcome({"/": answered(200, body, Content_Encoding=coding)}) == expected


def test_a_zstd_frame_with_a_window_of_a_gigabyte_is_refused() -> None:
    parameters = zstandard.ZstdCompressionParameters(window_log=27, enable_ldm=True)
    huge = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    body = BoundedBody("zstd", 10**9)
    with pytest.raises(FetchError, match="broken"):
        body.feed(huge.compress(b"x" * 200_000_000) + huge.flush())


def test_a_body_that_is_shorter_than_it_said_is_an_error() -> None:
    assert outcome({"/": writes((OK + "Content-Length: 100\r\n\r\nhalf").encode())}) == "temporary"


@pytest.mark.parametrize(
    "raw",
    [
        b"HTTP/1.1 200 OK\r\nX-Long: " + b"a" * 100_000 + b"\r\n\r\nx",
        b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: a\r\n" % i for i in range(5_000)) + b"\r\nx",
        b"HTTP/1.1 200 " + b"a" * 100_000 + b"\r\n\r\nx",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
        b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nxx",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZZ\r\nx\r\n0\r\n\r\n",
        b"HTTP/1.1 9999 OK\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"\0" * 5_000,
        b"",
    ],
)
def test_what_is_not_http_or_has_huge_headers_is_an_error(raw: bytes) -> None:
    assert outcome({"/": writes(raw)}) in {"soft", "temporary"}


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("/", "soft"),
        ("http://127.0.0.1:{port}/secret", "refused"),
        ("http://[::1]:{port}/secret", "refused"),
        ("http://[::ffff:127.0.0.1]:{port}/secret", "refused"),
        ("http://2130706433:{port}/secret", "refused"),
        ("http://0x7f.1:{port}/secret", "refused"),
        ("http://0177.0.0.1:{port}/secret", "refused"),
        ("http://127.1:{port}/secret", "refused"),
        ("http://127.0.0.1.:{port}/secret", "refused"),
        ("http://１２７.０.０.１:{port}/secret", "refused"),
        ("http://0:{port}/secret", "refused"),
        ("http://localhost:{port}/secret", "refused"),
        ("http://LOCALHOST.:{port}/secret", "refused"),
        ("http://metadata:{port}/secret", "refused"),
        ("http://10.0.0.1/", "refused"),
        ("http://169.254.169.254/latest/meta-data/", "refused"),
        ("http://news.example@127.0.0.1:{port}/secret", "refused"),
        ("http://user:pass@news.example/", "refused"),
        ("http://[64:ff9b::7f00:1]:{port}/", "refused"),
        ("http://[fe80::1%25lo]:{port}/", "refused"),
        ("//127.0.0.1:{port}/secret", "refused"),
        ("file:///etc/passwd", "refused"),
        ("javascript:alert(1)", "refused"),
        ("data:text/html,x", "refused"),
        ("ftp://news.example/x", "refused"),
        ("gopher://127.0.0.1:{port}/", "refused"),
        ("http://[not-an-address/", "soft"),
        ("http://news.example:99999/", "soft"),
    ],
)
def test_a_redirect_leads_nowhere_that_the_first_address_could_not(target: str, expected: str) -> None:
    async def redirect(path: str, headers: dict[str, str], writer: asyncio.StreamWriter) -> None:
        port = writer.get_extra_info("sockname")[1]
        writer.write(answered(302, b"", Location=target.replace("{port}", str(port))))

    got, server = asyncio.run(_ask({"/": redirect, "/secret": answered(200, b"secret")}, "http://news.example/"))
    assert isinstance(got, FetchError), got
    assert got.outcome == expected, got
    assert "/secret" not in server.paths()


@pytest.mark.parametrize("url", ["http://127.0.0.1:{port}/", "http://localhost:{port}/", "http://127.1:{port}/"])
def test_a_private_address_is_not_fetched_directly_either(url: str) -> None:
    assert outcome({"/": answered(200, b"secret")}, url) == "refused"


def test_a_long_chain_of_redirects_ends() -> None:
    answers = {f"/{i}": answered(302, b"", Location=f"/{i + 1}") for i in range(50)}
    assert outcome(answers, "http://news.example/0") == "soft"


def _lookup(*answers: list[str], asked: list[str] | None = None) -> Callable[..., Any]:
    """A resolver that says something else each time it is asked."""
    left = list(answers)

    async def lookup(host: str, port: int, family: int) -> list[str]:
        if asked is not None:
            asked.append(host)
        return left.pop(0) if len(left) > 1 else left[0]

    return lookup


def test_a_public_name_with_a_private_address_is_refused() -> None:
    for address in ("127.0.0.1", "10.1.2.3", "::1", "::ffff:127.0.0.1", "fd00::1", "100.64.0.1", "0.0.0.0"):
        url = "http://rebound.org:{port}/"
        assert outcome({"/": answered(200, b"secret")}, url, lookup=_lookup([address])) == "refused", address


@pytest.fixture
def tried(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses for which a socket would be made; none is."""
    seen: list[str] = []

    def note(self: Gate, info: Any) -> Any:
        seen.append(info[4][0])
        raise OSError("no network in a test")

    monkeypatch.setattr(Gate, "socket", note)
    return seen


def test_rebinding_between_check_and_connection_is_impossible(tried: list[str]) -> None:
    """The name is public when it is first asked for and private from then on: the first answer is what counts."""
    asked: list[str] = []
    lookup = _lookup(["198.41.0.4"], ["127.0.0.1"], asked=asked)
    assert outcome({}, "http://rebound.org:{port}/", lookup=lookup) == "temporary"
    assert (tried, asked) == (["198.41.0.4"], ["rebound.org"])


def test_of_a_public_and_a_private_address_only_the_public_one_is_tried(tried: list[str]) -> None:
    assert outcome({}, "http://rebound.org:{port}/", lookup=_lookup(["127.0.0.1", "198.41.0.4", "::1"])) == "temporary"
    assert tried == ["198.41.0.4"]


def test_the_socket_itself_refuses_what_no_check_saw() -> None:
    gate = Gate({"a.example": ("127.0.0.1", 8080)}, frozenset())
    with pytest.raises(OSError, match="private"):
        gate.socket((2, 1, 6, "", ("127.0.0.1", 80)))
    gate.socket((2, 1, 6, "", ("127.0.0.1", 8080))).close()


def test_a_host_that_the_operator_allows_may_be_private_but_no_other_that_leads_there() -> None:
    page = {"/": answered(200, b"mine")}
    url = "http://hub.lan:{port}/"
    got, _ = asyncio.run(_ask(page, url, lookup=_lookup(["127.0.0.1"]), allow_private=frozenset({"hub.lan"})))
    assert isinstance(got, Response)
    assert got.body == b"mine"
    other = outcome(
        page, "http://evil.org:{port}/", lookup=_lookup(["127.0.0.1"]), allow_private=frozenset({"hub.lan"})
    )
    assert other == "refused"


def test_a_redirect_cannot_use_the_private_address_that_another_host_was_allowed() -> None:
    async def whole() -> tuple[str, list[str]]:
        async with raw_server({"/": answered(200, b"mine")}) as server:
            server.answers["/evil"] = answered(302, b"", Location=f"http://evil.org:{server.port}/")

            async def lookup(host: str, port: int, family: int) -> list[str]:
                return ["127.0.0.1"]

            allow = frozenset({"hub.lan"})
            async with Fetcher("t", TIGHT, DomainBudget(0.0), RobotsCache(), {}, allow, lookup=lookup) as fetch:
                await fetch.get(f"http://hub.lan:{server.port}/", kind="page", ignore_robots=True)
                with pytest.raises(FetchError) as caught:
                    await fetch.get(f"http://hub.lan:{server.port}/evil", kind="page", ignore_robots=True)
                return caught.value.outcome, server.paths()

    assert asyncio.run(whole()) == ("refused", ["/", "/evil"])


@pytest.mark.parametrize(
    ("host", "plain"),
    [
        ("127.0.0.1", "127.0.0.1"), ("2130706433", "127.0.0.1"), ("0x7f000001", "127.0.0.1"), ("127.1", "127.0.0.1"),
        ("017700000001", "127.0.0.1"), ("[::1]", "::1"), ("10.1", "10.0.0.1"), ("example.org", None),
        ("a.1.example", None),
        ("", None), ("1.2.3.4.5", None), ("fe80::1%eth0", "fe80::1"),
    ],
)  # fmt: skip
def test_every_spelling_of_an_ip_address_is_seen(host: str, plain: str | None) -> None:
    assert literal(host) == plain


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True), ("2606:2800:220:1:248:1893:25c8:1946", True), ("127.8.8.8", False),
        ("192.168.0.1", False),
        ("172.31.255.255", False), ("172.32.0.1", True), ("169.254.169.254", False), ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("240.0.0.1", False), ("198.18.0.1", False), ("192.0.2.7", False), ("::", False), ("::1", False),
        ("::ffff:8.8.8.8", False),
        ("::127.0.0.1", False), ("2002:7f00:1::", False), ("64:ff9b::7f00:1", False), ("fc00::1", False),
        ("fe80::1", False),
        ("ff02::1", False), ("2001:db8::1", False), ("2001:0:1::1", False), ("nonsense", False),
    ],
)  # fmt: skip
def test_which_addresses_are_public(address: str, public: bool) -> None:
    assert is_public(address) is public


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tls")
    command = (
        "openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=other.example "
        f"-keyout {folder / 'key.pem'} -out {folder / 'cert.pem'} -addext subjectAltName=DNS:other.example"
    )
    subprocess.run(command.split(), check=True, capture_output=True)
    return folder


def _tls(folder: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context


def test_a_certificate_that_nobody_vouches_for_is_refused(certificate: Path) -> None:
    assert outcome({"/": answered(200, b"x")}, "https://other.example/", tls=_tls(certificate)) == "soft"


def test_a_certificate_of_another_name_is_refused(certificate: Path) -> None:
    trusting = ssl.create_default_context(cafile=str(certificate / "cert.pem"))
    wrong = {"tls": _tls(certificate), "ssl_context": trusting}
    assert outcome({"/": answered(200, b"x")}, "https://news.example/", **wrong) == "soft"
    right = {"tls": _tls(certificate), "ssl_context": trusting}
    got, _ = asyncio.run(_ask({"/": answered(200, b"x")}, "https://other.example/", **right))
    assert isinstance(got, Response)


def test_plain_http_where_tls_was_expected_is_an_error() -> None:
    assert outcome({"/": answered(200, b"x")}, "https://news.example/") in {"soft", "temporary"}


def test_a_closed_port_and_an_unknown_name_are_errors() -> None:
    async def nowhere(host: str, port: int, family: int) -> list[str]:
        raise OSError(-2, "Name or service not known")

    assert outcome({}, "http://closed.example/", hosts={".example": ("127.0.0.1", 1)}) == "temporary"
    assert outcome({}, "http://unknown.org/", lookup=nowhere) == "soft"


def test_header_injection_by_an_address_is_impossible() -> None:
    got, server = asyncio.run(_ask({}, "http://news.example/a%0d%0aX-Injected: 1\r\nX-Too: 2"))
    assert isinstance(got, FetchError)
    assert all("x-injected" not in headers and "x-too" not in headers for _, headers in server.asked)


def test_header_injection_by_a_redirect_or_a_cookie_is_impossible() -> None:
    cookie = b"Set-Cookie: a=b\\015\\012X-Injected: 1\r\n"
    raw = b"HTTP/1.1 302 X\r\nLocation: /next%0d%0aX-Injected: 1\r\n" + cookie + b"Content-Length: 0\r\n\r\n"
    got, server = asyncio.run(_ask({"/": raw}, "http://news.example/"))
    assert isinstance(got, FetchError)
    assert all("x-injected" not in headers for _, headers in server.asked)


@pytest.mark.parametrize(
    "url", ["", "/relative", "http://", "http://a b/", "http://[::1", "//x", "http://\0/", "mailto:a@b"]
)
def test_what_is_no_address_is_refused_by_name(url: str) -> None:
    assert outcome({}, url) in {"refused", "soft", "hard"}


def test_a_page_of_ten_megabytes_is_read_and_one_of_eleven_is_not() -> None:
    whole = Limits(total=20.0)
    got, _ = asyncio.run(_ask({"/": answered(200, b"x" * 10_000_000)}, "http://news.example/", limits=whole))
    assert isinstance(got, Response)
    assert len(got.body) == 10_000_000
    assert outcome({"/": answered(200, b"x" * 11_000_000)}, limits=whole) == "too-large"
