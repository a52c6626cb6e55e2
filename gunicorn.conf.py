"""How gunicorn serves examsite; each number with its reason."""

import os

# Two workers a core keep both busy while one waits for the database; a small machine has two cores.
workers = int(os.environ.get("EXAMSITE_WORKERS", "2"))
# Threads wait for the database, not for the processor; more than the pool of connections (16) would only queue there.
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
accesslog = None
errorlog = "-"
