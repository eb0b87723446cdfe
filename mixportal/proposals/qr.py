import segno
from django.utils.safestring import SafeString


def qr_code(address: str, title: str | None = None) -> SafeString:
    """Draw black on white even in dark mode, so that cameras read it."""
    code = segno.make_qr(address, error="m")
    return SafeString(code.svg_inline(omitsize=True, light="#fff", svgclass="qr", lineclass=None, title=title))
