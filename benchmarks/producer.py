"""Kafka's own producer perf test with the same articles: how fast anything could publish them."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Final

from benchmarks import corpus
from benchmarks.stages import Figures
from copydesk.transport.kafka.client import BATCH_BYTES
from tests.kafka.broker import jars
from tests.servers import NoServer

TOOL: Final = "org.apache.kafka.tools.ProducerPerformance"
DELIMITER: Final = "\f"
DIFFERENT: Final = 1_000
"""So many articles are drawn from."""
TRANSACTION_MS: Final = 100
"""Each is a transaction, about as long as one of the watcher's takes."""
PROPERTIES: Final = ("acks=all", "compression.type=lz4", f"batch.size={BATCH_BYTES}")
_LAST: Final = re.compile(r"(\d+) records sent, ([\d.]+) records/sec")


def perf_test(home: Path, kafka: str, topic: str, files: int) -> Figures:
    """`files` articles to `topic` in transactions. Nothing, and a line that says so, without it."""
    try:
        classpath = f"{jars()}/*"
    except NoServer as why:
        print(f"kafka: its producer perf test is left out, {why}", file=sys.stderr)
        return {}
    payloads = home / "payloads"
    articles = (corpus.article(number) for number in range(min(files, DIFFERENT)))
    payloads.write_bytes(DELIMITER.encode().join(articles))
    command = ["java", "-cp", classpath, TOOL, "--bootstrap-server", kafka, "--topic", topic]
    command += ["--num-records", str(files), "--throughput", "-1"]
    command += ["--payload-file", str(payloads), "--payload-delimiter", DELIMITER]
    command += ["--transactional-id", f"{topic}.perf", "--transaction-duration-ms"]
    command += [str(TRANSACTION_MS), "--command-property", *PROPERTIES]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    sent, a_second = _LAST.findall(done.stdout)[-1]
    assert int(sent) == files
    return {"perf_test_articles_per_second": float(a_second)}
