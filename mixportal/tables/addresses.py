from functools import lru_cache

from django.conf import settings
from django.urls import get_script_prefix, reverse


def address(name: str, *args: object) -> str:
    """Remember what `reverse` returns."""
    return _reverse(settings.ROOT_URLCONF, get_script_prefix(), name, *map(str, args))


@lru_cache(maxsize=8192)
def _reverse(urlconf: str, prefix: str, name: str, *args: str) -> str:
    return reverse(name, urlconf, args)
