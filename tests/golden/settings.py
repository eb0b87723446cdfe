"""The portal as a demonstration with a stopped clock, its mails in a folder of their own."""

import os

from mixportal.settings import *  # noqa: F403
from mixportal.settings import DATA_DIR, DATABASES, STORAGES
from tests.golden import clock

DATABASES["default"]["OPTIONS"]["options"] += f" {clock.CONNECTION_OPTIONS}"
DATABASES["default"]["CONN_MAX_AGE"] = 0

EMAIL_FILE_PATH = DATA_DIR / "golden-mail" / str(os.getpid())
# Names without hashes: a change of a script or a stylesheet is no difference of a page.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
