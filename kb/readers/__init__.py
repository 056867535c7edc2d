"""Files and packaged statutes → `kb.model.Source`, one contract for all (see `Source`)."""

from kb.readers.folder import SUFFIXES, Skipped, read, read_folder, skipped
from kb.readers.statutes import StatuteDb, StatuteRow

__all__ = [
    "SUFFIXES",
    "Skipped",
    "StatuteDb",
    "StatuteRow",
    "read",
    "read_folder",
    "skipped",
]
