"""From raw source text to the text that is shown: LaTeX residue, widths, spaces, broken lines.

Nothing is guessed. A formula that plain text cannot carry faithfully stays as its LaTeX source
between dollar signs, and `has_formula` reports it; a lost degree sign or exponent is not put back
here (that is what `kb.errata` is for). Digits keep their order and no Han character is lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

__all__ = ["ends_sentence", "has_formula", "join_lines", "normalize", "to_lines"]

HAN = r"〇\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""Han characters, for use inside a regex character class."""

_CJK = HAN + r"\u3000-\u303f\uff01-\uff65“”‘’—…"
_HAN_RE = re.compile(f"[{HAN}]")
_CJK_RE = re.compile(f"[{_CJK}]")


# --- LaTeX --------------------------------------------------------------------------------------


class _UnfaithfulError(Exception):
    """The formula has a part that plain text cannot say."""


_SYMBOLS = {
    "times": "×", "cdot": "·", "div": "÷", "pm": "±", "mp": "∓", "le": "≤", "leq": "≤",
    "leqslant": "≤", "ge": "≥", "geq": "≥", "geqslant": "≥", "lt": "<", "gt": ">", "neq": "≠",
    "ne": "≠", "approx": "≈", "sim": "～", "circ": "°", "degree": "°", "celsius": "℃",
    "prime": "′", "infty": "∞", "percent": "%", "permil": "‰", "textperthousand": "‰",
    "dots": "…", "ldots": "…", "cdots": "…", "rightarrow": "→", "to": "→", "angle": "∠",
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "eta": "η",
    "theta": "θ", "lambda": "λ", "mu": "μ", "pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ",
    "varphi": "φ", "phi": "φ", "omega": "ω", "Delta": "Δ", "Omega": "Ω", "Phi": "Φ", "Sigma": "Σ",
}  # fmt: skip
_SPACES = {",", ";", ":", " ", "quad", "qquad", "enspace", "thinspace"}
_INVISIBLE = {"!", "left.", "right.", "displaystyle", "textstyle", "limits", "nolimits"}
_STYLES = {
    "mathrm", "mathit", "mathbf", "mathsf", "mathnormal", "rm", "it", "bf", "operatorname",
    "text", "textrm", "textit", "textbf", "mbox", "boldsymbol", "bm", "unit",
}  # fmt: skip
_KEEP_SPACE = {"text", "textrm", "textit", "textbf", "mbox"}

_SUPER = {**dict(zip("0123456789+−=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ", strict=True)), "°": "°"}
_SUPER |= {"′": "′", "″": "″", "*": "*"}
_SUB_FROM = "0123456789+−=()aehijklmnoprstuvx"
_SUB_TO = "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ"
_SUB = dict(zip(_SUB_FROM, _SUB_TO, strict=True))

# \times | \, | { } ^ _ | white space | '' | any other character
_LATEX_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|[{}^_\[\]]|\s+|'+|.", re.S)
_ATOM = re.compile(r"[\dA-Za-z.⁰¹²³⁴-⁹₀-₉]+\Z")


class _Latex:
    """A reader of the small part of LaTeX that converted documents leave behind."""

    def __init__(self, source: str) -> None:
        self._tokens: list[str] = _LATEX_TOKEN.findall(source)
        self._at = 0

    def text(self) -> str:
        """The whole formula as plain text.

        Raises:
            _UnfaithfulError: some part of it has no plain form.
        """
        return re.sub(r" +", " ", self._until(None)).strip()

    def _peek(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _next(self) -> str:
        token = self._peek()
        self._at += 1
        return token

    def _until(self, stop: str | None, *, keep_space: bool = False) -> str:
        out = ""
        while token := self._next():
            if token == stop:
                return out
            if token == "}":
                raise _UnfaithfulError
            if token.isspace():
                out += " " if keep_space else ""  # LaTeX itself ignores spaces in a formula
            else:
                out += self._piece(token, out)
        if stop is not None:
            raise _UnfaithfulError
        return out

    def _argument(self, *, keep_space: bool = False) -> str:
        token = self._next()
        while token.isspace():
            token = self._next()
        if token == "{":
            return self._until("}", keep_space=keep_space)
        if not token or token in "}^_":
            raise _UnfaithfulError
        return self._piece(token, "")

    def _piece(self, token: str, before: str) -> str:
        if token == "{":
            return self._until("}")
        if token == "^":
            return _raised(self._argument())
        if token == "_":
            return _lowered(self._argument())
        if token.startswith("'"):
            return "″" * (len(token) // 2) + "′" * (len(token) % 2)
        if token.startswith("\\"):
            return self._command(token[1:], before)
        if token == "-":
            return "−"
        if token == "~":
            return " "
        if token in "&#$":
            raise _UnfaithfulError
        return token

    def _command(self, name: str, before: str) -> str:
        if name in _SYMBOLS:
            return _SYMBOLS[name]
        if name in _SPACES:
            return " "
        if name in _INVISIBLE:
            return ""
        if name in {"%", "{", "}", "&", "#", "_"}:
            return name
        if name in _STYLES:
            return self._argument(keep_space=name in _KEEP_SPACE)
        if name in {"left", "right"}:
            mark = self._next()
            if mark not in {"(", ")", "[", "]", ".", "|"}:
                raise _UnfaithfulError
            return "" if mark == "." else mark
        if name == "tag":
            return f" （{self._argument()}）"
        if name == "sqrt":
            inner = self._argument()  # an index in [ ] makes the first token "[": not faithful
            if inner == "[":
                raise _UnfaithfulError
            while self._peek().isspace():
                self._next()
            if self._peek() in {"^", "_"}:  # √H² would read as the root of the square
                raise _UnfaithfulError
            alone = _ATOM.match(inner) and not self._peek()[:1].isalnum()
            return f"√{inner}" if alone else f"√({inner})"
        if name in {"frac", "dfrac", "tfrac"}:
            return self._fraction(before)
        raise _UnfaithfulError

    def _fraction(self, before: str) -> str:
        above, below = (
            part if _ATOM.match(part) else f"({part})"
            for part in (self._argument(), self._argument())
        )
        while self._peek().isspace():
            self._next()
        follow = self._peek()
        # 2\frac{1}{3} would read as 21/3, and \frac{1}{3}^2 as 1/3²
        if before[-1:].isalnum() or follow in {"^", "_"}:
            raise _UnfaithfulError
        if follow[:1].isalnum() or follow in {"(", "{"} or before.endswith(("/", "÷")):
            return f"({above}/{below})"
        return f"{above}/{below}"


def _raised(inner: str) -> str:
    if inner in {"°C", "°F"}:
        return inner
    if not inner or any(c not in _SUPER for c in inner):
        raise _UnfaithfulError
    return "".join(_SUPER[c] for c in inner)


def _lowered(inner: str) -> str:
    if not inner or any(c not in _SUB for c in inner):
        raise _UnfaithfulError
    return "".join(_SUB[c] for c in inner)


# $$…$$ | $…$ | \(…\) | \[…\] | <eq>…</eq>
_MATH = re.compile(
    r"\$\$(?P<a>[^$]+)\$\$|\$(?P<b>[^$]+)\$|\\\((?P<c>.+?)\\\)|\\\[(?P<d>.+?)\\\]"
    r"|<eq>(?P<e>.*?)</eq>",
    re.S,
)
_LATEX_SIGN = re.compile(r"[\\^_{}]")
# 10^{-6}, H_{2} outside any dollar signs
_LOOSE_SCRIPT = re.compile(r"(?<=[\w)\]°])([\^_])\{([^{}$]*)\}")
# \times, \leq outside any dollar signs
_LOOSE_SYMBOL = re.compile(
    r"\\(" + "|".join(sorted(_SYMBOLS, key=len, reverse=True)) + r")(?![A-Za-z])"
)
# what is still LaTeX after `normalize`
_LEFTOVER = re.compile(r"\$[^$]*[\\^_{}][^$]*\$|\\[A-Za-z]{2,}|\^\{|_\{")

_HELD = range(0x100000, 0x10FFFD)  # private use: one character stands for one kept formula
_HELD_RE = re.compile("[\U00100000-\U0010fffd]")


def _formulas(text: str, held: list[str]) -> str:
    """Formulas to text; those that cannot be are put aside in `held`."""

    def convert(match: re.Match[str]) -> str:
        source = next(g for g in match.groups() if g is not None)
        dollars = match["b"] is not None
        if dollars and _HAN_RE.search(source) and not _LATEX_SIGN.search(source):
            return match[0]  # two prices in a sentence, not a formula
        try:
            return _Latex(source).text()
        except _UnfaithfulError:
            if len(held) >= len(_HELD):
                return match[0]
            one_line = re.sub(r"\s+", " ", source).strip()
            held.append(f"${one_line}$")
            return chr(_HELD[len(held) - 1])

    def script(match: re.Match[str]) -> str:
        try:
            inner = _Latex(match[2]).text()
            return _raised(inner) if match[1] == "^" else _lowered(inner)
        except _UnfaithfulError:
            return match[0]

    text = _MATH.sub(convert, text)
    text = _LOOSE_SCRIPT.sub(script, text)
    return _LOOSE_SYMBOL.sub(lambda m: _SYMBOLS[m[1]], text)


# --- widths, punctuation, spaces ----------------------------------------------------------------

_NARROW = {c: c - 0xFEE0 for c in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B))}
_NARROW |= {c: c - 0xFEE0 for c in range(0xFF41, 0xFF5B)}
_NARROW |= {ord("％"): "%", ord("＋"): "+", ord("＝"): "=", ord("＜"): "<", ord("＞"): ">"}
_NARROW |= {ord("／"): "/", ord("˚"): "°", ord("º"): "°"}
_NARROW |= dict.fromkeys(map(ord, "\t\v\f\u00a0\u2002\u2003\u2009\u202f\u3000"), " ")
_NARROW |= dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))

_LITERAL_NEWLINE = re.compile(r"\\n(?![A-Za-z])|\\n(?=\s*$)")
_WIDE_POINT = re.compile(r"(?<=[0-9A-Za-z])．(?=[0-9])")  # 0．3 m, A．1
_RATIO = re.compile(r"(?<=\d) *：(?=\d)")  # 1：2000
_RANGE = re.compile(r"(?<=[\w%‰°℃²³]) *[~∼〜～] *(?=[\d−-])")  # 3 kV~10 kV
_CELSIUS = re.compile(r"° *C(?![A-Za-z])|(?<=\d) *℃")
_TIGHT = re.compile(r"(?<=\d) +(?=[%‰°′″])")
_CJK_SPACE = re.compile(f"(?<=[{_CJK}]) +| +(?=[{_CJK}])")
# GB6722, GB/T33000, AQ2012: one space between the code and the number
_STANDARD_NO = re.compile(r"(?<![A-Za-z])([A-Z]{2,3}(?:/[A-Z])?) *(?=\d{3,6}(?![A-Za-z0-9]))")

_UNITS = (
    "mm", "cm", "dm", "km", "μm", "µm", "nm", "m", "kg", "mg", "μg", "µg", "g", "t", "min", "h",
    "s", "ms", "d", "kVA", "kV", "mV", "V", "kWh", "kW", "MW", "W", "kA", "mA", "A", "MPa", "kPa",
    "hPa", "Pa", "kN", "N", "kHz", "MHz", "Hz", "dB", "Ω", "kΩ", "MΩ", "K", "mL", "L", "lx", "kJ",
    "MJ", "J", "mol", "mSv", "Sv", "kBq", "Bq", "℃",
)  # fmt: skip
# 50mm, 2 Ω, 0.5m/s; not 4A级, not the 2 of 5.6.2
_NUMBER_UNIT = re.compile(
    r"(?<![A-Za-z\d.])(\d+(?:\.\d+)?) *("
    + "|".join(sorted(_UNITS, key=len, reverse=True))
    + r")(?![A-Za-z级])"
)

_BETWEEN_WORDS = re.compile(r"[A-Za-z]{4}[,;:?!] *[A-Za-z]{4}")  # blasting; firing
_WIDE = {",": "，", ";": "；", ":": "：", "?": "？", "!": "！"}
_OPERATORS = frozenset("/*·×÷+−-=√^<>≤≥")


def _neighbours(text: str, start: int, end: int) -> tuple[str, str]:
    """The characters before `start` and from `end` on, spaces passed over ('' at the edge)."""
    before = text[:start].rstrip(" ")
    after = text[end:].lstrip(" ")
    return before[-1:], after[:1]


def _is_cjk(char: str) -> bool:
    return bool(char) and bool(_CJK_RE.match(char))


def _wide_mark(mark: str, left: str, right: str) -> str:
    """A comma, semicolon … as Chinese running text writes it; unchanged inside numbers, words."""
    near_han = _is_cjk(left) or _is_cjk(right)
    if left.isdigit() and right.isdigit():
        return mark
    if mark == ";" or (mark == ":" and not right):
        return _WIDE[mark]
    if mark == "," and left and left in "%‰℃°":
        return _WIDE[mark]
    return _WIDE[mark] if near_han else mark


def _punctuation(text: str) -> str:
    """ASCII marks between Chinese to Chinese marks; numbers, formulas and Latin words untouched."""
    if not _HAN_RE.search(text):
        return text
    chars = list(text)
    opened: list[int] = []
    for at, char in enumerate(text):
        if char in _WIDE and not _BETWEEN_WORDS.match(text, max(0, at - 4)):
            chars[at] = _wide_mark(char, *_neighbours(text, at, at + 1))
        elif char in "(（":
            opened.append(at)
        elif char in ")）" and opened:
            start = opened.pop()
            left, _ = _neighbours(text, start, at + 1)
            inside = text[start + 1 : at]
            mixed = (text[start], char) in {("（", ")"), ("(", "）")}
            running = _is_cjk(left) or (_HAN_RE.search(inside) and left not in _OPERATORS)
            if mixed or running:
                chars[start], chars[at] = "（", "）"
    return "".join(chars)


def _line(text: str) -> str:
    text = _LITERAL_NEWLINE.sub("", text).translate(_NARROW)
    text = _WIDE_POINT.sub(".", text)
    text = _RATIO.sub(":", text)
    text = _RANGE.sub("～", text)
    text = _CELSIUS.sub(" ℃", text)
    text = _TIGHT.sub("", text)
    text = _punctuation(text)
    text = re.sub(r" {2,}", " ", text)
    text = _CJK_SPACE.sub("", text)
    text = _NUMBER_UNIT.sub(r"\1 \2", text)
    text = _STANDARD_NO.sub(r"\1 ", text)
    return text.strip()


def _once(text: str) -> str:
    held: list[str] = []
    text = _formulas(_HELD_RE.sub("", text), held)
    lines = (_line(line) for line in text.splitlines())
    text = "\n".join(line for line in lines if line)
    return _HELD_RE.sub(lambda m: held[ord(m[0]) - _HELD[0]], text)


def normalize(text: str) -> str:
    """The shown form of a piece of source text; its own fixed point.

    Lines stay lines (`to_lines` also rejoins broken ones), blank ones are dropped.
    """
    # one change can make room for the next (a widened bracket makes its neighbour comma Chinese)
    for _ in range(16):
        changed = _once(text)
        if changed == text:
            break
        text = changed
    return text


def has_formula(text: str) -> bool:
    """Whether a formula in the text could not be turned into plain text and shows as LaTeX."""
    return bool(_LEFTOVER.search(normalize(text)))


# --- lines --------------------------------------------------------------------------------------

# 。 ； ： or 。” at the end
_SENTENCE_END = re.compile(r"[。；：！？…;:!?.][”’\"』」）)]*\s*\Z")
# —— | a) | 1) 1. 1、 | （一） | 一、 | 第三条 | ① | 注： | 表 1 | 5.2.1 | # heading
_NEW_ITEM = re.compile(
    r"\s*(?:[—–－]|-\s|[a-z]\s*[)）]|\d{1,2}\s*(?:[)）、]|[.．](?!\d))|[（(][一二三四五六七八九十\d]+[)）]"
    r"|[一二三四五六七八九十]+、|第[〇零一二三四五六七八九十百千]+[编章节条]|[①-⑳]|注\s*\d*\s*[:：]"
    r"|表\s*\d|附\s*录\s*[A-Z]|\d+(?:[.．]\d+)+(?!\d)|#)"
)
_FEW = 24  # a line this long without any mark is a sentence that runs on, a shorter one a title


def ends_sentence(line: str) -> bool:
    """Whether a line ends with a mark after which a new sentence or item may begin."""
    return bool(_SENTENCE_END.search(line))


def join_lines(lines: Iterable[str]) -> list[str]:
    """Put sentences that were broken over lines together again.

    A line continues the one before when that one ends without a sentence mark, is no title, and
    the line itself begins no item or clause. Blank lines are dropped.
    """
    out: list[str] = []
    for line in (ln.strip() for ln in lines):
        if not line:
            continue
        before = out[-1] if out else ""
        runs_on = len(before) >= _FEW or re.search("[，。；：、,;]", before)
        if before and runs_on and not ends_sentence(before) and not _NEW_ITEM.match(line):
            out[-1] = glue(before, line)
        else:
            out.append(line)
    return out


def glue(before: str, after: str) -> str:
    """Two halves of a broken line as one: a space only between Latin words or numbers."""
    space = before[-1:].isascii() and after[:1].isascii() and before[-1:].isalnum()
    return f"{before} {after}" if space and after[:1].isalnum() else before + after


def to_lines(text: str) -> list[str]:
    """The lines of a text as they are shown: broken sentences rejoined, each line normalised."""
    joined = "\n".join(join_lines(_LITERAL_NEWLINE.sub("", text).splitlines()))
    return normalize(joined).splitlines()
