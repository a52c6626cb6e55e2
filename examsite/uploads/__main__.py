"""The child process of `examsite.uploads.reading`: a document comes in, one line of JSON and the bytes to keep go out."""

import json
import sys

from examsite.confined import limit_this_process
from examsite.rules.refusal import Refused
from examsite.uploads.file import safe_file
from examsite.uploads.values import Limits


def main() -> None:
    """Set the limits on this process, read, answer."""
    limits = Limits(**json.loads(sys.argv[1]))
    limit_this_process(limits)
    content = b""
    try:
        safe = safe_file(sys.stdin.buffer.read(), limits)
        content = safe.content
        answer: dict[str, object] = {"media_type": safe.media_type, "pages": safe.pages, "size": safe.size}
    except Refused as refusal:
        answer = {"refused": refusal.code, "params": dict(refusal.params)}
    except MemoryError:
        answer = {"refused": "uploads.too_costly", "params": {}}
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + content)


if __name__ == "__main__":
    main()
