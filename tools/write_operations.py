"""Writes what is implemented, as the running code says it, into docs/operations.md, the table in README.md, and those pages of
docs/services that have a place for it: between "<!-- operations of NAME: begin -->" and "<!-- operations: end -->".

    .venv/bin/python tools/write_operations.py [--check]

--check changes nothing and exits 1 when the files are out of date.
"""
import pathlib
import re
import sys
import textwrap

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from virga_process import Virga  # noqa: E402

BEGIN, END = "<!-- operations: begin (tools/write_operations.py) -->", "<!-- operations: end -->"


def documents(services):
    rows = ["| service | operations | of |", "|---|---|---|"]
    pages = [
        "# Operations\n",
        "Generated from the code by `tools/write_operations.py`. What is not implemented answers HTTP 501 and names itself.\n",
    ]
    for s in services:
        total = len(s["implemented"]) + len(s["missing"])
        rows.append(f"| [{s['name']}](docs/operations.md#{s['service'].replace('.', '')}) | {len(s['implemented'])} | {total} |")
        pages.append(f"## {s['service']}\n")
        pages.append(f"Implemented ({len(s['implemented'])} of {total}): " + (", ".join(s["implemented"]) or "none") + ".\n")
        if s["missing"]:
            pages.append("Not implemented: " + ", ".join(s["missing"]) + ".\n")
    return "\n".join(rows), "\n".join(pages)


def service_page(text, services):
    """The page with its lists of operations brought up to date."""
    lists = {s["service"]: s for s in services}

    def fill(match):
        s = lists[match.group(1)]
        lines = textwrap.fill(", ".join(s["implemented"]) + ".", 135)
        if s["missing"]:
            lines += "\n\n" + textwrap.fill("These answer HTTP 501: " + ", ".join(s["missing"]) + ".", 135)
        return f"<!-- operations of {match.group(1)}: begin -->\n{lines}\n{END}"

    return re.sub(r"<!-- operations of (\S+): begin -->.*?" + re.escape(END), fill, text, flags=re.S)


def main():
    server = Virga()
    try:
        services = server.get("/_virga/operations")["services"]
    finally:
        server.stop()
    table, page = documents(services)
    readme = (ROOT / "README.md").read_text()
    head, rest = readme.split(BEGIN)
    readme_new = head + BEGIN + "\n" + table + "\n" + END + rest.split(END)[1]
    pages = [(path, service_page(path.read_text(), services)) for path in sorted((ROOT / "docs" / "services").glob("*.md"))]
    changed = [
        (path, text)
        for path, text in [(ROOT / "README.md", readme_new), (ROOT / "docs" / "operations.md", page), *pages]
        if not path.exists() or path.read_text() != text
    ]
    if "--check" in sys.argv:
        for path, _ in changed:
            print(f"{path.name} is out of date: run tools/write_operations.py")
        return 1 if changed else 0
    for path, text in changed:
        path.write_text(text)
        print(f"wrote {path.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
