"""The rankings that are compared: plain, each signal alone, all but each signal, all."""

from service.search.tuning import DEFAULT, SIGNALS, Tuning, parse_tuning

PLAIN_NAME, DEFAULT_NAME, SEMANTIC_NAME = "plain", "default", "default+semantic"

LEXICAL = tuple(signal for signal in SIGNALS if getattr(DEFAULT, signal))
"""The signals of the default ranking."""


def configurations(*, quick: bool) -> dict[str, Tuning]:
    """Return the lexical rankings by name, ``plain`` first and ``default`` last."""
    names = [PLAIN_NAME]
    if not quick:
        names += [f"{PLAIN_NAME}+{signal}" for signal in LEXICAL]
        names += [f"{DEFAULT_NAME}-{signal}" for signal in LEXICAL]
    return {name: parse_tuning(name) for name in (*names, DEFAULT_NAME)}
