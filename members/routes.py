from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver

from members.access import Audience


@dataclass(frozen=True)
class Route:
    address: str
    name: str
    view: Callable[..., object]

    @property
    def audience(self) -> Audience | None:
        found = getattr(self.view, "audience", None)
        return found if isinstance(found, Audience) else None

    @property
    def methods(self) -> list[str]:
        return sorted(getattr(self.view, "methods", ()))


def routes(
    patterns: Sequence[URLPattern | URLResolver] | None = None,
    prefix: str = "/",
    namespace: str = "",
) -> Iterator[Route]:
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        address = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = ":".join(filter(None, (namespace, pattern.namespace)))
            if inner != "admin":
                yield from routes(pattern.url_patterns, address, inner)
        elif isinstance(pattern, URLPattern):
            yield Route(address, ":".join(filter(None, (namespace, pattern.name))), pattern.callback)
