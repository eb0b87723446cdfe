"""deploy/nginx.conf with a test's own ports, folder and certificate in place of those that it names."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from mixportal import database

DEPLOY = database.ROOT / "deploy"
NAME = "portal.example.org"
# Only root may write where nginx keeps what it does not use here.
UNUSED = "".join(f"{way}_temp_path {{folder}}/{way};\n" for way in ("fastcgi", "uwsgi", "scgi"))


def adapted(folder: Path, upstreams: tuple[int, int], http: int, https: int, changes: dict[str, str]) -> str:
    text = re.sub(r" *listen \[::\].*\n", "", (DEPLOY / "nginx.conf").read_text())
    replaced = {
        "127.0.0.1:8001": f"127.0.0.1:{upstreams[0]}",
        "127.0.0.1:8002": f"127.0.0.1:{upstreams[1]}",
        "listen 80;": f"listen 127.0.0.1:{http};",
        "listen 443 ": f"listen 127.0.0.1:{https} ",
        "/etc/ssl/portal/": f"{folder}/",
        "/var/log/nginx/": f"{folder}/",
        "/var/cache/": f"{folder}/",
        "/var/www/html": f"{folder}/webroot",
        "/run/": f"{folder}/",
        "http {\n": f"http {{\n{UNUSED.format(folder=folder)}",
        **changes,
    }
    for old, new in replaced.items():
        assert old in text, old
        text = text.replace(old, new)
    return text


def make_certificate(folder: Path) -> Path:
    """Sign a certificate for the sample's server name by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    (folder / "privkey.pem").write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))
    (folder / "fullchain.pem").write_bytes(certificate.public_bytes(pem))
    return folder / "fullchain.pem"
