"""The words that may be shown: a signature of few records may hold a name among its words.

Words of signatures that many records share are those of a template. Of the others, only words that
stand there too, or in a list of common words of error messages, are known to name nobody.
"""

from __future__ import annotations

import polars as pl

from clinia_nb.signatures.by_form import PLACEHOLDERS, WORD, encode_placeholders, show_placeholders

# Also letters in circles, braille and the like, which signs of other alphabets hide among.
_LETTERS = rf"{WORD}\p{{So}}"
_WORD = rf"[{_LETTERS}]+"
_LONGEST_NAME = 15  # words, and what stands between them
# Left out are words that are names as well, such as "mark", "will" and "may".
_COMMON = """
a about above accepted access active add added after again all allow allowed already also an and any
api argument array as at attempt attempts au aucun aucune available avec be because been before
begin being below between body boolean both broken bundle but by bytes call can cannot ce cette
champ change changed character characters check client clinic clinics close closed code column
conflict connect connected connection constraint contain contains content corrupt could count create
created dans data database date de dead deadline decode default defined definition delete deleted
denied depth des device did disabled disk does doit dose down du due duplicate during délai dépassé
each element elle empty en encode encounter end ended endpoint entity entry enum equal erreur error
errors est et exceed exceeded exceeds exist existe existent existing exists expect expected expired
external fail failed failure false fetch field fields file find first for forbidden format found
from full gateway given greater had has have header hospital host http https id identifiant
identifier if ignored il illegal impossible in inactive inconnu inconnue incorrect index input
insert instead integer internal introuvable invalid invalide is it item items its json key kind l la
last latest le least length les less limit limited list load local location lock locked longer
lookup lost malformed manquant manquante many map mapping match matches matching maximum medication
member memory merge message method minimum mismatch missing model more most must n name network
never new next no node non not null number object obligatoire observation of old on one only open
operation or order organization other ou out over overflow own par parameter parse parser parsing
part pas path patient patients pattern payload pending permission permitted pipeline please pour
practitioner precondition procedure process processed processing profile properties property
protocol provided qu que query queue qui quota range rate read reason received record records
reference referenced references refused refusé refusée registry rejected related relation
relationship remote removed replace request requests require required requires requis requise reset
resource resources response ressource result retries retry returned revision right row rule s same
sans schema send sent server serveur service services session set shard should since size some sont
source specialty state status still stopped string such supported sur syntax system t take taken
target task than that the their them then there this time timed timeout timestamp to token too
transaction trigger trop trouvé trouvée true try type un unable unauthorized unavailable une
unexpected unique unknown unprocessable unsupported until update updated upsert upstream url used
user using uuid valeur valid validate validation value values version vide violates violation wait
waiting was were when where which while with within without write writing wrong xml yet zero échec
API CPU DNS FHIR HTTP HTTPS ID IDs IO IP JSON SQL SSL TCP TLS URI URL UTC UTF UUID XML
"""


def vocabulary(texts: pl.Series) -> pl.Series:
    """Give the words that are known to name nobody: the common ones, and those of `texts`."""
    found = texts.drop_nulls().unique().str.extract_all(_WORD).explode().drop_nulls()
    return pl.concat([pl.Series(_COMMON.split()), found.alias("")]).unique()


def cautious(signatures: pl.DataFrame, *, known: pl.Series, names: pl.Series) -> pl.DataFrame:
    """Put ``<value>`` for the words of signatures that may identify somebody.

    Parameters
    ----------
    signatures
        ``signature`` (String, unique), ``shared`` (Boolean): whether enough records have it.
    known
        The vocabulary, which words of the others must be in.
    names
        Texts without digits, which are masked wherever they stand as words.

    Returns
    -------
    pl.DataFrame
        ``signature`` and ``cautious`` (String), which is to be signed again.

    Examples
    --------
    >>> rare = pl.DataFrame({"signature": "No clinic for Anna Roy", "shared": False})
    >>> known = vocabulary(pl.Series(["clinic"]))
    >>> cautious(rare, known=known, names=pl.Series([], dtype=pl.String))["cautious"].item()
    'No clinic for <value> <value>'
    """
    words = (
        signatures.with_columns(
            token=encode_placeholders(pl.col("signature")).str.extract_all(
                f"{_WORD}|[^{_LETTERS}]+"
            )
        )
        .explode("token")
        .drop_nulls("token")
        .with_columns(
            is_word=pl.col("token").str.contains(f"^{_WORD}$"),
            before=pl.col("token").shift(1).over("signature"),
        )
    )
    token = pl.col("token")
    starts = pl.col("before").is_null() | pl.col("before").str.contains(r"[.:;!?(]")
    lowered = token.str.to_lowercase()
    is_title = token.str.slice(1) == lowered.str.slice(1)
    is_known = token.is_in(known.implode()) | (starts & is_title & lowered.is_in(known.implode()))
    masked = pl.col("is_word") & (
        token.str.contains(r"\p{N}") | (~pl.col("shared") & ~is_known) | _is_name(names)
    )
    return (
        words.with_columns(pl.when(masked).then(pl.lit(PLACEHOLDERS["value"])).otherwise(token))
        .group_by("signature", maintain_order=True)
        .agg(cautious=pl.col("literal").str.join(""))
        .with_columns(show_placeholders(pl.col("cautious")))
    )


def _is_name(names: pl.Series) -> pl.Expr:
    """Tell words that are part of a name, which may be several and what is between them."""
    words = names.str.replace_all(rf"^[^{WORD}]+|[^{WORD}]+$", "").str.replace_all(r"\s+", " ")
    sought = words.filter(words != "")
    if sought.is_empty():
        return pl.lit(value=False)
    token = pl.col("token")
    hits: list[pl.Expr] = []
    for span in range(1, _LONGEST_NAME + 1, 2):
        gram = pl.concat_str(token.shift(-at).over("signature") for at in range(span))
        begins = (pl.col("is_word") & gram.is_in(sought.implode())).fill_null(value=False)
        hits += [begins.shift(at, fill_value=False).over("signature") for at in range(span)]
    return pl.any_horizontal(hits)
