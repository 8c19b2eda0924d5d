"""`python -m bench NAME [options]`: run one benchmark; without a name, list them."""

import importlib
import pkgutil
import sys

import bench
from amur.errors import AmurError


def names() -> list[str]:
    return sorted(m.name for m in pkgutil.iter_modules(bench.__path__) if not m.name.startswith("_"))


def runnable(name: str) -> bool:
    return name in names() and hasattr(importlib.import_module(f"bench.{name}"), "main")


def main(argv: list[str]) -> int:
    if not argv or not runnable(argv[0]):
        print("usage: python -m bench NAME [--help]\n")
        for name in filter(runnable, names()):
            line = (importlib.import_module(f"bench.{name}").__doc__ or "").strip().splitlines()
            print(f"  {name:<12} {line[0] if line else ''}")
        return 0 if not argv else 2
    try:
        return int(importlib.import_module(f"bench.{argv[0]}").main(argv[1:]))
    except AmurError as error:
        print(error, file=sys.stderr)
        return error.exit_code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
