from collections.abc import Iterable
from functools import cache

from django import template
from django.template import defaulttags
from django.template.base import Parser, Token
from django.template.context import Context
from django.templatetags.static import static
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

from mixportal.consensus.words import ordinal
from mixportal.tables import text
from mixportal.tables.addresses import address

register = template.Library()

register.filter(text.spelled)
register.filter(ordinal)
register.filter(text.ordinal_word)


class AddressNode(defaulttags.URLNode):
    def render(self, context: Context) -> str:
        name = self.view_name.resolve(context)
        if self.kwargs or self.asvar or ":" in name:  # a namespace depends on the page
            return super().render(context)
        found = address(name, *[arg.resolve(context) for arg in self.args])
        return conditional_escape(found) if context.autoescape else found


@register.tag
def url(parser: Parser, token: Token) -> AddressNode:
    """Replace Django's tag in every template."""
    node = defaulttags.url(parser, token)
    return AddressNode(node.view_name, node.args, node.kwargs, node.asvar)


@register.simple_tag
@cache
def icon(name: str) -> SafeString:
    return format_html(
        '<svg class="ico" viewBox="0 0 20 20" aria-hidden="true"><use href="{}#{}" /></svg>',
        static("img/icons.svg"),
        name,
    )


@register.simple_block_tag
def oneline(content: str) -> SafeString:
    return SafeString(" ".join(content.split()))


@register.filter
def listed(names: Iterable[object]) -> str:
    return text.listed([str(name) for name in names])


@register.filter
def times(number: int, html: str) -> SafeString:
    return SafeString(html * number)


@register.filter
def counted(number: int, words: str) -> str:
    """`{{ 2|counted:"place,places" }}` is "2 places"."""
    singular, plural = words.split(",")
    return text.counted(number, singular, plural)


@register.filter
def absolute(number: int) -> int:
    return abs(number)


@register.filter
def decimals(value: float, places: int) -> str:
    """Return a number with a true minus sign."""
    return f"{value:.{places}f}".replace("-", "−")


@register.filter
def collapsed(value: str) -> str:
    return " ".join(value.split())
