"""Digits however they are written or said, as ASCII digits: full-width, Arabic-Indic, keycaps, spelled out, by letters.

Not here: what the digits mean; flows/phone.py reads numbers in them.
"""

import re
import unicodedata
from functools import lru_cache

# Spelled digits by language. Read one language at a time: Haitian "de" (2) is "of" in four others.
_DIGIT_WORDS = {
    "en": "zero/oh/o one/won two/to/too three four/for five six seven eight/ate nine/niner",
    "es": "cero un/uno/una dos tres cuatro cinco seis siete ocho nueve",
    "pt": "zero um/uma dois/duas tres quatro cinco seis/meia sete oito nove",
    "fr": "zero un/une deux trois quatre cinq six sept huit neuf",
    "ht": "zewo/zero en/youn/yon de twa kat senk sis set uit nef",
    "kea": "zeru/zero un dos tres kuatu/kuatru/kuatr sinku/sink sais/seis seti/set oitu/oit novi/nov",
    "vi": "khong mot hai ba bon/tu nam/lam sau bay/bảy tam chin",
}
_TENS = dict(
    zip(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], range(20, 100, 10), strict=True)
)
_TEENS = dict(
    zip(
        ["ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"],
        range(10, 20),
        strict=True,
    )
)
_CHINESE = str.maketrans("〇零○一壹幺二两三四五六七八九", "000111223456789")
_SPELLED_LEAST = 7  # fewer spelled digits in a row are ordinary words

_LOOKALIKE = re.compile(r"(?<=\d)[oO](?=[\d\s.-]*\d)|(?<=[\d-])[oO](?=\d)|(?<=\d)[lI](?=\d)")
_VANITY = re.compile(r"(?:\+?1[-. ]?)?\(?[2-9]\d\d\)?[-. ]?\d{0,3}[-. ]?[a-z]{3,7}", re.IGNORECASE)
_KEYS = str.maketrans("abcdefghijklmnopqrstuvwxyz", "22233344455566677778889999")


def plain_digits(text: str) -> str:
    """ASCII digits throughout; marks, controls and lone surrogates gone; spelled digits as digits."""
    kept = (c if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Me", "Mn") else " " * c.isspace() for c in text)
    wide = unicodedata.normalize("NFKC", "".join(kept))
    digits = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in wide)
    hyphens = re.sub(r"[\u2010-\u2015\u2212\u30fc]", "-", digits)
    return _unspelled(_LOOKALIKE.sub(lambda hit: "0" if hit[0] in "oO" else "1", _devanity(hyphens)))


def spoken_digit(word: str, language: str) -> str:
    """The digit, 1 to 9, that one word of a language stands for; '' for any other. (Zero is "no" in Vietnamese.)"""
    if language == "zh":
        digit = word.strip("。 ").translate(_CHINESE)
    else:
        row = _DIGIT_WORDS.get(language, "").split()
        said = {folded(one): str(n) for n, words in enumerate(row) for one in words.split("/")}
        digit = said.get(folded(word), "")
    return digit if len(digit) == 1 and digit in "123456789" else ""


def folded(text: str) -> str:
    """Lower case without accents, single spaces, no punctuation at the ends."""
    bare = "".join(c for c in unicodedata.normalize("NFD", text.casefold()) if not unicodedata.combining(c))
    return " ".join(bare.replace("đ", "d").split()).strip(" .,;:!?¡¿。！？")


def _devanity(text: str) -> str:
    """1-800-494-TIPS as digits, where the message is nothing else."""
    bare = text.strip()
    if _VANITY.fullmatch(bare) and sum(c.isalnum() for c in bare.removeprefix("+").removeprefix("1")) == 10:
        return bare.casefold().translate(_KEYS)
    return text


def _unspelled(text: str) -> str:
    """Replaces runs of spelled digits in whichever language reads most of them; other words stay."""
    chinese = re.sub(r"[〇零○一壹幺二两三四五六七八九\s]{7,}", lambda hit: hit[0].translate(_CHINESE), text)
    tokens = re.split(r"([\s,.\-]+)", chinese)
    if sum(1 for token in tokens if token.isalpha()) < 3:
        return chinese
    best = max((_digits_spelled(tokens, words) for words in _word_tables()), key=lambda got: got[0])
    return best[1] if best[0] else chinese


@lru_cache(maxsize=1)
def _word_tables() -> tuple[dict[str, str], ...]:
    tables = []
    for lang, row in _DIGIT_WORDS.items():
        table = {folded(word): str(digit) for digit, words in enumerate(row.split()) for word in words.split("/")}
        if lang == "en":
            table |= {word: str(value) for word, value in (_TENS | _TEENS).items()} | {"hundred": "00"}
        tables.append(table)
    return tuple(tables)


def _digits_spelled(tokens: list[str], table: dict[str, str]) -> tuple[int, str]:
    """(how many digits were spelled in runs long enough, the text with those runs as digits)."""
    out: list[str] = []
    run: list[str] = []
    spelled = score = 0

    def close() -> None:
        nonlocal spelled, score
        words = [word for word in run if not _is_gap(word)]
        digits = _joined(words, table)
        if spelled >= 3 and len(digits) >= _SPELLED_LEAST:
            out.extend([digits, " "])
            score += spelled
        else:
            out.extend(run)
        run.clear()
        spelled = 0

    for token in tokens:
        word = folded(token)
        if word in table or word in ("double", "triple"):
            spelled += 1
        elif not (_is_gap(token) or token.isdecimal()):
            close()
            out.append(token)
            continue
        run.append(token)
    close()
    return score, "".join(out)


def _is_gap(token: str) -> bool:
    return not any(c.isalnum() for c in token)


def _joined(words: list[str], table: dict[str, str]) -> str:
    """Digits of a run: "double five" is 55, "fifty five" 55, "eight hundred" 800."""
    digits, times, after_tens = "", 1, False
    for word in words:
        plain = folded(word)
        if plain in ("double", "triple"):
            times = 2 if plain == "double" else 3
            continue
        value = table.get(plain, word)
        digits = digits[:-1] + value if after_tens and len(value) == 1 and value != "0" else digits + value * times
        times, after_tens = 1, plain in _TENS
    return digits
