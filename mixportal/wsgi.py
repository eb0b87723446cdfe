import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("PORTAL_MODE", "production")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mixportal.settings")

application = get_wsgi_application()
