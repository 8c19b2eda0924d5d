"""Keeps the catalogues: `python -m dashboard.catalogues` extracts messages, updates every .po and compiles the .mo.

A message that vanished from the code is dropped, a new one is added untranslated; `tests/dashboard` fails until it has
been translated and compiled.
"""

import io
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from dashboard.localisation import DOMAIN, INTERFACE_LANGUAGES, LOCALE_FOLDER

HERE = Path(__file__).parent
METHODS = [("**/templates/**.html", "jinja2"), ("**.py", "python")]
OPTIONS = {"**/templates/**.html": {"trimmed": "true", "newstyle_gettext": "true"}}
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2)}
SOURCE_LANGUAGE = "en"
WRITTEN = datetime(2026, 11, 24, tzinfo=UTC)


def messages() -> Catalog:
    """Every message in the code and the templates."""
    catalog = Catalog(project="Amur", charset="utf-8")
    for file, line, message, comments, context in _extracted():
        catalog.add(message, None, [(file, line)], auto_comments=comments, context=context)
    return catalog


def _extracted() -> Iterator[tuple[str, int, str | tuple[str, ...], list[str], str | None]]:
    for name, line, message, comments, context in extract_from_dir(
        str(HERE), METHODS, OPTIONS, keywords=KEYWORDS, comment_tags=("Translators:",)
    ):
        yield Path(name).as_posix(), line, message, comments, context


def languages() -> list[str]:
    return [code for code in INTERFACE_LANGUAGES if code != SOURCE_LANGUAGE]


def po_file(code: str) -> Path:
    return LOCALE_FOLDER / code / "LC_MESSAGES" / f"{DOMAIN}.po"


def read(code: str) -> Catalog:
    """The catalogue of a language; an empty one where there is none yet."""
    file = po_file(code)
    if not file.exists():
        return Catalog(locale=code, domain=DOMAIN, project="Amur", charset="utf-8")
    with file.open("rb") as source:
        return read_po(source, locale=code, domain=DOMAIN)


def updated(code: str) -> Catalog:
    """The catalogue with exactly today's messages, translations kept where the message is the same."""
    catalog = read(code)
    catalog.update(messages(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    catalog.fuzzy = False
    catalog.header_comment = (
        f"# The interface of Amur, {code}. Written by python -m dashboard.catalogues; translations by hand."
    )
    catalog.last_translator = catalog.language_team = catalog.msgid_bugs_address = "The Amur developers"
    catalog.version = ""
    catalog.creation_date = catalog.revision_date = WRITTEN  # a date of its own would change the file at every run
    return catalog


def compiled(catalog: Catalog) -> bytes:
    out = io.BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def missing(catalog: Catalog) -> list[str]:
    """Messages without a translation (in every plural form)."""
    absent = []
    for message in catalog:
        given = message.string if isinstance(message.string, list | tuple) else [message.string]
        if message.id and not all(given):
            absent.append(str(message.id))
    return absent


def main() -> int:
    for code in languages():
        catalog = updated(code)
        file = po_file(code)
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("wb") as out:
            write_po(out, catalog, width=110, sort_output=True, omit_header=False, include_lineno=False)
        file.with_suffix(".mo").write_bytes(compiled(catalog))
        sys.stdout.write(f"{code}: {len(catalog)} messages, {len(missing(catalog))} without translation\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
