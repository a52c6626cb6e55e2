"""What can be measured of this site, for Prometheus. Under gunicorn all workers count into files of one folder, and any of them can tell.

gunicorn.conf.py makes the folder and names it in PROMETHEUS_MULTIPROC_DIR; without it a process counts for itself alone.
"""

import os
from collections import Counter as Tally
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from functools import cache, lru_cache
from threading import Event, Lock, Thread

from flask import Flask, current_app
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool

from examsite import clock
from examsite.db import saving
from examsite.web.context import db

SAVE = "rounds.save_answers"
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
requests_seen = Counter("examsite_requests", "Requests answered.", ["endpoint", "status"])
request_seconds = Histogram("examsite_request_seconds", "Time a request took.", ["endpoint"], buckets=SECONDS)
saves = Counter("examsite_saves", "Saves of candidates: acknowledged, refused with a reason, or failed by a fault of ours.", ["outcome"])
connections = Gauge("examsite_database_connections", "Connections in use.", ["pool"], multiprocess_mode="livesum")
Ask = Callable[[Session], int]
_ASKED = "examsite.metrics"
EVERY_S = 1.0
_shown: dict[str, int] = {}
_seen: deque[tuple[str, int, float]] = deque(maxlen=100_000)
"""Requests that no figure knows yet. A process that neither keeps up nor is ever asked forgets the oldest."""
_taking_in = Lock()


def ask(app: Flask, name: str, meaning: str, question: Ask) -> None:
    """Let the database be asked for a number each time somebody looks: `question` gets a session that only reads."""
    app.extensions.setdefault(_ASKED, {})[name] = (meaning, question)


def count(endpoint: str, status: int, seconds: float) -> None:
    """One more request. It is on the path of every save, so it is only put down; the figures take it in within a second."""
    _seen.append((endpoint, status, seconds))


def keep_up(app: Flask) -> None:
    """Begin to take in once a second what was put down, for as long as this process lives."""
    Thread(target=_every_second, args=(app,), name="figures", daemon=True).start()


def take_in(app: Flask) -> None:
    """Bring the figures up to what was put down so far; nothing is counted twice, whoever asks at the same moment."""
    with _taking_in:
        _take_in_requests()
        for name, pool in _pools(app.extensions.get("examsite.engine")):
            if (used := pool.checkedout()) != _shown.get(name):
                _shown[name] = used
                connections.labels(name).set(used)


def _every_second(app: Flask) -> None:
    pause = Event()
    while not pause.wait(EVERY_S):
        take_in(app)


def _take_in_requests() -> None:
    answered: Tally[tuple[str, int]] = Tally()
    for _request in range(len(_seen)):
        endpoint, status, seconds = _seen.popleft()
        answered[endpoint, status] += 1
        _seconds(endpoint).observe(seconds)
    for (endpoint, status), times in answered.items():
        _requests(endpoint, status).inc(times)
        if endpoint == SAVE:
            _saves("acknowledged" if status == 200 else "refused" if status < 500 else "failed").inc(times)


def told() -> tuple[bytes, str]:
    """Everything in Prometheus' text format, and the type of that text."""
    take_in(current_app)
    registry = CollectorRegistry()
    registry.register(_Clock())
    registry.register(_Asked(current_app.extensions.get(_ASKED, {})))
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return generate_latest(registry), CONTENT_TYPE_LATEST
    return generate_latest(registry) + generate_latest(REGISTRY), CONTENT_TYPE_LATEST


class _Clock(Collector):
    """The same in every worker: all count from one start."""

    def collect(self) -> Iterable[Metric]:
        off = clock.step().total_seconds()
        yield GaugeMetricFamily("examsite_clock_off_seconds", "How far the machine's clock was set since the server's start.", value=off)


class _Asked(Collector):
    """Numbers that stand in the database; left out while it does not answer."""

    def __init__(self, asked: dict[str, tuple[str, Ask]]) -> None:
        self._asked = asked

    def collect(self) -> Iterable[Metric]:
        yield from self._answers()

    def _answers(self) -> Iterator[Metric]:
        for name, (meaning, question) in self._asked.items():
            try:
                yield GaugeMetricFamily(name, meaning, value=question(db()))
            except SQLAlchemyError:
                return


@cache
def _requests(endpoint: str, status: int) -> Counter:
    return requests_seen.labels(endpoint, str(status))


@cache
def _seconds(endpoint: str) -> Histogram:
    return request_seconds.labels(endpoint)


@cache
def _saves(outcome: str) -> Counter:
    return saves.labels(outcome)


@lru_cache(maxsize=4)
def _pools(engine: object) -> tuple[tuple[str, QueuePool], ...]:
    """Of a real site; tests put a single connection under it."""
    if not isinstance(engine, Engine):
        return ()
    pools = (("pages", engine.pool), ("saves", saving(engine).pool))
    return tuple((name, pool) for name, pool in pools if isinstance(pool, QueuePool))
