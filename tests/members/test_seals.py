"""A government's seal: who uploads it, what is refused, and where it is shown."""

from __future__ import annotations

import io
import random
import struct
import zlib

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection
from django.test import Client
from PIL import Image

from members.models import Government, Seal
from members.seals import MAX_BYTES, SIDE, read_seal
from mixportal.summaries.pdf import brief_html
from tests.reading import said

PAGE, FILE = "/governments/port-merrow-county/seal/", "/governments/port-merrow-county/seal.png"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>'


def picture(kind: str = "PNG", size: tuple[int, int] = (300, 200), **options) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", size, "#9c3a1f").save(target, kind, **options)
    return target.getvalue()


def noise(size: int) -> bytes:
    """A PNG file of exactly so many bytes, with its padding in a chunk of text."""
    whole = picture(size=(9, 9))
    head, tail = whole[:-12], whole[-12:]
    body = b"tEXt" + b"Comment\x00" + b"x" * (size - len(whole) - 20)
    return head + struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body)) + tail


def bomb() -> bytes:
    """A PNG file of a few bytes that unpacks to 900 million pixels."""
    header = b"IHDR" + struct.pack(">IIBBBBB", 30_000, 30_000, 1, 0, 0, 0, 0)
    return picture()[:8] + struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header)) + picture()[33:]


def upload(client: Client, body: bytes, name: str = "seal.png", kind: str = "image/png"):
    return client.post(PAGE, {"action": "save", "file": SimpleUploadedFile(name, body, kind)})


def stored(government: Government) -> Seal | None:
    return Seal.objects.filter(government=government).first()


@pytest.mark.parametrize(("kind", "mode"), [("PNG", "RGBA"), ("PNG", "P"), ("JPEG", "CMYK"), ("JPEG", "L")])
def test_the_member_uploads_a_seal_that_is_stored_as_a_small_png(world, sign_in, kind, mode):
    target = io.BytesIO()
    Image.new(mode, (900, 600)).save(target, kind)
    answer = upload(sign_in(world.member_a), target.getvalue())
    assert (answer.status_code, answer["Location"]) == (302, "/governments/port-merrow-county/")
    seal = stored(world.port)
    with Image.open(io.BytesIO(bytes(seal.image))) as image:
        assert (image.format, image.size) == ("PNG", (SIDE, 128))
    assert seal.updated_by == world.member_a


def test_nothing_but_the_picture_is_kept(world, sign_in):
    exif = Image.Exif()
    exif[0x010E] = "Taken at the mayor’s house"
    upload(sign_in(world.member_a), picture("JPEG", exif=exif, comment=b"secret", icc_profile=b"profile"))
    kept = bytes(stored(world.port).image)
    assert not any(word in kept for word in (b"mayor", b"secret", b"profile", b"eXIf", b"iCCP", b"tEXt"))


@pytest.mark.parametrize(
    "body",
    [SVG, noise(MAX_BYTES + 1_000), b"GIF89a" + bytes(99), b"MZ\x90\x00 a program", picture()[:60], bomb(),
     picture(size=(2_001, 2_000)), picture("GIF"), picture("WEBP"), picture("TIFF"), b"\x89PNG\r\n\x1a\n"],
    ids=["svg", "201 kB", "gif", "program", "cut off", "bomb", "large", "real gif", "webp", "tiff", "signature"],
)  # fmt: skip
def test_what_is_no_small_png_or_jpeg_is_refused_whatever_its_name(world, sign_in, body):
    client = sign_in(world.member_a)
    upload(client, picture())
    before = stored(world.port).digest
    answer = upload(client, body)
    assert (answer.status_code, bool(said(answer, "errors"))) == (422, True)
    assert stored(world.port).digest == before


def test_a_file_of_200_kb_is_taken_and_none_is_refused(world, sign_in):
    client = sign_in(world.member_a)
    assert upload(client, noise(MAX_BYTES)).status_code == 302
    assert client.post(PAGE, {"action": "save"}).status_code == 422
    assert upload(client, b"").status_code == 422


@pytest.mark.parametrize(
    ("who", "status"), [("member_b", 404), ("delegate_a", 404), ("leader_a", 404), ("curator", 404), (None, 302)]
)
def test_nobody_but_the_government_s_member_changes_it(world, sign_in, who, status):
    upload(sign_in(world.member_a), picture())
    client = sign_in(getattr(world, who) if who else None)
    before = stored(world.port).digest
    assert client.get(PAGE).status_code == status
    assert upload(client, picture(size=(50, 50))).status_code == status
    assert client.post(PAGE, {"action": "remove"}).status_code == status
    assert stored(world.port).digest == before


def test_everybody_sees_it_on_the_government_s_page_at_once_and_the_initials_when_it_is_removed(world, sign_in):
    visitor, member = Client(), sign_in(world.member_a)
    page = "/governments/port-merrow-county/"
    assert ">PM</text>" in visitor.get(page).content.decode()
    assert visitor.get(FILE).status_code == 404
    upload(member, picture())
    address = f"{FILE}?v={stored(world.port).digest}"
    shown = visitor.get(page).content.decode()
    assert address in shown
    assert ">PM</text>" not in shown
    answer = visitor.get(address)
    assert answer.content == bytes(stored(world.port).image)
    assert answer["Content-Type"] == "image/png"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["Cache-Control"] == "public, max-age=86400, immutable"
    assert "max-age=60" in visitor.get(f"{FILE}?v=another")["Cache-Control"]
    member.post(PAGE, {"action": "remove"})
    assert visitor.get(address).status_code == 404
    assert ">PM</text>" in visitor.get(page).content.decode()


def test_the_brief_and_its_pdf_show_it(phases, sign_in):
    upload(sign_in(phases.member_a), picture())
    client = sign_in(phases.leader_a)
    assert f"{FILE}?v=" in client.get("/governments/port-merrow-county/2028/").content.decode()
    assert Seal.objects.get().data_uri in brief_html(phases.port, phases.published)


def test_the_database_holds_no_more_than_200_kb(world):
    with pytest.raises(IntegrityError):
        Seal.objects.put(world.port, bytes(MAX_BYTES + 1), by=world.member_a)


def test_each_change_is_recorded_without_the_picture(world):
    Seal.objects.put(world.port, b"one", by=world.member_a)
    Seal.objects.put(world.port, b"two", by=world.member_a)
    Seal.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pgh_label FROM members_sealevent ORDER BY pgh_id")
        assert [label for (label,) in cursor.fetchall()] == ["insert", "update", "delete"]


def test_random_bytes_never_break_the_reader():
    dice = random.Random(1)
    for _ in range(200):
        body = bytearray(picture("PNG" if dice.random() < 0.5 else "JPEG", size=(20, 20)))
        for _ in range(dice.randint(1, 9)):
            body[dice.randrange(len(body))] = dice.randrange(256)
        try:
            read_seal(SimpleUploadedFile("x.png", bytes(body)))
        except ValidationError:
            continue
