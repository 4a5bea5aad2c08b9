"""A certificate authority for a test, and what it signs."""

from __future__ import annotations

import ipaddress
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

DAY: Final = timedelta(days=1)


class Signed(NamedTuple):
    """A certificate and its private key, as PEM."""

    certificate: bytes
    key: bytes

    def encrypted_key(self, password: str) -> bytes:
        """The key, which only `password` opens."""
        key = serialization.load_pem_private_key(self.key, None)
        return key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(password.encode()),
        )


class Authority:
    """Signs certificates of servers, and of their clients."""

    def __init__(self, name: str) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _named(name)
        builder = _builder(self._name, self._name, self._key, DAY)
        basic = x509.BasicConstraints(ca=True, path_length=None)
        usage = x509.KeyUsage(
            **dict.fromkeys(
                (
                    *("content_commitment", "key_encipherment", "data_encipherment"),
                    *("key_agreement", "encipher_only", "decipher_only"),
                ),
                False,
            ),
            digital_signature=True,
            key_cert_sign=True,
            crl_sign=True,
        )
        self._certificate = (
            builder.add_extension(basic, critical=True)
            .add_extension(usage, critical=True)
            .sign(self._key, hashes.SHA256())
        )
        self.certificate = self._certificate.public_bytes(serialization.Encoding.PEM)

    def sign(self, host: str, valid: timedelta = DAY) -> Signed:
        """A certificate for `host`; it expires after `valid`, which may lie in the past."""
        key = ec.generate_private_key(ec.SECP256R1())
        of_host: list[x509.GeneralName] = [x509.DNSName(host)]
        if host[0].isdigit():
            of_host = [x509.IPAddress(ipaddress.ip_address(host))]
        certificate = (
            _builder(_named(host), self._name, key, valid)
            .add_extension(x509.SubjectAlternativeName(of_host), critical=False)
            .sign(self._key, hashes.SHA256())
        )
        return Signed(
            certificate.public_bytes(serialization.Encoding.PEM),
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            ),
        )


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, valid: timedelta
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - 3 * DAY)
        .not_valid_after(now + valid)
    )
