"""From a traceback's text to the statement of the function that failed."""

from autodev.repair.model import Failure
from autodev.repair.source.site import Site


def failing_sites(statements: tuple[Site, ...], entrypoint: str, failure: Failure) -> tuple[Site, ...]:
    """The statements that the failure's innermost frame inside the entrypoint can stand for.

    A frame of a nested function, lambda or comprehension counts as inside. More than one when the same text
    occurs more than once; empty when no frame matches the source.
    """
    inside = entrypoint + ".<locals>."
    for frame in reversed(failure.frames):
        if (frame.function == entrypoint or frame.function.startswith(inside)) and (
            found := _matching(statements, frame.text)
        ):
            return found
    return ()


def is_direct(entrypoint: str, failure: Failure) -> bool:
    """Whether the entrypoint's own statement raised, rather than a function of the module that it called."""
    if not failure.frames:
        return True
    last = failure.frames[-1].function
    return last == entrypoint or last.startswith(entrypoint + ".<locals>.")


def _matching(statements: tuple[Site, ...], text: str) -> tuple[Site, ...]:
    wanted = _squashed(text)
    if not wanted:
        return ()
    exact = tuple(
        site
        for site in statements
        if wanted == _squashed(site.text) or wanted in {_squashed(line) for line in site.text.splitlines()}
    )
    if exact:
        return exact
    return tuple(site for site in statements if (own := _squashed(site.text)) and (wanted in own or own in wanted))


def _squashed(text: str) -> str:
    """Text without what a re-rendering of the same statement may change: blanks and the kind of quotes."""
    code, _, _ = text.partition("  #")
    return "".join(code.split()).replace("'", '"')
