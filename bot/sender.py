"""The sender: the outbox of one platform, delivered. Run by `service`.

Each chat has two lanes beside each other: words, cards and files, one after another; and reactions, which may be many
and never hold up the words. Drafts are made in a lane of their own, also while a chat cannot be reached; their files
then stand in the outbox behind the words that came before them.
"""

import asyncio
from collections import deque
from collections.abc import Coroutine
from contextlib import suppress

from bot.backoff import Pace, Trouble, log_incident
from bot.drafting import DraftMaker
from bot.lanes import AckLane, Collapse, Drop, React, Step, Wait, is_reaction
from bot.platforms import NoReactionError, NoReactionsError, Platform
from bot.posting import Post
from core.messages import MessageKey, Place
from core.phrases import phrase
from core.replies import Outgoing, Reply
from handlers import find_meeting
from storage.store import Store, Work

# rows taken at a time
BATCH = 500
# the name of the chat's message that stands in place of reactions
ACKS_CARD = "acks"
# for so long what is being sent is waited for at the end, in seconds
GRACE = 5.0
# a lane of reactions looks again at least as often, in seconds: what is more urgent may have come
_LONGEST_NAP = 1.0


class Sender:
    """Delivers the replies to one platform. Nothing is kept here alone: what is not written down is sent again."""

    def __init__(self, store: Store, platform: Platform, maker: DraftMaker, database: Trouble, pace: Pace) -> None:
        self._platform = platform
        self._maker = maker
        self._pace = pace
        self._post = Post(store, platform, database, pace)
        self._woken = asyncio.Event()
        # the rows that were taken and are not finished
        self._in_hand: set[int] = set()
        # a lane of words is there while its task runs, one of reactions stays
        self._words: dict[Place, deque[Outgoing]] = {}
        self._orders: deque[Outgoing] = deque()
        self._acks: dict[Place, AckLane] = {}
        self._acking: set[Place] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    def wake(self) -> None:
        """There may be something in the outbox."""
        self._woken.set()

    async def run(self) -> None:
        """Deliver until cancelled; what is being sent then is finished."""
        try:
            while True:
                self._woken.clear()
                if await self._take() < BATCH:
                    with suppress(TimeoutError):
                        async with asyncio.timeout(self._pace.look):
                            await self._woken.wait()
        finally:
            tasks = tuple(self._tasks)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self._post.end(GRACE)

    async def _take(self) -> int:
        """Put what is new in the outbox into its lanes; how many rows that was."""
        # what is finished meanwhile may still be among the rows that come
        skipped = set(self._in_hand)
        platform = self._platform
        try:
            rows = await self._post.write(
                lambda work: work.take_replies(platform.name, platform.workspace, len(skipped) + BATCH)
            )
        except Exception as error:
            log_incident("outbox cannot be read", error, platform=platform.name)
            return 0
        new = [row for row in rows if row.id not in skipped]
        for row in new:
            self._in_hand.add(row.id)
            self._sort(row)
        return len(new)

    def _sort(self, row: Outgoing) -> None:
        place = row.reply.to.place
        if row.reply.draft:
            self._orders.append(row)
            if len(self._orders) == 1:
                self._start(self._make_drafts())
        elif not is_reaction(row):
            if place not in self._words:
                self._words[place] = deque()
                self._start(self._send_words(place))
            self._words[place].append(row)
        if row.reply.reaction:
            lane = self._acks.setdefault(place, AckLane(self._platform.acks_a_minute))
            # where there are words too, the note of where the chat stood is about them
            lane.add(row if is_reaction(row) else row._replace(intent=None))
            if place not in self._acking:
                self._acking.add(place)
                self._start(self._send_acks(place, lane))

    def _start(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _send_words(self, place: Place) -> None:
        lane = self._words[place]
        while lane:
            row, finished = lane[0], True
            try:
                await self._post.post(row)
            except Exception as error:
                finished = await self._give_up([row], error)
            lane.popleft()
            if finished:
                self._in_hand.discard(row.id)
        del self._words[place]

    async def _make_drafts(self) -> None:
        while self._orders:
            row, finished = self._orders[0], True
            try:
                await self._maker.make(self._post, self._platform, row)
            except Exception as error:
                finished = await self._give_up([row], error)
            self._orders.popleft()
            if finished:
                self._in_hand.discard(row.id)
            self.wake()

    async def _send_acks(self, place: Place, lane: AckLane) -> None:
        while step := lane.choose(self._pace.clock()):
            await self._take_step(place, lane, step)
        self._acking.discard(place)

    async def _take_step(self, place: Place, lane: AckLane, step: Step) -> None:
        rows: list[Outgoing] = []
        try:
            match step:
                case Wait(seconds):
                    await self._pace.sleep(min(seconds, _LONGEST_NAP))
                case React(row):
                    rows = [row]
                    await self._post.react(row)
                case Collapse():
                    rows = list(step.rows)
                    await self._tell_count(place, lane, rows)
                case Drop():
                    rows = list(step.rows)
                    await self._post.finish([row.id for row in rows if is_reaction(row)])
        except NoReactionsError:
            for row in rows:
                lane.put_back(row)
            return
        except NoReactionError:
            # nobody is there to see it
            await self._post.finish([row.id for row in rows if is_reaction(row)])
        except Exception as error:
            if not await self._give_up([row for row in rows if is_reaction(row)], error):
                return
        self._in_hand.difference_update(row.id for row in rows if is_reaction(row))

    async def _tell_count(self, place: Place, lane: AckLane, rows: list[Outgoing]) -> None:
        """One message that says how much is filed, in place of these reactions."""
        text, language = await self._post.read(lambda work: _count_filed(work, place))
        if text in ("", lane.told):
            await self._post.finish([row.id for row in rows])
            return
        # the row that may have been sent as such a message carries it again
        carrier = next((row for row in rows if row.intent), rows[-1])
        card = Reply(MessageKey(*place, ""), text, card=ACKS_CARD, language=language)
        await self._post.post(carrier._replace(reply=card), [row.id for row in rows if row is not carrier])
        lane.told = text

    async def _give_up(self, rows: list[Outgoing], error: Exception) -> bool:
        """Finish what cannot be sent; where that cannot be either, it stays in hand and is not tried again."""
        try:
            await self._post.give_up(rows, error)
        except Exception as worse:
            log_incident("reply cannot be finished", worse, platform=self._platform.name)
            return False
        return True


def _count_filed(work: Work, place: Place) -> tuple[str, str]:
    """What the chat is told of its meeting, and in which language; nothing where it feeds none."""
    meeting_id = find_meeting(work, place)
    if meeting_id is None:
        return "", ""
    language = work.load_meeting(meeting_id).language
    return phrase("filed_so_far", count=work.count_notes(meeting_id)).into(language), language
