from django.core.management.base import BaseCommand

from mixportal.pages.models import PageVersion
from mixportal.summaries.pdf import make_next_pdf


class Command(BaseCommand):
    help = (
        "Make the PDF files of published summaries and briefs that are missing or outdated. Run it every few minutes, "
        "or run manage.py worker, which does the same as a service."
    )

    def handle(self, *args: object, **options: object) -> None:
        looked_at = 0
        while make_next_pdf(PageVersion.current()):
            looked_at += 1
        self.stdout.write(f"{looked_at} PDF file{'' if looked_at == 1 else 's'} looked at.")
