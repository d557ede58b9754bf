"""Timing two sides against each other, and the table of what came of it, which conftest prints at the end."""

import gc
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median, quantiles
from time import perf_counter
from typing import Any, Literal

from rich.table import Table

# rounds of a pair: the median of so many ratios is what is reported
ROUNDS = 7


@dataclass(frozen=True, slots=True)
class Target:
    """What a ratio is held against: at most or at least so much."""

    way: Literal["<=", ">="]
    limit: float
    unit: str = "×"

    def is_met(self, value: float) -> bool:
        return value <= self.limit if self.way == "<=" else value >= self.limit

    def __str__(self) -> str:
        return f"{'≤' if self.way == '<=' else '≥'} {self.limit:g} {self.unit}"


@dataclass(frozen=True, slots=True)
class Figure:
    """A line of the table. `value` is what is held against the target; `shown` is how it is written."""

    what: str
    measured: str
    floor: str
    shown: str
    value: float
    target: Target | None


@dataclass(slots=True)
class Figures:
    """The lines of one run, in the order in which they were measured."""

    lines: list[Figure] = field(default_factory=list)

    def add(
        self,
        what: str,
        measured: str,
        floor: str,
        ratio: "float | Ratio",
        target: Target | None = None,
        shown: str = "",
    ) -> None:
        """Add a line. `shown` is how the ratio is written, where it is not a number of times."""
        value = ratio.middle if isinstance(ratio, Ratio) else ratio
        self.lines.append(Figure(what, measured, floor, shown or f"{ratio:.3g} ×", value, target))

    def table(self) -> Table:
        table = Table("what", "measured", "floor", "ratio (quartiles)", "target", "met?", title="Benchmarks")
        for line in self.lines:
            met = line.target and line.target.is_met(line.value)
            verdict = "" if line.target is None else "[green]yes[/]" if met else "[bold red]MISSED[/]"
            table.add_row(line.what, line.measured, line.floor, line.shown, str(line.target or ""), verdict)
        return table


@dataclass(frozen=True, slots=True)
class Ratio:
    """The median of some ratios, with the quartiles."""

    values: Sequence[float]

    @property
    def middle(self) -> float:
        return median(self.values)

    def __format__(self, spec: str) -> str:
        if len(self.values) < 4:
            return format(self.middle, spec)
        first, _, third = quantiles(self.values, n=4)
        return f"{self.middle:{spec}} ({first:{spec}}–{third:{spec}})"


@dataclass(frozen=True, slots=True)
class Pairs:
    """Seconds of both sides, round by round."""

    ours: Sequence[float]
    floor: Sequence[float]

    @property
    def slower(self) -> Ratio:
        """How many times as long we take as the floor."""
        return Ratio([ours / floor for ours, floor in zip(self.ours, self.floor, strict=True)])

    @property
    def faster(self) -> Ratio:
        """Our speed against the floor's."""
        return Ratio([floor / ours for ours, floor in zip(self.ours, self.floor, strict=True)])


def time_once(run: Callable[..., object], *args: Any) -> float:
    """Seconds that a call takes, begun without other people's garbage."""
    gc.collect()
    start = perf_counter()
    run(*args)
    return perf_counter() - start


def compare(
    benchmark: Any,
    ours: Callable[..., object],
    floor: Callable[..., object],
    *,
    prepare: Callable[[], tuple[Any, ...]] = tuple,
    prepare_floor: Callable[[], tuple[Any, ...]] = tuple,
    rounds: int = ROUNDS,
) -> Pairs:
    """Time the floor, then ours, round after round, the first round not counted.

    pytest-benchmark keeps our times; the floor is its `setup`, so that both sides see the same moods of the machine.
    `prepare` makes the arguments of a side before each of its rounds, outside the time.
    """
    our_times: list[float] = []
    floor_times: list[float] = []

    def set_up() -> tuple[tuple[Any, ...], dict[str, Any]]:
        floor_times.append(time_once(floor, *prepare_floor()))
        args = prepare()
        gc.collect()
        return args, {}

    def run(*args: Any) -> None:
        start = perf_counter()
        ours(*args)
        our_times.append(perf_counter() - start)

    benchmark.pedantic(run, setup=set_up, rounds=rounds, warmup_rounds=1)
    pairs = Pairs(our_times[1:], floor_times[1:])
    benchmark.extra_info["times as long as the floor"] = pairs.slower.middle
    return pairs


def show_time(seconds: float) -> str:
    """Seconds in the unit that fits."""
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds / 1e-9:.3g} ns"


def show_rate(count: int, seconds: float, of: str) -> str:
    """So many a second."""
    return f"{count / seconds:,.0f} {of}/s"
