"""What no form of ours expects: values, names of fields, headers, bodies and files."""

from __future__ import annotations

import io
import zipfile

# as a client sends them: bytes, which need not be text
VALUES = [
    value if isinstance(value, bytes) else value.encode()
    for value in (
        "", " ", "x", "0", "-0", "1", "-1", "+1", "1_0", "0x10", " 1 ", "1.5", "1e400", "-1e-400", "NaN", "Infinity",
        "9" * 30, "-" + "9" * 30, "9" * 5000, str(2**31), str(-(2**31) - 1), str(2**63 - 1), str(2**63), "1,000",
        "٣", "２", "²", "½", "①", "null", "None", "true", "on", "[]", "{}", "[1, 2", '{"a": {"b":', '"\\ud800"', "x:y:z", ":",
        b"\x00", b"a\x00b", b"\xff\xfe", b"\xed\xa0\x80", b"\xc3\x28", b"\xf4\x90\x80\x80", b"%", b"%00", b"%zz", b"\\x00",
        "\u202e\u2067data", "\u200b", "\ufeff", "\ufffe", "👩‍👩‍👧‍👦🏳️‍🌈", "a" + "\u0301" * 400, "ﷺ" * 300, "İıſß", "a\r\nX: y", "\t", "\x1b[31m",
        "a" * 300, "a b " * 1500, "é" * 70_000, "'\"><script>alert(1)</script>", "' OR 1=1 --", "{{ 7*7 }}", "%s%n%(x)s", "{0.__class__}",
        "=1+1", "../../etc/passwd", "..\\..\\x", "C:\\x", "//evil.example", "http://[::1", "javascript:alert(1)", "data:,x", "mailto:",
        "a@b", "@", "x@" + "a" * 300 + ".example", "é@ü.example", "a@b.example, c@d.example", "a@b.example\nBcc: c@d.example",
        "2030-02-30", "0000-00-00", "0001-01-01", "9999-12-31", "10000-01-01", "-1-1-1", "2030-13-01", "1/1/1", "2030-W01-1",
        "0001-01-01T00:00", "9999-12-31T23:59", "9999-12-31T23:59:60", "2030-03-10T02:30", "2030-11-03T01:30", "2030-06-01T25:00",
        "2030-06-01T12:00+99:99", "12:00", "id", "-id", "pk", "__class__", "password", "annual_list__edition__year", "data,workforce,,",
        "1.2.3", "?", "&", "#", "data", "port-merrow-county", "cast", "save", "all", "2030", "2029",
    )
]  # fmt: skip
# what makes a page slow is tried seldom
LARGE = {value for value in VALUES if len(value) > 10_000}
NAME_ENDINGS = [b"", b"[]", b"[0]", b"__in", b"__isnull", b"__gte", b"__exact", b"\x00", b"-0", b"-__prefix__", b"\xff"]

HEADERS = [
    {"HTTP_HX_REQUEST": "true"},
    {"HTTP_HX_REQUEST": "true", "HTTP_HX_CURRENT_URL": "http://[::1"},
    {"HTTP_HX_REQUEST": "true", "HTTP_HX_CURRENT_URL": "\x00\xff", "HTTP_HX_TARGET": "\xff", "HTTP_HX_TRIGGER": "%00"},
    {"HTTP_HX_REQUEST": "false", "HTTP_HX_BOOSTED": "x", "HTTP_HX_HISTORY_RESTORE_REQUEST": "true"},
    {"HTTP_HX_REQUEST": "true", "HTTP_HX_TRIGGERING_EVENT": "{", "HTTP_HX_PROMPT": "\xed\xa0\x80"},
    {"HTTP_HX_REQUEST": "true", "HTTP_HX_CURRENT_URL_URI_AUTOENCODED": "true", "HTTP_HX_CURRENT_URL": "%ff%00"},
    {"HTTP_ACCEPT": "application/json"},
    {"HTTP_ACCEPT": ";;q=x,*/*;q=9e999"},
    {"HTTP_ACCEPT_LANGUAGE": "x" * 3000},
    {"HTTP_ACCEPT_ENCODING": "gzip;q=0, identity;q=0, *"},
    {"HTTP_ACCEPT_ENCODING": "br, gzip"},
    {"HTTP_IF_NONE_MATCH": '"', "HTTP_IF_MATCH": "*"},
    {"HTTP_IF_NONE_MATCH": "*"},
    {"HTTP_IF_MODIFIED_SINCE": "Thu, 99 Foo 99999 99:99:99 GMT"},
    {"HTTP_RANGE": "bytes=9-1,-0", "HTTP_IF_RANGE": '"x"'},
    {"HTTP_HOST": "evil.example"},
    {"HTTP_HOST": "[::1"},
    {"HTTP_HOST": "testserver:99999"},
    {"HTTP_HOST": "a\x00b"},
    {"HTTP_X_FORWARDED_HOST": "evil.example", "HTTP_X_FORWARDED_PROTO": "gopher", "HTTP_X_FORWARDED_FOR": "x, ::1%25"},
    {"HTTP_REFERER": "http://[", "HTTP_ORIGIN": "null"},
    {"HTTP_USER_AGENT": ""},
    {"HTTP_USER_AGENT": "Mozilla/5.0 \xff\x00 (" + "(" * 500},
    {"HTTP_X_HTTP_METHOD_OVERRIDE": "DELETE"},
    {"HTTP_X_REQUESTED_WITH": "XMLHttpRequest"},
    {"REMOTE_ADDR": ""},
    {"HTTP_COOKIE": 'sessionid="\\000"; csrftoken="\\377"; messages=broken; =; ;;'},
    {"HTTP_COOKIE": "sessionid=" + "a" * 5000},
]
BOUNDARY = "b0undary"
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"
FORM = "application/x-www-form-urlencoded"
CONTENT_TYPES = [
    FORM, f"{FORM}; charset=utf-16", f"{FORM}; charset=nonsense", f"{FORM}; charset=utf-8; charset=latin-1",
    MULTIPART, "multipart/form-data", "multipart/form-data; boundary=", f"multipart/form-data; boundary={'b' * 500}",
    f"{MULTIPART}; charset=idna", f"{MULTIPART}; charset=rot13", "text/plain; charset=undefined",
    "multipart/mixed; boundary=x", "application/json", "text/plain", "text/xml", "", "x", "a/b; c",
    "image/png",
]  # fmt: skip


def part(name: bytes, value: bytes, *, file: bytes | None = None, headers: bytes = b"") -> bytes:
    """A part of a multipart body, as badly quoted as its name is."""
    filename = b"" if file is None else b'; filename="' + file + b'"'
    return (
        b"--" + BOUNDARY.encode() + b'\r\nContent-Disposition: form-data; name="' + name + b'"' + filename
        + b"\r\n" + headers + b"\r\n" + value + b"\r\n"
    )  # fmt: skip


END = f"--{BOUNDARY}--\r\n".encode()
BODIES = [
    b"", b"{", b'{"a": "\\u0000"}', b"\xff\xfe", b"a=%00&b=\x00", b"=&=&&;", b"%=%&%u1234=1", b"\x00" * 200, END, b"--" + BOUNDARY.encode(),
    b"&".join(b"a%d=1" % n for n in range(1100)), b"a" * 2_200_000, part(b"version", b"1")[:-9], part(b"", b"") + END,
    part(b"version", b"1", headers=b"Content-Transfer-Encoding: base64\r\n") + END,
    part(b"text", b"\xff", headers=b"Content-Type: text/plain; charset=nonsense\r\n") + END,
    part(b"file", b"x", file=b"") + END, part(b"file", b"x", file=b"..\\..\\\x00.csv") + END, part(b'a"; x="', b"x", file=b"a\r\nb") + END,
    b"".join(part(b"file", b"x", file=b"a%d.csv" % n) for n in range(120)) + END,
    b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>",
]  # fmt: skip


def _zipped(name: str, text: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, text)
    return held.getvalue()


CSV = "kind,title,description\npriority,Data,What it means\n"
WORKBOOK = _zipped("xl/workbook.xml", "<workbook/>")
# none of them is the table that a form or a command asks for
FILES: dict[str, bytes] = {
    "empty.csv": b"",
    "blank.csv": b"\n \r\n\t\n",
    "nul.csv": b"kind,title\npriority,a\x00b\n",
    "only-nul.csv": b"\x00" * 5000,
    "header.csv": b"kind,title,description\n",
    "no-header.csv": b"priority,Data,What it means\n",
    "twice.csv": CSV.replace("title", "kind", 1).encode(),
    "other.csv": b"a;b;c\n1;2;3\n",
    "ragged.csv": b'kind,title,description\npriority,"Data\n,,,,,,,,\n"""\n',
    "quotes.csv": b'"' * 2001,
    "utf16.csv": CSV.encode("utf-16"),
    "utf16-le.csv": CSV.encode("utf-16-le"),
    "utf16-cut.csv": CSV.encode("utf-16")[:-1],
    "utf32.csv": CSV.encode("utf-32"),
    "latin1.csv": CSV.replace("Data", "Données").encode("latin-1"),
    "surrogate.csv": b"kind,title\npriority,\xed\xa0\x80\n",
    "boms.csv": b"\xef\xbb\xbf\xef\xbb\xbf" + CSV.encode(),
    "separators.csv": "kind,title\npriority,a\u2028b\u0085c\x0bd\x1ce\n".encode(),
    "wide.csv": b"," * 60_000,
    "deep.csv": (CSV + "priority,Data,x\n" * 1500).encode(),
    "long.csv": b"kind,title,description\npriority,Data," + b"a" * 200_000,
    "formula.csv": CSV.replace("Data", "=HYPERLINK(1)").encode(),
    "large.csv": b"a" * 1_000_100,
    "book.xlsx": WORKBOOK,
    "broken.xlsx": WORKBOOK[: len(WORKBOOK) // 2],
    "bomb.csv": _zipped("a.csv", "a" * 3_000_000),
    "picture.csv": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20,
    "page.csv": b"<!doctype html><script>alert(1)</script>",
    "object.csv": b'{"kind": "priority", "title": ["a"]}',
}
