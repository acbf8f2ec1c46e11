"""The folder for what a default installation keeps: its database and its keys."""

import hashlib
import os
import secrets
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
ROOT_STATE = Path("/var/lib/cases-api")


def state_folder() -> Path:
    """CASES_STATE_DIR, or the default for this checkout.

    As root that is outside the checkout: the system user that runs the database can't enter a
    checkout below a private home, and opening somebody's home is not ours to do.
    """
    if chosen := os.environ.get("CASES_STATE_DIR"):
        return Path(chosen).expanduser().resolve()
    if os.geteuid() == 0:
        return ROOT_STATE / f"{CHECKOUT.name}-{digest(CHECKOUT)}"
    return CHECKOUT / ".local"


def make_folder(folder: Path) -> Path:
    """`folder`, made if missing: private, but passable for the database's user when we are root."""
    if not folder.exists():
        make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        folder.chmod(0o711 if os.geteuid() == 0 else 0o700)
    return folder


def kept_secret_key() -> str:
    """The key made at the first start."""
    return kept_key(state_folder() / "secret_key", lambda: secrets.token_urlsafe(50))


def kept_key(kept: Path, make: Callable[[], str]) -> str:
    """The key in a file, made if there is none; readable by its owner only. OSError when the file
    can be neither read nor written."""
    if not kept.exists():
        folder = make_folder(kept.parent)
        descriptor, draft = tempfile.mkstemp(dir=folder)  # mode 600
        with os.fdopen(descriptor, "w") as file:
            file.write(make())
        # Unlike a rename, a link never replaces the key of a process that was quicker.
        with suppress(FileExistsError):
            os.link(draft, kept)
        os.unlink(draft)
    return kept.read_text()


def digest(path: Path) -> str:
    """A short name for a path."""
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]
