import ctypes
from functools import cache

from django.core.checks import Warning as Notice

LIBRARIES = ("pango-1.0", "pangoft2-1.0")


@cache
def has_pango() -> bool:
    """Avoid importing WeasyPrint, which takes a second and much memory."""
    return all(any(map(_loads, (f"lib{name}.so.0", f"lib{name}-0", f"lib{name}.dylib"))) for name in LIBRARIES)


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def check_pango(app_configs: object, **kwargs: object) -> list[Notice]:
    if has_pango():
        return []
    hint = "Install libpango-1.0-0 and libpangoft2-1.0-0; until then pages offer to print instead."
    return [Notice("WeasyPrint finds no Pango, so no PDF can be made.", hint=hint, id="summaries.W001")]
