"""What .ci/fuzz-api leaves out of the fuzzing, and why.

Both rules are ones that JSON Schema cannot state: by the document such a request is valid, and the
service refuses it. The service's own tests cover them.
"""

import re

import schemathesis

PASSWORD_FIELDS = ("password", "current_password", "new_password")
MAX_PASSWORD_BYTES = 72
MAX_TITLE_CHARACTERS = 200
MAX_INT64 = 2**63 - 1
END_OF_9999_IN_MICROSECONDS = 253_402_300_799_999_999
CURSOR = re.compile(r"(c|t)-(\d+)-([0-9a-f]+)", re.ASCII)


@schemathesis.hook
def filter_case(context, case):
    return fits_in_bytes(case.body) and belongs_to_list(case.query)


def fits_in_bytes(body):
    """A password of at most 72 characters may still have more than 72 bytes."""
    body = body if isinstance(body, dict) else {}
    passwords = (body.get(field) for field in PASSWORD_FIELDS)
    return all(map(password_fits, passwords))


def password_fits(password):
    if not isinstance(password, str) or len(password) > MAX_PASSWORD_BYTES:
        return True
    return len(password.encode("utf-8", "surrogatepass")) <= MAX_PASSWORD_BYTES


def belongs_to_list(query):
    """A cursor is opaque: one that looks right may still name no place in this list."""
    query = query if isinstance(query, dict) else {}
    cursor = CURSOR.fullmatch(str(query.get("cursor", "")))
    if cursor is None:
        return True
    kind, task_id, place = cursor.groups()
    if kind != {"title": "t"}.get(str(query.get("sort")), "c") or int(task_id) > MAX_INT64:
        return False
    if kind == "c":
        return not place.isdigit() or int(place) <= END_OF_9999_IN_MICROSECONDS
    try:
        title = bytes.fromhex(place).decode().strip()
    except ValueError:
        return False
    return 1 <= len(title) <= MAX_TITLE_CHARACTERS and "\0" not in title
