"""The identity of an article: one address for all the addresses that lead to it. Nothing is looked up.

What two addresses differ in is dropped only where it never selects another text: how the reader came
(tracking), which device he held (mobile and AMP twins), where on the page he looked (fragment), how the
address was spelled (case, percent-encoding, port, trailing dots, order of parameters). Scheme, `www.`, a
final slash and anything that names a language stay, since servers do tell them apart.
"""

import hashlib
import ipaddress
import re
from functools import lru_cache
from typing import Any
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit, urlunsplit

from amur.errors import ReadError

DEFAULT_PORTS = {"http": 80, "https": 443}


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Parameters that say how a reader came and never what he reads.
_TRACKING_PREFIXES = (
    *("utm_", "utm-", "pk_", "piwik_", "mtm_", "matomo_", "hsa_", "at_", "stm_"),
    *("fb_", "mc_", "ga_", "vero_", "oly_", "__s"),
)
_TRACKING = _words("""
    fbclid gclid gclsrc dclid gbraid wbraid msclkid twclid ttclid yclid ysclid ymclid igshid igsh _openstat
    openstat spm scm ncid ocid cmpid cmp cvid ito smid smtyp xtor xtref wt_mc wt.mc_id wt.mc_ev _ga _gl
    _hsenc _hsmi mkt_tok isappinstalled nsukey share_token sharetype share_from sharesource traffic_source
    trafficsource campaign_id taid tpcc sr_share feature soc_src soc_trk guccounter guce_referrer
    guce_referrer_sig sfnsn phpsessid jsessionid aspsessionid sessionid session_id pvid tt_from weibo_id wxshare wxfrom
""")
# Parameters that track with some values and select with others.
_REFERRER = _words("from ref src source via referrer referer wfr fr r for rss")
_REFERRER_VALUE = re.compile(
    r"(?:rss\d*|feeds?|atom|timeline|(?:single|group)message|wechat|weixin|weibo|qq|twitter|facebook|fb|tw|vk|ok|"
    r"telegram|tg|whatsapp|e?mail|newsletter|share|social|search|google|baidu|yandex|yxnews|yandex_news|"
    r"mainpage|main_?page|home(?:page)?|top|related|recommend(?:ed)?|spider|pc|app|widget|push|smm|copy)",
    re.IGNORECASE,
)
_TWIN_FLAGS = {"amp": None, "mobile": None, "outputtype": "amp", "view": "mobile", "_escaped_fragment_": ""}

_TWIN_LABELS = _words("m mobile mobi wap 3g amp touch")
_AMP_CACHE = re.compile(r"^/(?:[a-z]/)+(?=[^/]+\.[^/]+)", re.IGNORECASE)
_SESSION_PATH = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/;]*", re.IGNORECASE)
_LANGUAGE_CODES = _words("""
    en eng english ru rus russian zh zho chi cn chs cht zh-cn zh-tw zh-hk zh-hans zh-hant sc tc big5 gb uk ua
    de fr es ar ja jp ko kr kk kz mn ky uz be fa pt it pl tr hi vi hk tw
""")
_LANGUAGE_PARAMETERS = _words("lang language hl locale lng ln")
_UNSAFE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
# Sub-delimiters and the like stay as the server wrote them: escaped and bare forms may differ in meaning.
_KEEP_IN_PATH = "/%!$&'()*+,;=:@-._~"
_KEEP_IN_QUERY = "/%!$'()*+,;:@-._~?"
_INVISIBLE = (*range(0x21), 0x7F, 0xA0, 0x200B, *range(0x200E, 0x2010), *range(0x2028, 0x202F), 0xFEFF)
_STRIP = "".join(map(chr, _INVISIBLE))


def canonical_url(url: str, *, declared: str | None = None, home: str = "") -> str:
    """The address that stands for an article.

    `declared` is the page's own rel=canonical (relative or absolute); it counts within the registrable domain
    of `url`, where it names the same language edition and a page rather than the front page. `home` is the
    outlet's front page where known: it tells whether a mobile twin's desktop host has `www.`.
    Raises ReadError for what is no http(s) address.
    """
    own = _normal(url, home)
    if declared and declared.strip(_STRIP):
        try:
            other = _normal(urljoin(url.strip(_STRIP), declared.strip(_STRIP)), home)
        except (ReadError, ValueError):
            return own
        if _speaks_for(other, own):
            return _with_scheme_of(other, own)
    return own


def article_id(canonical: str) -> str:
    """SHA-256 of a canonical URL, hexadecimal."""
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


def registrable_domain(host: str) -> str:
    """The part of a host name that one owner registers (`news.sina.com.cn` -> `sina.com.cn`), in ASCII.

    An IP address, a bare public suffix and a name without dots are returned as they are.
    """
    name = normal_host(host)
    if _is_address(name):
        return name
    return _suffixes().privatesuffix(name) or name


def normal_host(host: str) -> str:
    """Lower case, IDN in its ASCII form, without trailing dots; what IDNA refuses stays as it is."""
    name = host.strip().strip(".").lower()
    for dot in "。．｡":
        name = name.replace(dot, ".")
    if name.isascii():
        return name.strip(".")
    import idna

    try:
        return idna.encode(name, uts46=True).decode("ascii").strip(".")
    except (idna.IDNAError, UnicodeError):
        return quote(name, safe="", errors="replace").lower()


def language_markers(url: str) -> frozenset[str]:
    """What in host, first two path parts or parameters names a language edition."""
    parts = urlsplit(url)
    host = (parts.hostname or "").split(".")[:-2]
    path = [p for p in parts.path.lower().split("/")[:4] if p][:2]
    named = {f"host:{label}" for label in host if label in _LANGUAGE_CODES}
    named |= {f"path:{part}" for part in path if part in _LANGUAGE_CODES}
    pairs = {piece.lower() for piece in parts.query.split("&")}
    return frozenset(named | {pair for pair in pairs if pair.partition("=")[0] in _LANGUAGE_PARAMETERS})


def _normal(url: str, home: str) -> str:
    """Applies the rules until nothing changes: one rule may lay bare what another removes."""
    current = url.strip(_STRIP)
    for _ in range(8):
        following = _once(current, home)
        if following == current:
            break
        current = following
    return current


def _once(url: str, home: str) -> str:
    parts = _split(url)
    if inner := _out_of_amp_cache(parts):
        return inner
    host = _desktop_host(normal_host(parts.hostname or ""), home)
    if not host:
        raise ReadError(f"{url[:200]!r} names no host; give a whole http(s) address")
    path = _desktop_path(_escape(_without_dots(_SESSION_PATH.sub("", parts.path)), _KEEP_IN_PATH)) or "/"
    fragment = _escape(parts.fragment, _KEEP_IN_QUERY + "&=") if parts.fragment.startswith("!") else ""
    return urlunsplit((parts.scheme, _netloc(host, parts), path, _query(parts.query), fragment))


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise ReadError(f"{url[:200]!r} is not a web address: {error}") from error
    if parts.scheme not in DEFAULT_PORTS or not parts.hostname:
        raise ReadError(f"{url[:200]!r} is not a web address; only http and https are read")
    return parts


def _netloc(host: str, parts: SplitResult) -> str:
    name = f"[{host}]" if ":" in host else host
    return name if parts.port in {None, DEFAULT_PORTS[parts.scheme]} else f"{name}:{parts.port}"


def _out_of_amp_cache(parts: SplitResult) -> str:
    """The publisher's own address inside an address of an AMP cache, else an empty string."""
    host = (parts.hostname or "").lower()
    path = parts.path
    if host.startswith("www.google.") and path.startswith("/amp/"):
        path = path.removeprefix("/amp")
        path = path if _AMP_CACHE.match(path) else "/c" + path
    elif not host.endswith("cdn.ampproject.org"):
        return ""
    if not (found := _AMP_CACHE.match(path)):
        return ""
    scheme = "https" if "/s/" in found.group() else "http"
    inner = f"{scheme}://{path[found.end() :]}"
    return inner + (f"?{parts.query}" if parts.query else "")


def _desktop_host(host: str, home: str) -> str:
    labels = host.split(".")
    if len(labels) < 3 or labels[0] not in _TWIN_LABELS or host == registrable_domain(host):  # noqa: PLR2004
        return host
    desktop = ".".join(labels[1:])
    front = normal_host(urlsplit(home).hostname or "") if home else ""
    return front if front == f"www.{desktop}" else desktop


def _desktop_path(path: str) -> str:
    """Without the marks of an AMP twin: a part /amp, .amp before or as the suffix."""
    while True:
        shorter = re.sub(r"/amp(?=/.)|(?<=.)/amp(?=/?$)", "", path, count=1, flags=re.IGNORECASE)
        shorter = re.sub(r"\.amp(?=(?:\.s?html?)?$)", "", shorter, flags=re.IGNORECASE)
        if shorter == path:
            return path
        path = shorter


def _without_dots(path: str) -> str:
    kept: list[str] = []
    pieces = path.split("/")
    for piece in pieces:
        if piece == "..":
            kept = kept[:-1] if len(kept) > 1 else kept
        elif piece != ".":
            kept.append(piece)
    if pieces[-1] in {".", ".."}:
        kept.append("")
    return "/".join(kept)


def _escape(text: str, keep: str) -> str:
    """One spelling for every byte: unreserved ones bare, all others escaped in capitals."""
    whole = quote(_UNSAFE.sub("%25", text), safe=keep, errors="replace")
    return _ESCAPE.sub(lambda m: plain if (plain := unquote(m.group())) in _UNRESERVED else m.group().upper(), whole)


def _query(query: str) -> str:
    escaped = _escape(query, _KEEP_IN_QUERY + "&=")
    pairs = [piece.partition("=") for piece in escaped.split("&") if piece]
    kept = [(name, sign, value) for name, sign, value in pairs if not _is_tracking(name, value)]
    return "&".join("".join(pair) for pair in sorted(kept, key=lambda pair: pair[0]))


def _is_tracking(name: str, value: str) -> bool:
    key = name.lower()
    if key in _TRACKING or key.startswith(_TRACKING_PREFIXES):
        return True
    if key in _TWIN_FLAGS:
        only = _TWIN_FLAGS[key]
        return only is None or value.lower() == only
    return key in _REFERRER and bool(_REFERRER_VALUE.fullmatch(value))


def _speaks_for(other: str, own: str) -> bool:
    """Whether a declared address may stand for the page it was found on."""
    theirs, ours = urlsplit(other), urlsplit(own)
    if registrable_domain(theirs.hostname or "") != registrable_domain(ours.hostname or ""):
        return False
    is_front = theirs.path == "/" and not theirs.query and (ours.path != "/" or bool(ours.query))
    return not is_front and language_markers(other) == language_markers(own)


def _with_scheme_of(other: str, own: str) -> str:
    """A page that was had over https is not known by an http address of the same host."""
    same_host = urlsplit(other).netloc == urlsplit(own).netloc
    return "https" + other[4:] if same_host and own.startswith("https:") and other.startswith("http:") else other


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


@lru_cache(maxsize=1)
def _suffixes() -> Any:
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList()
