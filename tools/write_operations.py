"""Writes what is implemented, as the running code says it, into docs/operations.md and the table in README.md.

    .venv/bin/python tools/write_operations.py [--check]

--check changes nothing and exits 1 when the files are out of date.
"""
import pathlib
import sys

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


def main():
    server = Virga()
    try:
        table, page = documents(server.get("/_virga/operations")["services"])
    finally:
        server.stop()
    readme = (ROOT / "README.md").read_text()
    head, rest = readme.split(BEGIN)
    readme_new = head + BEGIN + "\n" + table + "\n" + END + rest.split(END)[1]
    changed = [
        (path, text)
        for path, text in ((ROOT / "README.md", readme_new), (ROOT / "docs" / "operations.md", page))
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
