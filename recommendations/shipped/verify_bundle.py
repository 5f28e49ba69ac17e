"""Verifies an evidence bundle: python3 verify.py, in the folder that it was unpacked into.

Needs Python 3.8 or newer and nothing else. Exit status 0 when all is well, 1 when something is not.
"""

import hashlib
import json
import pathlib
import sys

FOLDER = pathlib.Path(__file__).resolve().parent


def sha256(text):
    return hashlib.sha256(text.encode()).hexdigest()


def sha256_of(path):
    found = hashlib.sha256()
    with open(path, "rb") as stream:
        for chunk in iter(lambda: stream.read(1 << 18), b""):
            found.update(chunk)
    return found.hexdigest()


def rows(name):
    with open(FOLDER / name, encoding="utf-8") as stream:
        yield from map(json.loads, stream)


def files():
    """Yield what is wrong with the files: each must be there, be what was sent, and be in the manifest."""
    named = {"manifest-sha256.txt"}
    with open(FOLDER / "manifest-sha256.txt", encoding="utf-8") as stream:
        for line in stream:
            expected, _space, name = line.rstrip("\n").partition("  ")
            named.add(name)
            path = FOLDER / name
            if not path.is_file():
                yield f"{name} is missing."
            elif sha256_of(path) != expected:
                yield f"{name} is not the file that was sent."
    for path in sorted(FOLDER.rglob("*")):
        name = path.relative_to(FOLDER).as_posix()
        if path.is_file() and name not in named:
            yield f"{name} was not part of the bundle."


def record():
    """Yield where the record of events is cut, reordered or changed, and which item it does not vouch for."""
    last, received, kept = None, {}, {}
    for row in rows("custody.jsonl"):
        if last and (row["seq"] != last["seq"] + 1 or row["previous_hash"] != last["hash"]):
            yield f"Entry {row['seq']} does not follow from the one before it."
        if sha256("{seq}|{previous_hash}|{digest}".format(**row)) != row["hash"]:
            yield f"Entry {row['seq']} was changed."
        if "said" in row:
            if sha256(row["salt"] + "|" + row["said"]) != row["digest"]:
                yield f"The words of entry {row['seq']} were changed."
            payload = json.loads(row["said"])["payload"]
            if row["kind"] == "captured":
                kept[row["evidence"], payload["number"]] = payload["sha256"]
            else:
                received[row["evidence"]] = payload.get("sha256")
        last = row
    for item in rows("evidence.jsonl"):
        yield from vouched_for(item, received.get(item["key"]))
        for copy in item.get("copies", []):
            yield from kept_as_told(copy, kept.get((item["key"], copy["number"])))
    if last:
        print(f"The record's last entry is {last['seq']}, with the hash {last['hash']}.")


def vouched_for(item, sha256):
    """Yield what is wrong with an item, of which the record says ``sha256``."""
    if sha256 and sha256 != item["sha256"]:
        yield f"The record gives a different hash for {item['key']} than evidence.jsonl."
    if item["file_is"] == "as received" and not sha256:
        yield f"The record does not say which file {item['key']} was."
    if item["file_is"] == "as received" and item["file_sha256"] != item["sha256"]:
        yield f"{item['file']} is not the file that was received."


def kept_as_told(copy, sha256):
    """Yield what is wrong with a copy of a page, of which the record says ``sha256``."""
    path = FOLDER / copy["file"]
    if copy["sha256"] != sha256:
        yield f"The record does not say that {copy['file']} was stored."
    if path.is_file() and sha256_of(path) != copy["sha256"]:
        yield f"{copy['file']} is not the page that was stored."


def main():
    faults = [*files(), *record()]
    for fault in faults:
        print("FAULT", fault)
    print("Everything is as it was sent." if not faults else f"{len(faults)} faults.")
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main())
