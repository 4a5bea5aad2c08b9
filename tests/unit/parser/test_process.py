"""The parser in a child: the same answers, and what happens when the child does not give one."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from copydesk.errors import Unavailable
from copydesk.parser import process
from copydesk.parser.pipes import Reply
from copydesk.parser.process import ParserFailed, parser_process
from copydesk.parser.step import parse_records
from copydesk.topics import topics
from copydesk.transport.api import Message
from tests.unit.parser.test_step import BAD, GOOD, raw

TOPICS = topics()


def children() -> set[int]:
    """Of whichever thread of ours."""
    if not Path(f"/proc/self/task/{os.getpid()}/children").exists():
        pytest.skip("the system does not list children under /proc")
    lists = Path("/proc/self/task").glob("*/children")
    return {int(child) for entry in lists for child in entry.read_text().split()} - OTHERS


OTHERS: set[int] = set()
"""The servers that other tests have started."""


@pytest.fixture(autouse=True)
def _not_ours() -> None:
    OTHERS.clear()
    OTHERS.update(children())


def articles(outputs: Sequence[Message]) -> list[Message]:
    """What does not tell the time of the parsing."""
    return [message for message in outputs if message.topic == TOPICS.normalized.name]


def customized(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """Let every Python that is started from now on run `code` first."""
    (tmp_path / "sitecustomize.py").write_text(code)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))


async def test_a_child_answers_what_the_parser_answers() -> None:
    records = [raw(GOOD), raw(BAD, offset=1), raw(b"\xff\x00" * 99, offset=2), raw(None, offset=3)]
    own = parse_records(records, TOPICS)
    async with parser_process(TOPICS) as step:
        for _ in range(2):
            done = await step(records)
            assert articles(done.outputs) == articles(own.outputs)
            assert len(done.outputs) == len(own.outputs)
            assert (done.outcomes, done.rejections) == (own.outcomes, own.rejections)
            assert done.rejection == own.rejection
    assert not children()


async def test_a_batch_larger_than_any_pipe_comes_through() -> None:
    async with parser_process(TOPICS) as step:
        done = await step([raw(GOOD, offset=number) for number in range(3000)])
    assert done.outcomes == {"parsed": 3000}


async def test_a_child_that_is_stopped_and_continued_says_all_that_it_has_to_say(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PYTHONUNBUFFERED", "1")  # a stopped write is then ours to go on with
    records = [raw(GOOD, offset=number) for number in range(3000)]
    async with parser_process(TOPICS) as step:
        await step(records[:1])
        (child,) = children()
        answer = asyncio.ensure_future(step(records))
        while not answer.done():
            os.kill(child, signal.SIGSTOP)
            os.kill(child, signal.SIGCONT)
            await asyncio.sleep(0.001)
        assert (await answer).outcomes == {"parsed": 3000}


async def test_a_child_that_was_killed_is_replaced() -> None:
    async with parser_process(TOPICS) as step:
        (child,) = children()
        os.kill(child, signal.SIGKILL)
        assert (await step([raw(GOOD)])).outcomes == {"parsed": 1}
        assert children() != {child}


async def test_what_the_parser_raises_is_raised_here_with_its_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    customized(
        tmp_path,
        monkeypatch,
        "from copydesk.parser import article\n"
        "def parsing(data, source): raise LookupError('a bug of ours')\n"
        "article.parsing = parsing\n",
    )
    async with parser_process(TOPICS) as step:
        with pytest.raises(ParserFailed, match="LookupError: a bug of ours"):
            await step([raw(GOOD)])
        assert (await step([raw(None)])).rejections == {"bad_message": 1}


async def test_a_child_that_ends_again_and_again_on_some_records_fails_on_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    customized(
        tmp_path,
        monkeypatch,
        "import os, signal\n"
        "from copydesk.parser import article\n"
        "def parsing(data, source): os.kill(os.getpid(), signal.SIGSEGV)\n"
        "article.parsing = parsing\n",
    )
    async with parser_process(TOPICS) as step:
        with pytest.raises(ParserFailed, match="ended on these records: signal 11"):
            await step([raw(GOOD)])


@pytest.mark.parametrize("code", ["import os; os._exit(3)", None])
async def test_where_no_child_can_be_started_no_record_is_to_blame(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str | None
) -> None:
    with monkeypatch.context() as broken:
        if code is None:
            broken.setattr(sys, "executable", str(tmp_path / "nothing"))
        else:
            customized(tmp_path, broken, code)
        async with parser_process(TOPICS) as step:
            with pytest.raises(Unavailable, match=r"cannot be started: .*(status 3|No such file)"):
                await step([raw(GOOD)])
            broken.undo()
            (tmp_path / "sitecustomize.py").unlink(missing_ok=True)
            assert (await step([raw(GOOD)])).outcomes == {"parsed": 1}


async def test_a_child_that_hangs_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "REPLY_SECONDS", 0.5)
    monkeypatch.setattr(process, "PATIENCE_SECONDS", 0.0)
    customized(
        tmp_path,
        monkeypatch,
        "import signal\n"
        "from copydesk.parser import article\n"
        "def parsing(data, source): signal.pause()\n"
        "article.parsing = parsing\n",
    )
    async with parser_process(TOPICS) as step:
        with pytest.raises(ParserFailed, match="signal 9"):
            await step([raw(GOOD)])
    assert not children()


async def test_each_of_two_requests_at_a_time_gets_its_own_reply() -> None:
    async with parser_process(TOPICS) as step:
        for _ in range(20):
            first = step([raw(GOOD, offset=number) for number in range(40)])
            second = step([raw(BAD, offset=number) for number in range(20)])
            dones = await asyncio.gather(first, second)
            assert [done.outcomes for done in dones] == [{"parsed": 40}, {"rejected": 20}]


async def test_two_replies_that_come_at_once_are_both_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(process, "REPLY_SECONDS", 5.0)
    reply = process._Child._reply  # noqa: SLF001 -- the moment between two reads
    both = threading.Event()

    def late(self: process._Child) -> Reply:
        both.wait(20)
        return reply(self)

    monkeypatch.setattr(process._Child, "_reply", late)  # noqa: SLF001
    async with parser_process(TOPICS) as step:
        (child,) = children()
        before = writes(child)
        answers = [asyncio.ensure_future(step([raw(BAD, offset=n)])) for n in range(2)]
        while writes(child) < before + 2:  # noqa: ASYNC110 -- the system has no event for it
            await asyncio.sleep(0.001)
        both.set()
        dones = await asyncio.gather(*answers)
        assert [done.outcomes for done in dones] == [{"rejected": 1}] * 2
        assert children() == {child}


def writes(child: int) -> int:
    """How often `child` has written something."""
    return int(Path(f"/proc/{child}/io").read_text().partition("syscw: ")[2].split()[0])


async def test_a_child_that_is_killed_costs_neither_of_two_requests() -> None:
    records = [raw(GOOD, offset=number) for number in range(3000)]
    async with parser_process(TOPICS) as step:
        (child,) = children()
        os.kill(child, signal.SIGSTOP)  # so that it cannot be done with any
        answers = [asyncio.ensure_future(step(some)) for some in (records, records[:9])]
        await asyncio.sleep(0)
        os.kill(child, signal.SIGKILL)
        dones = await asyncio.gather(*answers)
    assert [done.outcomes for done in dones] == [{"parsed": 3000}, {"parsed": 9}]


async def test_records_on_which_the_child_ends_cost_those_behind_them_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    customized(
        tmp_path,
        monkeypatch,
        "import os, signal\n"
        "from copydesk.parser import article\n"
        "parsing = article.parsing\n"
        "def ending(data, source):\n"
        "    if b'DEADLY' in data: os.kill(os.getpid(), signal.SIGSEGV)\n"
        "    return parsing(data, source)\n"
        "article.parsing = ending\n",
    )
    deadly = [raw(GOOD + b"DEADLY")]
    many = [raw(GOOD, offset=number) for number in range(500)]
    async with parser_process(TOPICS) as step:
        for _ in range(2):
            bad, good, worse = await asyncio.gather(
                step(deadly), step(many), step(deadly), return_exceptions=True
            )
            assert isinstance(bad, ParserFailed)
            assert isinstance(worse, ParserFailed)
            assert not isinstance(good, BaseException)
            assert good.outcomes == {"parsed": 500}


async def test_no_child_outlives_a_step_that_was_given_up() -> None:
    async with parser_process(TOPICS) as step:
        given_up = asyncio.ensure_future(step([raw(GOOD, offset=n) for n in range(3000)]))
        await asyncio.sleep(0)
        given_up.cancel()
    await asyncio.get_running_loop().shutdown_default_executor()
    assert not children()
