"""Tell quoted text that says what happened from quoted values.

``"clinic 7 was not found"`` is a sentence, and so part of what a message says; ``"St. Mary's"`` is
a value. Quoted text is a sentence if it has several words and one of those that sentences need (a
verb, a negation, a word of failure), or many words; if it is the whole message; or if it stands
under a key such as ``reason``. Of a request line in quotes, the method is constant.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .placeholders import BEGIN, END, PLACEHOLDERS
from .steps import Step

if TYPE_CHECKING:
    from collections.abc import Sequence

LABEL = r"\"([A-Za-z_][\w .-]*)\"\s*:"
# Two words are a sentence if the last is one of these, in any case ...
_PREDICATES = """
fails? failed invalid incorrect illegal missing unknown unexpected unsupported unavailable
unauthorized unreachable forbidden denied refused rejected expired exceeded aborted cancell?ed
closed lost broken corrupt corrupted full found required expected allowed permitted disabled
locked occupied exists?
fehlt fehlen fehlgeschlagen ungültig gefunden abgelaufen abgelehnt verweigert unbekannt
überschritten gesperrt belegt gelöscht
invalides? introuvables? trouvée?s? manquante?s? inconnue?s? expirée?s? refusée?s? échoué
interdite?s? existe dépassée?s? absente?s? ausentes?
inválid[oa]s? desconocid[oa]s? caducad[oa]s? rechazad[oa]s? denegad[oa]s? prohibid[oa]s?
encontrad[oa]s? ocupad[oa]s? fallid[oa]s? vencid[oa]s?
sconosciut[oaie] scadut[oaie] rifiutat[oaie] negat[oaie] vietat[oaie] trovat[oaie]
occupat[oaie] fallit[oaie] invalid[oaie] manca mancano mancant[ei] esiste
desconhecid[oa]s? expirad[oa]s? recusad[oa]s? negad[oa]s? proibid[oa]s? falhou
""".split()
# ... or the first is one of these.
_NEGATIONS = "not never nicht non pas no não".split()
_OTHERS = """
is are was were be been being has have had does did do can cannot can't could couldn't may must
should shall will would won't isn't aren't wasn't doesn't didn't don't none nothing without unable
exceeds already failing failure errors? timeout timed conflicts? requires duplicate too
ist sind war waren wurden? wird werden hat haben kann konnte können muss müssen darf kein
keine[nrsm]? ungültige[nrsm]? unbekannte[nrsm]?
est sont était a ont peut doit ne aucune? n'est n'a n'existe sans impossible échec erreur déjà
es son está están fue han tiene puede debe falta faltan ya
è sono hanno può deve senza già
é são foi tem pode deve sem já
niet geen werd wordt ontbreekt ontbreken verlopen geweigerd ongeldige?
nie brak brakuje jest są odmowa odmówiono wygasł[ao]?
не нет отсутствует отсутствуют запрещен[аоы]? запрещён истёк истекла отказано
δεν λείπει λείπουν απορρίφθηκε έληξε
""".split()
SENTENCE_WORDS = [*_OTHERS, *_PREDICATES, *_NEGATIONS]
_KEYS = (
    r"msg|message|err|error|exception|reason|cause|details?|diagnostics?|description|desc|fault"
    r"|problem|why|summary|title|\w*_?(?:message|description)|error_?msg"
    r"|grund|meldung|fehler|ursache|erreur|raison|motif|cause"
)
METHODS = "GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS"
_STATEMENTS = "SELECT|INSERT|UPDATE|DELETE|MERGE|CALL|CREATE|DROP|ALTER|EXEC|COPY|TRUNCATE"
# In small letters, most are words of names too, such as "copy of the roster".
_IN_ANY_CASE = (
    r"(?i:(select)|(insert|merge)\s+into|(delete)\s+from|(update)\s+\S+\s+set"
    r"|(create|drop|alter|truncate)\s+(?:table|index|view))"
)
# Verbs of protocols, whose argument is a value ...
_COMMANDS = (
    f"{METHODS}|TRACE|CONNECT|PROPFIND|MKCOL|MOVE|LOCK|UNLOCK|INVITE|BYE|REGISTER|SUBSCRIBE|UNSUBSCRIBE"
    "|NOTIFY|PUBLISH|REFER|DESCRIBE|ANNOUNCE|SETUP|PLAY|PAUSE|TEARDOWN|RETR|STOR|STOU|APPE|NLST|MKD|RMD|CWD"
    "|DELE|RNFR|RNTO|MDTM|USER|PASS|AUTH|EHLO|HELO|MAIL|RCPT|VRFY|SET|HSET|HGET|DEL|INCR|DECR|EXPIRE"
    "|LPUSH|RPUSH|EVAL|ATTACH|GRANT|REVOKE|VACUUM|ANALYZE|REINDEX|EXPLAIN|REPLACE|LOAD|WITH"
    "|FETCH|APPEND|EXPUNGE|SADD|ZADD|XADD|LPOP|RPOP|MGET|MSET|HDEL|ACK|NACK|PRODUCE|CONSUME"
    "|C-(?:FIND|STORE|MOVE|GET|ECHO)|N-(?:ACTION|CREATE|DELETE|EVENT-REPORT|GET|SET)"
)
# ... of files, where other words in small letters are programs: 'less /var/log/7' ...
_OPERATIONS = (
    r"[Gg]et|[Hh]ead|[Pp]ost|[Pp]ut|[Pp]atch|[Dd]elete|[Oo]ptions|[Rr]ead|[Ww]rite|[Oo]pen|[Cc]lose|[Aa]ppend"
    r"|[Cc]reate|[Rr]ename|[Ll]ist|[Uu]pdate|[Ss]earch"
)
# ... and those that have none.
_ALONE = "BEGIN|COMMIT|ROLLBACK|SAVEPOINT|PASV|EPSV|RSET|NOOP|QUIT|STARTTLS"
_BARE_STATEMENT = (
    r"([:=])\s*(?:(?:SELECT|INSERT\s+INTO|UPDATE\s+\S+\s+SET|DELETE\s+FROM|MERGE\s+INTO)\s.*"
    r"|(?:BEGIN|COMMIT|ROLLBACK);?)\s*$"
)
_STATEMENT = f"${{1}}${{2}}${{3}}${{4}}${{5}}${{6}} {PLACEHOLDERS['value']} "
# What ends a sentence in Japanese, which has no spaces.
_ENDING = "(?:ません|ました|です|ます|されない|できない|がない|れた)[。.]?"
# The characters that open a quotation, and those that close it.
_PAIRS = (('"', '"'), ("'", "'"), ("`“«„‘‹「『", "`”»“’›」』"))
_MANY_WORDS = 5
_SMALL = r"[\p{Ll}\p{Lo}]"  # many scripts have no upper and lower case
_SENTENCE = f"{BEGIN} ${{2}} {END}"
_WORDS = "|".join(SENTENCE_WORDS)
_ENDS_SO = (
    rf"(?:[^\s\"'`]+\s+)+(?i:{'|'.join(_PREDICATES)})[.!]?"
    rf"|(?:{'|'.join(_NEGATIONS)})\s+{_SMALL}+[.!]?"
)
_NAMES_TOO = "may do will can son ha ya es sem fue".split()
_FIRST_WORDS, _FIRST_NAMES = (
    "|".join(f"[{word[0].upper()}{word[0]}]{word[1:]}" for word in words)
    for words in ([each for each in SENTENCE_WORDS if each not in _NAMES_TOO], _NAMES_TOO)
)


def _whole(opening: str, closing: str) -> tuple[str, str, str]:
    """Match a message that is one quotation, with a lowercase word: first, or behind another."""
    text = rf"[^{opening}{closing}]"
    return (
        rf"^\s*[{opening}]({_SMALL}{text}*|{text}+\s{_SMALL}{text}*)[{closing}]\s*$",
        "${1}",
        opening,
    )


def _sentence(opening: str, closing: str, before: str, least: int) -> tuple[str, str, str]:
    """Match quoted text of `least` words, one of which sentences need, or of many words."""
    text, word = rf"[^{opening}{closing}\n]", rf"[^\s{opening}{closing}]+"
    more = rf"(?:\s+{word}){{{least - 1},}}"
    # "May Lin Chen" has no word in lower case behind it.
    begun = rf"(?:{_FIRST_WORDS}){more}|(?:{_FIRST_NAMES})\s(?:{text}*\s)?{_SMALL}{text}*"
    inside = rf"(?:{word}\s+)+(?:{_WORDS})[.,;:!?]?(?:\s{text}*)?"
    if least > 2:  # noqa: PLR2004 - a word before it, and one more on either side
        inside = (
            rf"(?:{word}\s+)+(?:{_WORDS})[.,;:!?]?\s{text}*"
            rf"|(?:{word}\s+){{2,}}(?:{_WORDS})[.,;:!?]?|{_ENDS_SO}"
        )
    many = rf"{word}(?:\s+(?-u:[a-z]){text}*?){{{_MANY_WORDS - 1},}}"
    return rf"{before}[{opening}]({begun}|{inside}|{many})[{closing}]", "${1}" + _SENTENCE, opening


def _quoted(opening: str, closing: str) -> str:
    edge = r"\B" if opening == closing else ""  # an apostrophe within a word quotes nothing
    return rf"{edge}[{opening}][^{opening}{closing}\n]*[{closing}]{edge}"


# In German, » opens; in French it closes, and a space or a comma follows it.
_INWARD = r"[»›]([\p{L}\p{N}](?:[^»«›‹\n]*[^\s»«›‹])?)[«‹]"
_INWARD_SENTENCE = (
    rf"(^|[\s:(])[»›]([\p{{L}}\p{{N}}][^\s»«›‹]*(?:\s+[^\s»«›‹]+)*?\s+(?:{_WORDS})"
    r"(?:\s[^»«›‹\n]*)?)[«‹]"
)
QUOTED = (*(_quoted(*pair) for pair in _PAIRS), _INWARD, r"‚[^‚‘\n]*‘")
OPENING = "".join(opening for opening, _ in _PAIRS) + "»›‚"
_ONE_KEY = (
    r"^\s*\{\s*\"([\w .-]+)\"\s*:\s*\""
    rf"([^\"]+\s{_SMALL}[^\"]*|\p{{Lo}}{{6,}}[^\"]*)\"\s*\}}\s*$"
)
# Behind an equals sign, a sentence has small words too, at most one other between two of them.
_SMALL_WORDS = rf"(?:\s+[^\s\"']+)?\s+{_SMALL}[^\s\"']*"
_IN_OBJECT = r"(\"[A-Za-z_][\w .-]*\"\s*:)\s*\"([^\s\"]+(?:\s+\p{Ll}[^\s\"]*){2}[^\"\n]*)\""
_RULES: tuple[tuple[str, str, Sequence[str]], ...] = (
    (r"\\{2,}\"", "`", "\\"),  # quotation marks within quoted text
    (r"\\\"", "'", "\\"),
    # French quotation marks have a space inside; German ones that point inward, outside.
    (r"(^|[\s:,;({\[>=])«\s+([^«»\n]*?)\s+»", "${1}«${2}»", "«"),
    *(_whole(*pair) for pair in _PAIRS),
    *(
        (
            rf"=?[{opening}]([A-Z]{{3,10}})\s+([^\s{closing}]*[/:*][^{closing}\n]*)[{closing}]",
            " ${1} ${2}",
            opening,
        )
        for opening, closing in _PAIRS  # a request line
    ),
    *(
        (rf"[{opening}]({_OPERATIONS})\s+(/[^{closing}\n]*)[{closing}]", "${1} ${2}", opening)
        for opening, closing in _PAIRS
    ),
    (r"\{([A-Z]{3,10})\s+([^\s{}]*[/:*][^{}\n]*)\}", " ${1} ${2}", "{"),
    (rf"[\"'](?:({_STATEMENTS})|{_IN_ANY_CASE})\s[^\"\n]*\"", _STATEMENT, '"'),
    *(
        (
            rf"[{opening}]({_STATEMENTS}|{_COMMANDS})\s[^{closing}\n]*[{closing}]",
            f"${{1}} {PLACEHOLDERS['value']} ",
            opening,
        )
        for opening, closing in _PAIRS
    ),
    (rf"[\"'`]({METHODS}|{_ALONE})[\"'`]", "${1}", "\"'`"),
    (_BARE_STATEMENT, f"${{1}} {PLACEHOLDERS['value']}", "=:"),
    (rf"(?i)\"({_KEYS})\"\s*:\s*\"([^\"\n]*)\"", "${1}: ${2}", '"'),
    (rf"(?i)\b({_KEYS})\s*[=:]\s*\"([^\"\n]*)\"", "${1} ${2} ", '"'),
    (rf"(?i)\b({_KEYS})\s*[=:]\s*'([^'\n]*)'", "${1} ${2} ", "'"),
    *(_sentence(*pair, r"(^|[\s:,;({\[>])", 3) for pair in _PAIRS),
    *(
        (
            rf"=\s*{quote}([^\s{quote}]+(?:{_SMALL_WORDS}){{2}}(?:\s[^{quote}\n]*)?|{_ENDS_SO}){quote}",
            f"{BEGIN}= ${{1}} {END}",
            [f"={quote}", f"= {quote}"],
        )
        for quote in "\"'"
    ),
    *(
        (
            rf"(^|[\s:,;({{\[>])[{opening}]([^{closing}\n]*{_ENDING})[{closing}]",
            "${1}" + _SENTENCE,
            opening,
        )
        for opening, closing in _PAIRS
    ),
    (_INWARD_SENTENCE, "${1}" + _SENTENCE, "»›"),
    (r"\"(\{\s*'[^\"]*\})\"", "${1}", "{"),  # an object within quoted text
    *(
        _sentence(quote, quote, rf"({quote}[A-Za-z_][\w .-]*{quote}\s*:\s*\[?\s*)", 2)
        for quote in "\"'"
    ),
    (_ONE_KEY, "{${1}: ${2}}", "{"),
    (_IN_OBJECT, "${1} " + _SENTENCE, '"'),
    (LABEL, "${1}: ", '"'),  # the keys of an object are constant
    (r"'([A-Za-z_][\w -]*)'\s*:", "${1}: ", "'"),
)
RULES = tuple(Step(*rule) for rule in _RULES)
# What no rule applies to lacks all of these. To look once is faster than to try each rule.
NEEDED = (
    rf"{_ENDING}[\"'`”」』]|"
    r"[\"'`][A-Z]{4,8}[\"'`]|[:=]\s*[A-Z]{4}|«\s|[\\{]|[=:]\s?[\"']|^\s*[\"'`“«„‘‹「『»›‚]"
    r"|[\s:,;({\[>][\"'`“«„‘‹「『»›‚][^\s\"'`“«„‘‹「『»›‚][^\"'`“«„‘‹「『»›‚\n]*\s"
)
