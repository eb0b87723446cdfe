import gc
import logging
import os

from django.core.wsgi import get_wsgi_application

from mixportal.logs import WithoutTokens

os.environ.setdefault("PORTAL_MODE", "production")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mixportal.settings")

application = get_wsgi_application()
gc.collect()
gc.freeze()  # else a full collection pauses the worker for 100 ms
gc.set_threshold(20_000, 20, 20)  # else a page is collected a hundred times

for name in ("gunicorn.access", "gunicorn.error"):
    logging.getLogger(name).addFilter(WithoutTokens())
