"""The `amur` command. Exit codes: 0 done, 1 failed, 2 wrong use, 3 done with losses that were set aside."""

import os
import sys

import typer

from amur import (
    __version__,
    commands_backfill,
    commands_collect,
    commands_data,
    commands_explain,
    commands_manage,
    commands_search,
)
from amur.errors import AmurError, UsageError
from amur.output import say

app = typer.Typer(
    name="amur",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Amur monitors how the relationship between Russia and China is reported, in English, Russian and Chinese.\n\n"
    "Begin with `amur run`. Every command takes `--help`, and `--json` where it prints a table.",
)


def _version(shown: bool) -> None:
    if shown:
        print(f"amur {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Print the version."),
) -> None:
    pass


for module in (commands_collect, commands_backfill, commands_search, commands_data, commands_explain, commands_manage):
    module.register(app)


STOPPED = 130  # what a shell gives a command that Ctrl-C ended


def main() -> None:
    """Run the command line; an error of ours is one message and an exit code, never a traceback."""
    try:
        # Not typer's own mode: it would end a broken pipe with 1 and an interruption without a word.
        code = app(standalone_mode=False)
        sys.stdout.flush()
        sys.exit(code if isinstance(code, int) else 0)
    except typer.TyperException as error:
        show = getattr(error, "show", None)
        if show is not None:
            show()
        sys.exit(error.exit_code)
    except AmurError as error:
        say(f"amur: {error}")
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, typer.Abort):
        say("amur: stopped; what was finished is kept, the next run goes on from there")
        sys.exit(STOPPED)
    except BrokenPipeError:
        # The reader of our output has gone (`amur search ... | head`): nothing is wrong.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except OSError as error:
        say(f"amur: {error.filename or 'a file'} cannot be used: {error.strerror or error}")
        sys.exit(UsageError.exit_code)


if __name__ == "__main__":
    main()
