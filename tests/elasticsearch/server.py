"""A real Elasticsearch for tests: the server named by AMUR_TEST_ELASTICSEARCH, one in Docker, or the minimal one.

The minimal server is published for plugin authors (org.elasticsearch.distribution.integ-test-zip, by the Maven client)
and lacks the module with the stock analyzers, which the plugin beside this file registers. It is kept between runs in
AMUR_TEST_CACHE, else ~/.cache/amur-test.
"""

import atexit
import functools
import os
import pwd
import re
import secrets
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

VERSION = "9.5.0"
ARTIFACT = f"org.elasticsearch.distribution.integ-test-zip:elasticsearch:{VERSION}:zip"
COPY_GOAL = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy"
IMAGE = f"docker.elastic.co/elasticsearch/elasticsearch:{VERSION}"
OLDEST_JAVA = 21
HEAP = "512m"
QUICK = "-XX:TieredStopAtLevel=1"  # less compiling: a third of the time to start, for a server that lives a minute
START_SECONDS = 180  # 35 to 47 s were measured on a busy machine of two cores
ROOM_BYTES = 4_000_000_000  # the server takes 150 MB, its data far less
USER = "nobody"  # the server refuses to run as root
PLUGIN = Path(__file__).parent / "plugin"


class NoServer(Exception):
    """No Elasticsearch can be had here; the message says what is missing."""


@dataclass
class Server:
    url: str
    version: str
    home: Path | None = None  # of a minimal server
    process: subprocess.Popen[bytes] | None = None
    stopped: Callable[[], None] | None = field(default=None, repr=False)

    def stop(self) -> None:
        if self.stopped:
            self.stopped()
        if self.process:
            end(self.process)


def available() -> Server:
    """The server to test against, started where needed. Raises NoServer."""
    if url := os.environ.get("AMUR_TEST_ELASTICSEARCH"):
        return Server(url, _answering(url, lambda: True))
    reasons = []
    for start in (_in_docker, minimal):
        try:
            return start()
        except NoServer as reason:
            reasons.append(str(reason))
    raise NoServer("; ".join(reasons))


@functools.cache
def shared() -> Server:
    """One server for all tests of this process, removed when it ends. Raises NoServer."""
    server = available()
    atexit.register(remove, server)
    return server


def cache() -> Path:
    return Path(os.environ.get("AMUR_TEST_CACHE") or Path.home() / ".cache" / "amur-test")


def _in_docker() -> Server:
    """Only with an image that is there already: pulling one is not a test's business."""
    docker = shutil.which("docker")
    if not docker or _run(docker, "image", "inspect", IMAGE).returncode:
        raise NoServer(f"Docker has no image {IMAGE}")
    port = free_port()
    options = [
        "-e",
        "discovery.type=single-node",
        "-e",
        "xpack.security.enabled=false",
        "-e",
        f"ES_JAVA_OPTS=-Xmx{HEAP}",
    ]
    started = _run(docker, "run", "-d", "--rm", "-p", f"127.0.0.1:{port}:9200", *options, IMAGE)
    if started.returncode:
        raise NoServer(f"Docker did not start {IMAGE}: {started.stderr.strip()}")
    name = started.stdout.strip()
    server = Server(f"http://127.0.0.1:{port}", VERSION, stopped=lambda: _run(docker, "kill", name) and None)
    _answering(server.url, lambda: True)
    return server


def minimal(
    *,
    settings: dict[str, str] | None = None,
    prepare: Callable[[Path], None] | None = None,
    java_options: str = f"-Xms{HEAP} -Xmx{HEAP} {QUICK}",
) -> Server:
    """A minimal server on a free port, without security unless `settings` switch it on.

    `prepare` is called with the unpacked home before the start, to write users or roles. Raises NoServer.
    """
    java = java_home()
    home = _unpacked(java)
    if prepare:
        prepare(home)
    port = free_port()
    (home / "config" / "elasticsearch.yml").write_text(_configuration(port, settings or {}), encoding="utf-8")
    _own(home)
    process = _start(home, java, java_options)
    (home.parent / "process").write_text(str(process.pid))
    server = Server(f"http://127.0.0.1:{port}", VERSION, home, process)
    server.stopped = lambda: None
    try:
        _answering(server.url, lambda: process.poll() is None)
    except NoServer as error:
        server.stop()
        raise NoServer(f"{error}: {_last_lines(home)}") from error
    return server


def _configuration(port: int, settings: dict[str, str]) -> str:
    defaults = {
        "cluster.name": "amur-test",
        "discovery.type": "single-node",
        "http.host": "127.0.0.1",
        "http.port": str(port),
        "transport.host": "127.0.0.1",
        "transport.port": str(free_port()),
        "xpack.security.enabled": "false",
        "action.destructive_requires_name": "true",
        # A full disk of the machine is not what is tested.
        "cluster.routing.allocation.disk.threshold_enabled": "false",
    }
    return "".join(f"{name}: {value}\n" for name, value in (defaults | settings).items())


def _start(home: Path, java: Path, java_options: str) -> subprocess.Popen[bytes]:
    identity = _unprivileged()
    environment = {
        "ES_JAVA_HOME": str(java),
        "ES_JAVA_OPTS": java_options,
        "HOME": str(home),
        "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
        "ES_TMPDIR": str(home / "tmp"),
    }
    (home / "tmp").mkdir(exist_ok=True)
    _own(home / "tmp")
    with (home / "console.log").open("wb") as log:
        return subprocess.Popen(
            [str(home / "bin" / "elasticsearch")], cwd=home, env=environment, stdout=log, stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL, start_new_session=True,
            **({"user": identity.pw_uid, "group": identity.pw_gid, "extra_groups": []} if identity else {}),
        )  # fmt: skip


def end(process: subprocess.Popen[bytes], *, hard: bool = False) -> None:
    """The start script and the server are one process group of ours."""
    for sign, wait in ((signal.SIGKILL if hard else signal.SIGTERM, 30), (signal.SIGKILL, 10)):
        try:
            os.killpg(process.pid, sign)
            process.wait(wait)
        except subprocess.TimeoutExpired:
            continue
        except ProcessLookupError:
            process.wait()
        return


def java_home() -> Path:
    """The newest Java from JAVA_HOME, /usr/lib/jvm and PATH that the server can run on. Raises NoServer."""
    named = [Path(os.environ["JAVA_HOME"])] if os.environ.get("JAVA_HOME") else []
    installed = sorted(Path("/usr/lib/jvm").glob("*"))
    on_path = [Path(found).resolve().parents[1]] if (found := shutil.which("java")) else []
    versions = {home: _java_version(home) for home in (*named, *installed, *on_path)}
    fit = [home for home, version in versions.items() if version >= OLDEST_JAVA and (home / "bin" / "javac").exists()]
    if not fit:
        raise NoServer(f"no JDK of version {OLDEST_JAVA} or newer in JAVA_HOME, /usr/lib/jvm or PATH")
    return fit[0]


def _java_version(home: Path) -> int:
    java = home / "bin" / "java"
    if not java.exists():
        return 0
    said = subprocess.run([str(java), "-version"], capture_output=True, text=True, check=False).stderr
    found = re.search(r'version "(\d+)', said)
    return int(found[1]) if found else 0


def _archive() -> Path:
    """The server as it was published, fetched once."""
    path = cache() / f"elasticsearch-{VERSION}.zip"
    if path.exists() and zipfile.is_zipfile(path):
        return path
    maven = shutil.which("mvn")
    if not maven:
        raise NoServer("no Maven client (mvn) to fetch the minimal Elasticsearch with")
    path.parent.mkdir(parents=True, exist_ok=True)
    got = _run(maven, "-q", "-B", COPY_GOAL, f"-Dartifact={ARTIFACT}", f"-DoutputDirectory={path.parent}", cwd="/")
    if got.returncode or not path.exists():
        raise NoServer(f"the Maven client could not fetch {ARTIFACT}: {(got.stdout + got.stderr).strip()[-300:]}")
    return path


def _unpacked(java: Path) -> Path:
    """A home of this run's own, with the plugin, in a folder that an unprivileged user can reach."""
    archive = _archive()
    base = _base()
    base.mkdir(parents=True, exist_ok=True)
    _sweep(base)
    target = base / f"{os.getpid()}-{secrets.token_hex(4)}"
    with zipfile.ZipFile(archive) as zipped:
        zipped.extractall(target)
    home = target / f"elasticsearch-{VERSION}"
    for tool in (home / "bin").iterdir():
        tool.chmod(0o755)
    for tool in (home / "modules").rglob("controller"):
        tool.chmod(0o755)
    _install_plugin(home, java)
    return home


def _base() -> Path:
    """Memory, where there is enough: every change of an index waits for the disk several times."""
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and shutil.disk_usage(memory).free > ROOM_BYTES
    folder = os.environ.get("AMUR_TEST_RUN") or (memory if roomy else "/var/tmp")
    return Path(folder) / f"amur-elasticsearch-{os.getuid()}"


def _sweep(base: Path) -> None:
    """Homes of runs that have ended."""
    for left in base.iterdir():
        owner = left.name.partition("-")[0]
        if owner.isdigit() and not Path(f"/proc/{owner}").exists():
            _end_left(left)
            shutil.rmtree(left, ignore_errors=True)


def _end_left(target: Path) -> None:
    """A run that was killed leaves its server behind: end it, if the number is still that of a process in its home."""
    noted = target / "process"
    number = noted.read_text().strip() if noted.exists() else ""
    try:
        if number and Path(f"/proc/{number}/cwd").readlink().is_relative_to(target):
            os.killpg(int(number), signal.SIGKILL)
    except OSError:
        pass


def _install_plugin(home: Path, java: Path) -> None:
    classes, target = home / "tmp" / "classes", home / "plugins" / "amur-test-analyzers"
    classes.mkdir(parents=True)
    target.mkdir(parents=True)
    compiled = _run(
        str(java / "bin" / "javac"), "--release", str(OLDEST_JAVA), "-cp", str(home / "lib" / "*"), "-d", str(classes),
        *map(str, sorted(PLUGIN.glob("*.java"))),
    )  # fmt: skip
    if compiled.returncode:
        raise NoServer(f"the test plugin does not compile: {compiled.stderr.strip()[-500:]}")
    with zipfile.ZipFile(target / "amur-test-analyzers.jar", "w") as jar:
        for path in sorted(classes.rglob("*.class")):
            jar.write(path, path.relative_to(classes))
    (target / "plugin-descriptor.properties").write_text(_descriptor(), encoding="utf-8")


def _descriptor() -> str:
    values = {
        "name": "amur-test-analyzers",
        "description": "The stock analyzers english, russian and cjk, for tests",
        "version": "1",
        "elasticsearch.version": VERSION,
        "java.version": str(OLDEST_JAVA),
        "classname": "amur.test.StockAnalyzers",
    }
    return "".join(f"{name}={value}\n" for name, value in values.items())


def _unprivileged() -> pwd.struct_passwd | None:
    """Whom to run as, where we are root."""
    return pwd.getpwnam(USER) if os.getuid() == 0 else None


def _own(folder: Path) -> None:
    identity = _unprivileged()
    if identity:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, identity.pw_uid, identity.pw_gid)


def _answering(url: str, alive: Callable[[], bool]) -> str:
    """Wait until the server answers; returns its version. 401 is an answer too: security is on."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and alive():
        try:
            with urllib.request.urlopen(f"{url}/_cluster/health?wait_for_status=yellow&timeout=5s", timeout=10):
                return VERSION
        except urllib.error.HTTPError as error:
            if error.code == 401:
                return VERSION
        except OSError:
            pass
        time.sleep(0.5)
    raise NoServer(f"Elasticsearch at {url} did not answer within {START_SECONDS} s")


def _last_lines(home: Path) -> str:
    return (home / "console.log").read_text(encoding="utf-8", errors="replace")[-800:]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _run(*command: str, cwd: str | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd, timeout=900)


@contextmanager
def running(**options: object) -> Iterator[Server]:
    """A minimal server for the block, removed afterwards."""
    server = minimal(**options)  # type: ignore[arg-type]
    try:
        yield server
    finally:
        remove(server)


def remove(server: Server) -> None:
    server.stop()
    if server.home:
        shutil.rmtree(server.home.parent, ignore_errors=True)
