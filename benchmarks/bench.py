"""`make bench`: measures each part in a fresh folder, prints a table, writes `results.json`."""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

import copydesk
from benchmarks import chain, kafka, normalize, postgres, stages
from tests.servers import NoServer

Figures = dict[str, float]
RESULTS = Path(__file__).with_name("results.json")


class Part(NamedTuple):
    """One thing to measure. `files` and `runs` are what it takes unless asked otherwise."""

    what: str
    measure: Callable[[Path, int], Figures]
    files: int
    runs: int


PARTS = {
    "chain": Part("copydesk run: files to rows", chain.throughput, 20_000, 3),
    "latency": Part("copydesk run: one drop at a time", chain.latency, chain.DROPS, 3),
    "stages": Part("each stage alone", stages.alone, 20_000, 3),
    "postgres": Part("events to rows in PostgreSQL", postgres.store, 20_000, 3),
    "kafka": Part("the services over Kafka and PostgreSQL", kafka.services, 20_000, 1),
    "known": Part("copydesk run: a folder of known files", chain.known_files, 200_000, 1),
    "normalize": Part("the parser by step; rejoining beside others", normalize.steps, 1_000, 3),
    "naive": Part("naive script: files to rows", stages.naive, 20_000, 3),
}


def main() -> None:
    """Measure what the command line asks for."""
    options = _options()
    results: dict[str, Figures] = {}
    for name in options.parts.split(","):
        part = PARTS[name]
        files = min(part.files, options.files or part.files)
        try:
            runs = [_measure(part, files) for _ in range(options.runs or part.runs)]
        except NoServer as why:
            print(f"{name}: left out, {why}", file=sys.stderr)
            continue
        results[name] = {key: statistics.median(run[key] for run in runs) for key in runs[0]}
        print(f"{name}: {_words(results[name])}", file=sys.stderr)
    _compare(results)
    report = {"copydesk": copydesk.__version__, "machine": _machine(), "parts": results}
    options.json.write_text(json.dumps(report, indent=2) + "\n")
    Console().print(_table(results))
    print(f"The same as JSON: {options.json}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--files", type=int, help="at most so many files in each part")
    parser.add_argument("--runs", type=int, help="so many runs of each part; medians are told")
    parser.add_argument("--parts", default=",".join(PARTS), help="some of %(default)s")
    parser.add_argument("--json", type=Path, default=RESULTS, help="where the figures go")
    options = parser.parse_args()
    unknown = set(options.parts.split(",")) - PARTS.keys()
    if unknown:
        parser.error(f"no such part: {', '.join(unknown)}; there are {', '.join(PARTS)}")
    return options


def _measure(part: Part, files: int) -> Figures:
    home = Path(tempfile.mkdtemp(prefix="copydesk-bench-"))
    try:
        return part.measure(home, files)
    finally:
        shutil.rmtree(home)


def _compare(results: dict[str, Figures]) -> None:
    """Set each rate in relation to the naive script's."""
    if "naive" not in results:
        return
    floor = results["naive"]["articles_per_second"]
    for figures in results.values():
        rates = {key: rate for key, rate in figures.items() if key.endswith("articles_per_second")}
        for key, rate in rates.items():
            figures[key.replace("articles_per_second", "times_naive")] = rate / floor


def _machine() -> dict[str, object]:
    return {
        "python": platform.python_version(),
        "system": platform.platform(),
        "cores": len(os.sched_getaffinity(0)),
    }


def _table(results: dict[str, Figures]) -> Table:
    table = Table("part", "figure", "value", title="copydesk, medians", title_justify="left")
    for name, figures in results.items():
        for row, (key, value) in enumerate(figures.items()):
            table.add_row("" if row else PARTS[name].what, key, _number(value))
        table.add_section()
    for column in table.columns[2:]:
        column.justify = "right"
    return table


def _words(figures: Figures) -> str:
    return ", ".join(f"{key} {_number(value)}" for key, value in figures.items())


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 1_000 or value == int(value) else f"{value:,.3g}"  # noqa: PLR2004


if __name__ == "__main__":
    main()
