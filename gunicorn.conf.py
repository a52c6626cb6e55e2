"""How gunicorn serves examsite; each number with its reason."""

import ctypes
import gc
import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path
from typing import Any

from examsite import clock

# A worker for each core: pages and checks are work of the processor, and one process uses one core.
workers = int(os.environ.get("EXAMSITE_WORKERS", str(max(2, os.cpu_count() or 2))))
# Threads wait for the database while another of the same worker goes on. Eight fit the save path's pool of eight connections a worker, so
# that no save waits for a connection; the other requests have sixteen.
threads = int(os.environ.get("EXAMSITE_THREADS", "8"))
worker_class = "gthread"
# A save takes milliseconds; an import of 5,000 rows some seconds, in a child process of its own.
timeout = 60
graceful_timeout = 30
# A candidate's page saves about every 45 seconds; keeping idle connections longer would hold threads for nobody.
keepalive = 5
# A request line holds an id and no data; the longest form is far below these.
limit_request_line = 2048
limit_request_fields = 60
# Chromium and proxies send few headers; names with underscores could pose as trusted ones.
header_map = "drop"
# The control socket would let any local user stop the workers in the middle of an exam.
control_socket_disable = True
# The application tells of requests itself, without addresses and query strings (examsite/web/traffic.py).
accesslog = None
errorlog = "-"
# One JSON object a line on standard error; `text` is for the eyes of who works on examsite.
FORMATS = {"json": {"()": "examsite.logs.JsonLines"}, "text": {"format": "%(asctime)s [%(process)d] %(levelname)s %(message)s"}}
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"lines": FORMATS[os.environ.get("EXAMSITE_LOG_FORMAT", "json")]},
    "handlers": {"console": {"class": "logging.StreamHandler", "stream": "ext://sys.stderr", "formatter": "lines"}},
    "root": {"level": "WARNING", "handlers": ["console"]},
    "loggers": {
        "gunicorn.error": {"level": "INFO", "handlers": ["console"], "propagate": False},
        "gunicorn.access": {"level": "CRITICAL", "handlers": [], "propagate": False},
        "examsite": {"level": "INFO"},
    },
}
METRICS, METRICS_FOLDER = "PROMETHEUS_MULTIPROC_DIR", "examsite-metrics-"


def on_starting(_server: Any) -> None:
    """All workers count time from one start, and into files of one folder, so that any of them can tell what all did; a new start counts
    from nothing."""
    os.environ.setdefault(clock.START, str(clock.start()))
    if METRICS not in os.environ:
        _remove_left_behind()
        folder = tempfile.mkdtemp(prefix=f"{METRICS_FOLDER}{os.getpid()}-")
        os.environ[METRICS] = os.environ["EXAMSITE_METRICS_FOLDER"] = folder


def _remove_left_behind() -> None:
    """The folders of masters that were killed, and so could not do it themselves; in a container each has the number of this one."""
    for folder in Path(tempfile.gettempdir()).glob(f"{METRICS_FOLDER}*"):
        process = folder.name.removeprefix(METRICS_FOLDER).partition("-")[0]
        if process.isdecimal() and (int(process) == os.getpid() or not _lives(int(process))):
            shutil.rmtree(folder, ignore_errors=True)


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OverflowError, OSError):
        return True  # somebody else's
    return True


def child_exit(_server: Any, worker: Any) -> None:
    """What a worker that ended has in use is nothing; what it counted stays counted."""
    from prometheus_client import multiprocess

    multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


def worker_exit(_server: Any, worker: Any) -> None:
    """What a worker counted in its last second is not lost; the master, which asks this of a worker that it found dead, counted nothing."""
    if os.getpid() == worker.pid:
        from examsite.web import metrics

        metrics.take_in(worker.wsgi)


def on_exit(_server: Any) -> None:
    """Leave nothing behind."""
    if folder := os.environ.get("EXAMSITE_METRICS_FOLDER"):
        shutil.rmtree(folder, ignore_errors=True)


def post_fork(server: Any, _worker: Any) -> None:
    """A worker ends with its master at once: as an orphan it would hold the port for `graceful_timeout`, and keep a new master out."""
    if sys.platform != "linux":
        return
    set_parent_death_signal = 1
    ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGKILL)
    if os.getppid() != server.pid:
        os._exit(1)


def post_worker_init(worker: Any) -> None:
    """What goes on beside the requests begins. What was loaded at the start stays for good: the collector of cyclic garbage need not walk
    through it again and again."""
    for begin in worker.wsgi.extensions.get("examsite.beside", ()):
        begin(worker.wsgi)
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
