"""A description for search engines in the page itself. It is data, not script: no policy needs to allow it."""

from __future__ import annotations

import json

from django import template
from django.utils.html import _json_script_escapes
from django.utils.safestring import SafeString

from mixportal.ballots.results import Results
from mixportal.summaries.dataset import described

register = template.Library()


@register.simple_tag
def dataset(results: Results) -> SafeString:
    """The result as JSON-LD; <, > and & are escaped as by json_script: no title can end the element."""
    data = described(results.kind, results.edition, results)
    text = json.dumps(data, ensure_ascii=False).translate(_json_script_escapes)
    return SafeString(f'<script type="application/ld+json">{text}</script>')
