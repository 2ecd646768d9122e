"""Why the text of a file cannot be had, for messages to people."""


def why_unread(error: OSError | UnicodeDecodeError) -> str:
    """Return what is wrong with a file whose text cannot be read, without a period."""
    match error:
        case UnicodeDecodeError():
            line = bytes(error.object[: error.start]).count(b"\n") + 1
            return f"cannot be read as UTF-8, from line {line} on"
        case FileNotFoundError():
            return "there is no such file"
        case _:
            return f"cannot be read: {error.strerror or error}"
