"""Gunicorn's settings, for every way of running the portal. `--bind` is on the command line."""

worker_class = "gthread"
workers = 2
threads = 4
preload_app = True  # it listens when it can answer, so that nothing waits for a restart
keepalive = 75  # longer than nginx keeps an idle connection to it
control_socket_disable = True
