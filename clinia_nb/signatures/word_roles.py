"""Words that tell by themselves what stands beside them, or what they are."""

from __future__ import annotations

# A word behind one of these is more often whom or what it happened to than what happened.
BEFORE_VALUES = """
for by to from on in at of with via using user host node queue zone reason
von nach für bei mit auf durch de du des à au par pour sur dans avec vers
""".split()
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
# The same of formats and protocols, which letters of other words would hide: "mp3", not "temp3".
TERMS = sorted(
    """
mp3 mp4 MP3 MP4 h263 h264 h265 H265 vp8 vp9 VP9 av1 AV1 mpeg2 mpeg4 bz2 lz4 sha1 sha256 sha512 md5
crc16 crc32 CRC32 aes128 aes256 AES-128 AES-256 3des 3DES rc4 RC4 ipv4 ipv6 utf8 utf16 utf-8 UTF16
latin1 cp1252 http2 http3 HTTP2 HTTP3 tlsv1.2 tlsv1.3 TLSv1.0 TLSv1.1 sslv3 socks5 pop3 POP3 imap4
l2tp x86 x64 amd64 arm64 ext3 fat32 FAT32 ntfs3 oauth2 saml2 SAML2 hl7 icd9 icd10 icd11
""".split(),
    key=len,
    reverse=True,
)
_NUMBERED = [f"{name}{digit}" for name in _STANDARDS for digit in range(1, 10)]
WITH_DIGITS = sorted(_LISTED + _NUMBERED, key=len, reverse=True)
