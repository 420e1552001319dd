#!/usr/bin/env python3
"""Fails if a crate is compiled in, on any system, without its licence in assets/licences.txt. With --write it is
added, and what has left the lock file is removed; texts come from the crates themselves. (That a licence stays whose
crate has gone is found by a unit test.)"""
import json
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
FILE = ROOT / "assets/licences.txt"
TARGETS = ["x86_64-unknown-linux-gnu", "x86_64-pc-windows-gnu", "aarch64-apple-darwin"]
# Of a choice of licences, the first one of these is taken.
PREFERRED = {
    "MIT": ("MIT License", ["LICENSE-MIT*", "LICENCE-MIT*", "LICENSE_MIT*", "license-mit*", "LICENSE*", "license*", "COPYING*"]),
    "Zlib": ("zlib License", ["LICENSE-ZLIB*", "LICENSE*"]),
    "BSL-1.0": ("Boost Software License 1.0", ["LICENSE*", "license*"]),
    "Apache-2.0": ("Apache License 2.0", ["LICENSE-APACHE*", "LICENSE*"]),
}


def cargo(*arguments):
    return subprocess.run(["cargo", *arguments], cwd=ROOT, check=True, capture_output=True, text=True).stdout


def compiled_in():
    """"NAME VERSION" of every crate that ends up in the program; what only runs at build time does not."""
    found = set()
    for target in TARGETS:
        tree = cargo("tree", "--locked", "--edges", "normal", "--prefix", "none", "--target", target)
        for line in tree.splitlines():
            if "(proc-macro)" not in line and not line.startswith("fragalysis-desktop "):
                name, version = line.split()[:2]
                found.add(f"{name} {version[1:]}")
    return found


def add(sections, package, packages):
    """Adds one crate: with the licence text from its folder, or to the section of a crate from the same makers."""
    words = re.split(r"\W* (?:OR|AND) \W*|/", package["license"].strip("()"))
    name = f"{package['name']} {package['version']}"
    folder = pathlib.Path(package["manifest_path"]).parent
    for licence, (title, patterns) in PREFERRED.items():
        texts = [file for pattern in patterns for file in sorted(folder.glob(pattern)) if file.is_file()]
        if licence in words and texts:
            text = texts[0].read_text(errors="replace").strip("\n")
            return sections.append(f"=== {title}\nOf {name}\n\n{text}\n\n\n")
    for other in packages:
        is_kin = any(other[key] and other[key] == package[key] for key in ["repository", "authors"])
        for at, one in enumerate(sections if is_kin else []):
            if f"{other['name']} {other['version']}" in crates(one):
                sections[at] = one.replace("\nOf ", f"\nOf {name}, ", 1)
                return None
    sys.exit(f"{name} ({package['license']}): add its text to {FILE.name} by hand")


def has_text(package):
    return any(pathlib.Path(package["manifest_path"]).parent.glob("[Ll][Ii][Cc][Ee]*"))


def crates(text):
    """What the lines "Of NAME VERSION, NAME VERSION" list."""
    return {crate for of in re.findall(r"^Of (.*)$", text, flags=re.M) for crate in of.split(", ")}


def without_gone(section, locked):
    """The section with only those crates that are in the lock file; None if none of them is."""
    kept = [crate for crate in re.search(r"^Of (.*)$", section, flags=re.M).group(1).split(", ") if crate in locked]
    return re.sub(r"^Of .*$", lambda _: "Of " + ", ".join(kept), section, count=1, flags=re.M) if kept else None


def main():
    text = FILE.read_text()
    wanted = compiled_in()
    missing = sorted(wanted - crates(text))
    if "--write" not in sys.argv:
        print(f"{len(wanted)} crates are compiled in; without a licence: {missing or 'none'}")
        sys.exit(1 if missing else 0)
    packages = json.loads(cargo("metadata", "--locked", "--format-version", "1"))["packages"]
    by_name = {f"{one['name']} {one['version']}": one for one in packages}
    head, *sections = re.split(r"^(?==== )", text.rstrip("\n") + "\n\n\n", flags=re.M)
    # Those with a text of their own first: the others may be kin of one of them.
    for crate in sorted(missing, key=lambda crate: not has_text(by_name[crate])):
        add(sections, by_name[crate], packages)
    sections = [kept for one in sections if (kept := without_gone(one, by_name))]
    sections.sort(key=lambda one: one.split("\n", 1)[0].lower())
    FILE.write_text(head + "".join(sections))


main()
