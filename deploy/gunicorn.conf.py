"""Gunicorn's settings, for every way of running the portal. `--bind` is on the command line."""

worker_class = "gthread"
workers = 2
threads = 4
preload_app = True  # it listens when it can answer, so that nothing waits for a restart
keepalive = 75  # longer than other proxies keep an idle connection to it; nginx.conf keeps none
control_socket_disable = True
