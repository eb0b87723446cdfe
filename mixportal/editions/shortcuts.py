from django.db.models.expressions import Combinable
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from mixportal.editions.models import AnnualList, Entry


def list_or_404(request: HttpRequest, year: int, kind: str, **annotations: Combinable) -> AnnualList:
    try:
        return AnnualList.objects.visible_to(request.user).annotate(**annotations).for_year(year, kind)
    except AnnualList.DoesNotExist:
        raise Http404 from None


def entry_or_404(request: HttpRequest, year: int, slug: str, kind: str) -> Entry:
    return get_object_or_404(list_or_404(request, year, kind).entries, slug=slug)
