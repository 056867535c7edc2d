"""Where things lie: what the project ships, and the user's folder laid over it (`--root`)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kb.errors import UsageError

__all__ = ["Roots", "shipped_dir"]


def shipped_dir() -> Path:
    """The folder that holds the project's own `corpus/`, `site/` and `mkdocs.yml`.

    In a checkout (or an editable install) that is the repository; in a wheel the same folders are
    packed under `kb/_shipped`.
    """
    package = Path(__file__).resolve().parent
    packed = package / "_shipped"
    return packed if packed.is_dir() else package.parent


@dataclass(frozen=True, slots=True)
class Roots:
    """`shipped` is read only; `user` has its own corpus/ and build/ (they may be the same)."""

    shipped: Path
    user: Path

    @classmethod
    def of(cls, root: Path | None) -> Roots:
        """The roots for `--root`/KB_ROOT; without it the checkout, or the working folder.

        Raises:
            UsageError: the folder does not exist.
        """
        shipped = shipped_dir()
        if root is not None:
            if not root.is_dir():
                raise UsageError(f"--root 指定的文件夹不存在：{root}。请先建好这个文件夹")
            return cls(shipped, root.resolve())
        in_checkout = (shipped / "pyproject.toml").is_file()
        return cls(shipped, shipped if in_checkout else Path.cwd())

    @property
    def corpora(self) -> tuple[Path, ...]:
        """corpus/ folders, the user's last (it is laid over the shipped one)."""
        both = (self.shipped / "corpus", self.user / "corpus")
        return both[:1] if both[0] == both[1] else both

    @property
    def build(self) -> Path:
        """Where everything that is built goes."""
        return self.user / "build"

    @property
    def index(self) -> Path:
        """The index folder."""
        return self.build / "index"

    @property
    def pages(self) -> Path:
        """Markdown pages of the site (mkdocs' docs_dir)."""
        return self.build / "pages"

    @property
    def site(self) -> Path:
        """The built site."""
        return self.build / "site"
