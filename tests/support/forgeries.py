"""What a forger, or a bad line, may do to a bundle of evidence once it is unpacked."""

import hashlib
import json
import subprocess


def told(folder):
    """Return the lines of evidence.jsonl."""
    return [json.loads(line) for line in (folder / "evidence.jsonl").read_text().splitlines()]


def change_file(folder):
    path = folder / told(folder)[0]["file"]
    path.write_bytes(path.read_bytes() + b"!")


def add_file(folder):
    (folder / "files" / "0009-more.pdf").write_bytes(b"more")


def lose_file(folder):
    (folder / told(folder)[0]["file"]).unlink()


def rewrite(folder, name, line, change):
    """Change one line of a JSONL file and mend the manifest, as a forger would."""
    lines = (folder / name).read_text().splitlines(keepends=True)
    row = json.loads(lines[line])
    change(row)
    lines[line] = json.dumps(row) + "\n"
    (folder / name).write_text("".join(lines))
    mend(folder)


def mend(folder):
    """Write the manifest anew."""
    lines = (folder / "manifest-sha256.txt").read_text().splitlines()
    names = [line.partition("  ")[2] for line in lines]
    made = subprocess.run(["sha256sum", *names], cwd=folder, capture_output=True, text=True, check=True)
    (folder / "manifest-sha256.txt").write_text(made.stdout)


def forge_item(folder):
    item = told(folder)[0]
    (folder / item["file"]).write_bytes(b"forged")
    sha256 = hashlib.sha256(b"forged").hexdigest()
    rewrite(folder, "evidence.jsonl", 0, lambda row: row.update(sha256=sha256, file_sha256=sha256))


def forge_page(folder):
    item = next(item for item in told(folder) if item["copies"])
    (folder / item["copies"][0]["file"]).write_bytes(b"forged")
    mend(folder)


def forge_page_and_its_line(folder):
    forge_page(folder)
    lines = told(folder)
    line = next(number for number, item in enumerate(lines) if item["copies"])
    forged = [{**copy, "sha256": hashlib.sha256(b"forged").hexdigest()} for copy in lines[line]["copies"]]
    rewrite(folder, "evidence.jsonl", line, lambda row: row.update(copies=forged))


def silence_record(folder):
    forge_item(folder)
    for line in range(len((folder / "custody.jsonl").read_text().splitlines())):
        rewrite(folder, "custody.jsonl", line, lambda row: row.pop("said", None))


def forge_said(folder):
    rewrite(folder, "custody.jsonl", 0, lambda row: row.update(said=row["said"].replace("link", "LINK")))
    rewrite(folder, "custody.jsonl", 0, lambda row: row.update(said=row["said"].replace("file", "FILE")))


def forge_entry(folder):
    rewrite(folder, "custody.jsonl", 1, lambda row: row.update(digest="0" * 64))


def cut_record(folder):
    lines = (folder / "custody.jsonl").read_text().splitlines(keepends=True)
    (folder / "custody.jsonl").write_text("".join(lines[:1] + lines[2:]))
    mend(folder)
