"""Answers requests of the benchmark: one line with the name of a task in, one line of JSON with its time and numbers out."""

import json
import sys
import time
from typing import Callable

# Does the work of a task once, and returns what it computed by name.
Task = Callable[[], dict[str, float]]


def serve(name: str, start: Callable[[str], Task]) -> None:
    """Serve until the input ends. `name` says who serves; `start` begins a task when it is first asked for."""
    tasks: dict[str, Task] = {}
    answer({"name": name})
    for line in sys.stdin:
        task = line.strip()
        if task not in tasks:
            tasks[task] = start(task)
        began = time.perf_counter()
        numbers = tasks[task]()
        answer({"ms": 1000 * (time.perf_counter() - began), **numbers})


def answer(value: dict) -> None:
    print(json.dumps(value), flush=True)
