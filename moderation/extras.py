"""Optional packages: what is missing, and how to get it."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec

from moderation.errors import MissingExtraError


def missing_extra(what: str, extra: str) -> MissingExtraError:
    """Make the error for a feature whose packages are not installed.

    Args:
        what: what needs which package, as a sentence without a full stop.
        extra: the extra that brings it; several with commas, `compile,torch`.
    """
    return MissingExtraError(what, hint=f'pip install "comment-moderation[{extra}]"')


@contextmanager
def needing(extra: str, what: str) -> Iterator[None]:
    """Import what an extra brings inside of this.

    Args:
        extra: see `missing_extra`.
        what: see `missing_extra`; `{package}` stands for the name of the package that is missing.

    Raises:
        MissingExtraError: a package is not installed.
    """
    try:
        yield
    except ImportError as error:
        raise missing_extra(what.format(package=error.name), extra) from None


def require(extra: str, what: str, *packages: str) -> None:
    """Make sure of an extra's packages without importing them, which may take seconds.

    Args:
        extra: see `missing_extra`.
        what: see `needing`.
        packages: the names that they are imported by.

    Raises:
        MissingExtraError: one is not installed; the first of them is named.
    """
    for package in packages:
        if find_spec(package) is None:
            raise missing_extra(what.format(package=package), extra)
