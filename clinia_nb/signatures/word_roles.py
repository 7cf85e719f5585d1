"""Words that tell by themselves what stands beside them, or what they are."""

from __future__ import annotations

# A word behind one of these is more often whom or what it happened to than what happened.
BEFORE_VALUES = """
for by to from on in at of with via using user host node queue zone reason
von nach für bei mit auf durch de du des à au par pour sur dans avec vers
""".split()
# Parts of surnames: Jan de Wit, Ludwig van der Berg.
PARTICLES = "van von der den de da di del della do dos das du ter ten el al bin ibn".split()
# With a preposition behind it, one of these is followed by what happened.
BEFORE_CAUSES = "due owing thanks because caused wegen aufgrund suite raison".split()
# With a colon behind it, one of these is followed by what happened too.
BEFORE_REASONS = """
reason cause error failure why failed rejected refused denied aborted declined cancelled canceled
broke lost dropped grund ursache fehler fehlgeschlagen abgelehnt abgebrochen storniert verweigert
raison motif erreur échoué échec refusé refusée rejeté rejetée interrompu annulé annulée
""".split()
# What follows one of these is often a name, unless it is a verb.
BEFORE_NAMES = """
field column attribute property parameter argument option element key account group role scope topic
table schema ward unit threshold analyte service module device partition volume bucket channel
type state status mode level color class feld spalte champ colonne
""".split()
# What follows one of these says what is wrong, even if it is a value of other messages.
BEFORE_STATES = """
is are was were be been being ist sind war waren est sont était étaient
""".split()
# Words that say how the others belong together are never values; nor are methods of requests.
FIXED = """
is are was were be been being has have had will would can cannot could may must should does did
not no never on off in out up down at by for from to of with without via into onto over under after
before during while because if when than then and or but nor as until since
ist sind war waren wurde wurden wird werden hat haben kann nicht kein keine keinen und oder von
nach für bei mit auf durch im zum zur aus seit bis ohne
est sont était été ont pas ne et par pour sur dans avec sans
GET HEAD POST PUT PATCH DELETE OPTIONS TRACE CONNECT
""".split()
# Degrees, ranks, colors and directions: two of them at one place are values.
GRADES = """
low lower lowest medium moderate normal high higher highest critical urgent minor major severe mild
full half primary secondary tertiary standby
red amber yellow orange green blue black white gray grey
north south east west left right ro rw
niedrig mittel hoch dringend rot gelb grün blau links rechts
faible moyen élevé rouge jaune vert bleu gauche droite
一级 二级 三级 四级
""".split()
# Words in the place of a value that is not there.
FILLERS = "none unset undefined unspecified anonymous".split()
# Verbs that are in no list of words, as they are names too, and past tenses without -ed.
VERBS = """
read wrote sent got put lost set held left kept began begun broke broken found made built took gave
ran won cut hit shut split sold bought fell rose froze hung grew shrank slept woke swept spun stuck
""".split()
# Names of standards and terminologies, whose number tells one from the other.
_STANDARDS = "LOINC SNOMED NCPDP ICD DICOM UCUM IHE XDS MIME OpenEHR openEHR RxNorm".split()
# Words with a digit that name a thing, the longest first, so that none hides a longer one.
_LISTED = """
IPv4 IPv6 HL7v2 HL7v3 HL7 FHIR-R4 FHIR3 FHIR4 FHIR5 STU3 DSTU2 OAuth2 OAuth1 SHA-256 SHA-512
SHA-1 SHA256 SHA512 SHA1 MD5 UTF-8 UTF8 UTF-16 Base64 base64 base32 X.509 X509 X12 ICD-10
ICD-11 ICD10 ICD11 ICD9 ISO-8601 ISO8601 TLS1.0 TLS1.1 TLS1.2 TLS1.3 TLSv1.2 TLSv1.3 SSLv3 log4j
Log4j neo4j Neo4j K8s k8s ext4 AES128 AES256 RS256 ES256 HS256 PKCS12 PKCS8 PKCS7 Latin-1 Latin1
CP1252 ISO-8859-1 ascii7 SMBv1 SMBv2 SMB2 SMB3 NFSv3 NFSv4 SNMPv2 SNMPv3 DICOM3 CCDA2 C32 H264 OS/2
""".split()
# Names of formats and protocols, and the numbers and versions that follow them.
_BITS = {
    "int": "8 16 32 64 128", "uint": "8 16 32 64 128", "float": "16 32 64", "decimal": "32 64 128",
    "INT": "8 16 32 64", "UINT": "8 16 32 64", "Int": "8 16 32 64 128", "UInt": "8 16 32 64",
    "Float": "32 64", "Decimal": "64 128",
    "sha": "1 3 224 256 384 512", "sha-": "1 224 256 384 512", "SHA-": "224 384",
    "hs": "256 384 512", "rs": "256 384 512", "RS": "384 512", "HS": "384 512", "ES": "384 512",
    "aes": "128 192 256", "aes-": "128 192 256", "AES-": "128 192 256", "AES": "192",
    "pkcs": "1 5 7 8 10 11 12", "PKCS": "1 5 10 11", "md": "5", "crc": "8 16 32 64",
    "CRC": "8 16 32 64", "base": "16 58 85", "Base": "16 32 58 85", "krb": "4 5", "Krb": "4 5",
    "FHIR ": "R2 R3 R4 R4B R5 R6", "fhir ": "r3 r4 r5", "ascii": "85", "utf": "7 8 16 32",
    "utf-": "7 8 16 32",
    "UTF": "7 16 32", "UTF-": "7 32", "ucs": "2 4", "UCS": "2 4", "cp": "437 850 1250 1252",
    "latin": "1 2 9", "mp": "2 3 4", "MP": "3 4", "mpeg": "1 2 4", "MPEG": "2 4",
    "h": "261 263 264 265", "H": "263 265", "vp": "8 9", "VP": "8 9", "http": "1 2 3",
    "HTTP": "1 2 3", "raid": "0 1 5 6 10", "RAID": "0 1 5 6 10", "MySQL": "5 8",
    "Python": "2 3", "PHP": "5 7 8",
    "Java": "8 11 17 21", "uuid": "v1 v4 v5 v7", "UUID": "v1 v4 v5 v7",
    "nat": "64", "NAT": "64", "dns": "64", "DNS": "64", "ntlm": "v1 v2", "NTLM": "v1 v2",
    "ip": "v4 v6", "dhcp": "v4 v6", "DHCP": "v4 v6", "icmp": "v4 v6",
    "ICMP": "v4 v6", "ike": "v1 v2", "IKE": "v1 v2", "ospf": "v2 v3", "OSPF": "v2 v3",
    "snmp": "v1 v2 v3", "smb": "1 2 3 v1 v2 v3", "SMB": "1 v3", "nfs": "3 4 v3 v4", "NFS": "3 4",
    "ssl": "v2 v3", "SSL": "v2 v3", "tls": "v1 v1.0 v1.1 v1.2 v1.3 1.2 1.3",
    "TLS": "10 11 12 13 v1 v1.0 v1.1 v1.2 v1.3", "wpa": "2 3", "WPA": "2 3",
    "oauth": "1 2", "OAUTH": "2",
    "saml": "1 2", "SAML": "1 2", "socks": "4 5", "SOCKS": "4 5", "pop": "3", "POP": "3",
    "imap": "4", "IMAP": "4", "mqtt": "3 5", "MQTT": "3 5",
    "ext": "2 3", "fat": "16 32", "FAT": "16 32", "win": "32 64",
    "Win": "32 64", "sqlite": "3", "SQLite": "3",
    "EDI": "270 271 276 277 278 820 834 835 837",
    "icd": "9 10 11", "icd-": "9 10 11", "ICD-": "9", "blake": "2 3 2b 2s",
}  # fmt: skip
# The same of formats and protocols, which letters of other words would hide: "mp3", not "temp3".
TERMS = sorted(
    """
av1 AV1 bz2 bzip2 lz4 7z rc4 RC4 rc2 RC2 3des 3DES ed25519 Ed25519 ED25519 x25519 X25519 ed448 P256
P384 P521 secp256k1 chacha20 argon2 Argon2 pbkdf2 PBKDF2 poly1305 x509 big5 gb2312 gb18030 jpeg2000
l2tp L2TP p2p P2P x86 x64 x86_64 i386 i686 amd64 arm64 aarch64 armv7 armv8 ppc64 ppc64le s390x ntfs3
hl7 hl7v2 hl7v3 fhir3 fhir4 fhir5 R4B STU2 DSM4 DSM5 CDA2 x12 s3 S3 ec2 EC2 k3s i18n l10n a11y b2b
e2e slf4j log4net log4cxx boto3 psycopg2 jinja2 urllib3 R2DBC r2dbc J2EE j2ee HDF5 hdf5 W3C w3c X11
x11 3gp 3gpp ac3 jp2 lvm2 LVM2 ddr4 DDR4 usb2 usb3 USB2 USB3 FIDO2 fido2 es5 es6 ES5 ES6
C-CDA1 C-CDA2 C-CDA3 DB2 db2 I2C i2c M2M m2m C3P0 c3p0 D3D Direct3D Log4Shell
Spring4Shell A2DP a2dp p12 P12 2FA 2fa ISO8583 ISO20022 ISO13606 MT103 MT940 web3 Web3 COVID19
H1N1 H5N1 HbA1c CA125 CD4 IL6 FEV1 O2 CO2 N2O SpO2 SaO2 FiO2 PaO2 PaCO2 EtCO2
""".split()
    + [f"L{level} cache" for level in (1, 2, 3, 4)]
    + [f"R{release} {what}" for release in "345" for what in ("bundle", "Bundle", "resource")]
    + [f"{name}{bits}" for name, each in _BITS.items() for bits in each.split()],
    key=len,
    reverse=True,
)
_NUMBERED = [f"{name}{digit}" for name in _STANDARDS for digit in range(1, 10)]
WITH_DIGITS = sorted(_LISTED + _NUMBERED, key=len, reverse=True)
