"""From a platform's updates to notes that are committed: in messages a second, and one at a time.

Floors are the bare sqlite3 driver on the same disk. All of ours is SQLite as `rapporteur` opens it: WAL, synchronous=FULL.
"""

import sqlite3
from collections.abc import Callable, Iterator
from itertools import batched, count
from pathlib import Path
from statistics import median, quantiles
from threading import Event, Thread
from typing import Any

import pytest

from bench.figures import Figures, Target, compare, show_rate, show_time, time_once
from bench.floors import insert_batches, insert_singly, open_plain, read_rows
from bench.meetings import HANDED_OVER, TRANSCRIPT, Bot, Update, make_updates
from reports.formats import load_format
from reports.placement import place
