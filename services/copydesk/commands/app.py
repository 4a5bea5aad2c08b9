"""The command line: what each command is called and says of itself. The work is elsewhere.

A command's module is imported when it is called, so that `copydesk --help` comes at once.
"""
# ruff: noqa: PLC0415, D301 -- imports: see above; \b keeps the lines of an example

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

import copydesk
from copydesk.commands.flags import takes, warn_of_unknown
from copydesk.errors import Unusable
from copydesk.loading import Loaded
from copydesk.lock import Locked
from copydesk.settings import WrongSetting, declarations
from copydesk.transport.api import Replaced

FAILED = 1
BAD_USAGE = 2
ANOTHER_RUNS = 3
"""A supervisor must not start this instance again: another has its place."""

_KAFKA = (name for name in declarations() if name.startswith("kafka_"))
_LOG = ("data", "transport", "prefix", "partitions", *_KAFKA)
"""The settings that reading the log needs."""

app = typer.Typer(
    name="copydesk",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def main() -> None:
    """Run the command that the arguments name, and exit with its status."""
    out = sys.stdout
    if isinstance(out.buffer, io.RawIOBase):
        # Where PYTHONUNBUFFERED is set, a write that a signal interrupts (Ctrl-Z, and on again) is
        # cut short, and nobody writes the rest.
        sys.stdout = open(  # noqa: SIM115 -- as long as we live
            out.fileno(), "w", encoding=out.encoding, errors=out.errors, closefd=False
        )
    sys.exit(status_of(sys.argv[1:]))


def status_of(arguments: Sequence[str]) -> int:
    """The exit status of the command line `arguments`: see the constants above.

    Whatever stops a command is one line on standard error.
    """
    try:
        return int(app(arguments, standalone_mode=False) or 0)
    except typer.TyperException as error:
        command = getattr(getattr(error, "ctx", None), "command_path", "copydesk")
        _complain(f"{error.format_message().rstrip('.')}; see {command} --help")
        return error.exit_code
    except WrongSetting as error:
        _complain(str(error))
        return BAD_USAGE
    except (Locked, Replaced) as error:
        _complain(str(error))
        return ANOTHER_RUNS
    except Unusable as error:
        _complain(str(error))
        return FAILED


def _complain(words: str) -> None:
    sys.stderr.write(f"copydesk: {' '.join(words.split())}\n")


@app.callback(invoke_without_command=True)
def _copydesk(
    context: typer.Context,
    *,
    version: Annotated[bool, typer.Option("--version", help="Show the version.")] = False,
) -> None:
    """From a folder of article files to a stream and a database of clean articles.

    \b
    Example:
        copydesk run
    """
    if version:
        typer.echo(f"copydesk {copydesk.__version__}")
    elif context.invoked_subcommand is None:
        typer.echo(context.get_help())


@app.command()
@takes(*declarations())
def run(loaded: Loaded) -> int:
    """Watch the inbox and store its articles.

    It runs until Ctrl-C or SIGTERM. On a terminal it shows a live view, elsewhere it logs JSON
    lines.

    \b
    Example:
        copydesk run --inbox ./inbox --data ./data
    """
    from copydesk.commands.run import run

    return run(loaded)


@app.command()
@takes(*declarations())
def watcher(loaded: Loaded) -> int:
    """Publish the files of the inbox, and dispose of them (on Kafka).

    \b
    Example:
        copydesk watcher --transport kafka://localhost:9092
    """
    from copydesk.commands.run import run

    return run(loaded, ["watcher"])


@app.command()
@takes(*declarations())
def parser(loaded: Loaded) -> int:
    """Normalize what the watcher publishes (on Kafka).

    \b
    Example:
        copydesk parser --transport kafka://localhost:9092
    """
    from copydesk.commands.run import run

    return run(loaded, ["parser"])


@app.command()
@takes(*declarations())
def sink(loaded: Loaded) -> int:
    """Store what the parser publishes (on Kafka).

    \b
    Example:
        copydesk sink --transport kafka://localhost:9092
    """
    from copydesk.commands.run import run

    return run(loaded, ["sink"])


@app.command()
def parse(
    files: Annotated[
        list[str], typer.Argument(metavar="FILE…", help="Files; - is standard input.")
    ],
    *,
    explained: Annotated[
        bool,
        typer.Option("--explain", help="Show which sentences were rejoined, and by which rule."),
    ] = False,
) -> None:
    """Print what files become, one JSON a line.

    Nothing is stored. Rejections go to standard error; the exit status is 1 if there is any.

    \b
    Example:
        copydesk parse article.txt
        cat article.txt | copydesk parse -
        copydesk parse --explain article.txt | grep join
    """
    from copydesk.commands.parse import explain, parse

    raise typer.Exit(explain(files) if explained else parse(files))


@app.command()
@takes("inbox", "inbox_name", "store", *_LOG)
def trace(
    loaded: Loaded,
    what: Annotated[
        str, typer.Argument(metavar="PATH|ID|URL", help="A file, a version, or an article.")
    ],
) -> int:
    """Say where an article is, and how it came there.

    Each step with its time, ending in the row, the reason, or where it waits. The path is absolute
    or relative to the inbox, of a file that may have moved.

    \b
    Example:
        copydesk trace article.txt
        copydesk trace https://example.org/news/1
    """
    from copydesk.commands.trace import trace

    warn_of_unknown(loaded)
    return trace(loaded.settings, what)


@app.command()
@takes("data", "store")
def diff(
    loaded: Loaded,
    what: Annotated[str, typer.Argument(metavar="ID|URL", help="An article.")],
    *,
    old: Annotated[
        str | None,
        typer.Option("--from", metavar="REVISION", help="The earlier one; else the one before."),
    ] = None,
    new: Annotated[
        str | None,
        typer.Option("--to", metavar="REVISION", help="The later one; else the present."),
    ] = None,
) -> int:
    """Show the words that changed between two revisions of an article.

    A revision is named by the first characters that `copydesk trace` shows of it.

    \b
    Example:
        copydesk diff https://example.org/news/1
    """
    from copydesk.commands.diff import diff

    warn_of_unknown(loaded)
    return diff(loaded.settings, what, old, new)


@app.command()
@takes("inbox", "inbox_name", "store", *_LOG)
def status(
    loaded: Loaded,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> int:
    """Count what is seen, in flight, stored and rejected.

    The exit status is 1 if anything is in flight for more than a minute.

    \b
    Example:
        copydesk status
        copydesk status --json
    """
    from copydesk.commands.status import status

    warn_of_unknown(loaded)
    return status(loaded.settings, as_json=as_json)


@app.command()
@takes(*_LOG)
def tail(
    loaded: Loaded,
    *,
    from_beginning: Annotated[
        bool, typer.Option("--from-beginning", help="Begin with the oldest article kept.")
    ] = False,
    follow: Annotated[
        bool, typer.Option("--follow/--no-follow", help="Wait for more, or stop at the end.")
    ] = True,
) -> int:
    """Show articles as they are normalized.

    On a terminal for reading, in a pipe as JSON lines.

    \b
    Example:
        copydesk tail
        copydesk tail --from-beginning --no-follow | wc -l
    """
    from copydesk.commands.tail import tail

    warn_of_unknown(loaded)
    return tail(loaded.settings, from_beginning=from_beginning, follow=follow)


@app.command()
@takes(*_LOG)
def topics(
    loaded: Loaded,
    *,
    apply: Annotated[
        bool, typer.Option("--apply", help="Make what is missing, and change what differs.")
    ] = False,
    acl: Annotated[
        bool,
        typer.Option("--acl", help="Print the rights that each role needs, as kafka-acls takes."),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON array.")] = False,
) -> int:
    """Say which topics on Kafka are missing or differ, and in what.

    Nothing is changed without --apply. The exit status is 1 if anything differs.

    \b
    Example:
        copydesk topics --transport kafka://localhost:9092
        copydesk topics --acl
    """
    from copydesk.commands import topics as command

    warn_of_unknown(loaded)
    if acl:
        return command.acl(loaded.settings, as_json=as_json)
    return command.topics(loaded.settings, apply=apply, as_json=as_json)


@app.command()
@takes(*declarations())
def config(loaded: Loaded) -> int:
    """Show every setting's value and its origin.

    Passwords are masked.

    \b
    Example:
        COPYDESK_PORT=0 copydesk config --inbox /srv/drop
    """
    from copydesk.commands.config import config

    warn_of_unknown(loaded)
    return config(loaded)
