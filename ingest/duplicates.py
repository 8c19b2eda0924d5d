"""Near-duplicates: the same text carried by several outlets, with another headline, cut, or with lines added.

MinHash over shingles of the body, banded so that a ledger can find candidates by equality; what shares a band is
compared. Numbers guard templates: two daily currency reports share nearly all words and none of the figures.
"""

import hashlib
import re
import struct
from collections.abc import Sequence
from functools import lru_cache

PERMUTATIONS = 128
SEED = 20140521  # never change it: signatures in ledgers would no longer compare
ROWS = 3  # values in a band: a pair of similarity 0.4 shares one of 42 bands with probability 0.94, of 0.5 with 0.996
BANDS = PERMUTATIONS // ROWS
WORDS = 3  # words in a shingle, in alphabets
CHARACTERS = 5  # characters in a shingle, in Chinese
SIMILAR = 0.42  # Jaccard similarity from which two texts are one family: the least edited copies have 0.48, separate
# reports that share a background paragraph have 0.27 at most (bench duplicates)
NUMBERS_SHARED = 0.5  # of the smaller set of numbers, below which they are two reports from one template (bench
# duplicates: of copies 0.99 share as many, of daily reports none)
_WORD = re.compile(r"[^\W_]+")
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*%?")


def signature(text: str, lang: str) -> tuple[int, ...]:
    """MinHash of a body: 128 numbers of 32 bits; empty for a text too short to compare."""
    from rensa import RMinHash

    pieces = shingles(text, lang)
    if not pieces:
        return ()
    minhash = RMinHash(num_perm=PERMUTATIONS, seed=SEED)
    minhash.update(pieces)
    return tuple(minhash.digest())


def shingles(text: str, lang: str) -> list[str]:
    """Overlapping runs of words (characters in Chinese), folded: case, width, punctuation and script variant gone."""
    folded = _folded(text, lang)
    if lang == "zh":
        plain = "".join(_WORD.findall(folded))
        return [plain[i : i + CHARACTERS] for i in range(len(plain) - CHARACTERS + 1)]
    words = _WORD.findall(folded)
    return [" ".join(words[i : i + WORDS]) for i in range(len(words) - WORDS + 1)]


def bands(values: Sequence[int]) -> tuple[int, ...]:
    """Signed 64-bit keys, each naming its band: two texts that share one are candidates. Empty for no signature."""
    if not values:
        return ()
    return tuple(_band(number, values[number * ROWS : (number + 1) * ROWS]) for number in range(BANDS))


def similarity(one: Sequence[int], other: Sequence[int]) -> float:
    """Estimated Jaccard similarity of two signatures, 0..1 with a standard error of 0.04 at most."""
    if not one or not other:
        return 0.0
    return sum(a == b for a, b in zip(one, other, strict=True)) / len(one)


def numbers_of(text: str) -> frozenset[str]:
    """The figures in a text, as written but for signs of thousands."""
    return frozenset(re.sub(r"[,:](?=\d{3}\b)", "", number) for number in _NUMBER.findall(text))


def same_text(
    one: Sequence[int],
    other: Sequence[int],
    numbers: frozenset[str] = frozenset(),
    others: frozenset[str] = frozenset(),
) -> bool:
    """Whether two signatures belong to copies of one text."""
    return similarity(one, other) >= SIMILAR and _same_numbers(numbers, others)


def _same_numbers(one: frozenset[str], other: frozenset[str]) -> bool:
    smaller = min(len(one), len(other))
    return smaller == 0 or len(one & other) >= NUMBERS_SHARED * smaller


def _band(number: int, rows: Sequence[int]) -> int:
    packed = struct.pack(f">B{len(rows)}Q", number, *rows)
    return int.from_bytes(hashlib.blake2b(packed, digest_size=8).digest(), "big", signed=True)


def _folded(text: str, lang: str) -> str:
    import unicodedata

    plain = unicodedata.normalize("NFKC", text).lower().replace("ё", "е")
    return simplified(plain) if lang == "zh" else plain


def simplified(text: str) -> str:
    """Traditional characters as simplified ones, one for one."""
    return text.translate(_simplifying())


@lru_cache(maxsize=1)
def _simplifying() -> dict[int, str]:
    """Character for character from zhconv's table: phrase-wise conversion costs far more and shingles need none."""
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it reads its table by an interface that setuptools calls old
        from zhconv import convert

        convert("國", "zh-hans")
    return {c: out for c in range(0x3400, 0xA000) if len(out := convert(chr(c), "zh-hans")) == 1 and out != chr(c)}
