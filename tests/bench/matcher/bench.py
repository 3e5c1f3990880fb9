"""The matcher beside event-ruler, in one run: 200,000 synthetic events of about 900 bytes, shaped like city land parcels, and five
rules of each kind. Then virga's own rate with 10, 1,000 and 100,000 rules.

    .venv/bin/python tests/bench/run.py matcher

Needs java, maven (event-ruler comes from Maven Central) and the target virga_matcher_bench.
"""
import json
import os
import pathlib
import random
import subprocess
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
EVENTS = int(os.environ.get("BENCH_EVENTS", "200000"))
STREETS = ["UNKNOWN", "JEFFERSON", "MARKET", "MISSION", "FULTON", "GEARY", "VALENCIA", "SACRAMENTO", "UNION", "LOMBARD"]


def parcel(chance, number):
    block, lot = number // 60, number % 60 + 1
    x, y = -122.5 + chance.random() / 10, 37.7 + chance.random() / 10
    points = [{"x": x + chance.random() / 1000, "y": y + chance.random() / 1000, "z": 0} for _ in range(chance.randint(8, 12))]
    name = f"{block:04}{lot:03}"
    return {
        "type": "Feature",
        "properties": {
            "MAPBLKLOT": name, "BLKLOT": name, "BLOCK_NUM": f"{block:04}", "LOT_NUM": f"{lot:03}", "FROM_ST": str(chance.randint(1, 4000)),
            "TO_ST": str(chance.randint(1, 4000)), "STREET": chance.choice(STREETS), "ST_TYPE": chance.choice(["ST", "AVE", None]), "ODD_EVEN": chance.choice("EO"),
        },
        "geometry": {"type": "Polygon", "firstCoordinates": points[0], "coordinates": [points]},
    }  # fmt: skip


def rules(events):
    """Five of each kind; what they look for is in some of the events."""
    pick = [events[i * len(events) // 6] for i in range(1, 6)]
    lots = [e["properties"]["MAPBLKLOT"] for e in pick]
    field = lambda value: {"properties": {"MAPBLKLOT": [value]}}  # noqa: E731
    point = lambda e, n: {axis: [{"numeric": ["=", e["geometry"]["coordinates"][0][n][axis]]}] for axis in "xy"}  # noqa: E731
    return {
        "exact": [field(lot) for lot in lots],
        "prefix": [field({"prefix": lot[:6]}) for lot in lots],
        "suffix": [field({"suffix": lot[3:]}) for lot in lots],
        "ignore-case": [{"properties": {"STREET": [{"equals-ignore-case": street.capitalize()}]}} for street in STREETS[1:6]],
        "wildcard": [field({"wildcard": f"{lot[:2]}*{lot[4:5]}*{lot[-1]}"}) for lot in lots],
        "anything-but": [{"properties": {"STREET": [{"anything-but": STREETS[i : i + 3]}], "ODD_EVEN": ["E"]}} for i in range(5)],
        "numeric": [{"geometry": {"type": ["Polygon"], "firstCoordinates": {"x": [{"numeric": ["=", e["geometry"]["firstCoordinates"]["x"]]}]}}} for e in pick],
        "complex arrays": [{"geometry": {"type": ["Polygon"], "coordinates": point(e, i)}} for i, e in enumerate(pick)],
    }


def table(output):
    return {name: (float(rate), int(matched)) for name, rate, matched in (line.split("\t") for line in output.splitlines())}


def run(*command, **more):
    return subprocess.run([str(c) for c in command], check=True, capture_output=True, text=True, **more).stdout


def event_ruler(folder, events, patterns):
    run("mvn", "-q", "-B", "-f", HERE / "pom.xml", "dependency:copy-dependencies", f"-DoutputDirectory={folder}/jars", cwd=folder)
    run("javac", "-cp", f"{folder}/jars/*", "-d", folder, HERE / "RulerBench.java")
    return table(run("java", "-XX:+UseSerialGC", "-Xmx2g", "-cp", f"{folder}/jars/*:{folder}", "RulerBench", events, patterns))


def bench(program):
    chance = random.Random(1)
    with tempfile.TemporaryDirectory() as folder:
        parcels = [parcel(chance, n) for n in range(EVENTS)]
        events, patterns = pathlib.Path(folder, "events"), pathlib.Path(folder, "rules")
        lines = [json.dumps(p, separators=(",", ":")) for p in parcels]
        events.write_text("\n".join(lines) + "\n")
        patterns.write_text("".join(f"{kind}\t{json.dumps(rule)}\n" for kind, five in rules(parcels).items() for rule in five))
        print(f"matcher: {EVENTS:,} events of {sum(map(len, lines)) // EVENTS} bytes, single thread, events per second of processor time")
        ours, theirs = table(run(program, "events", events, patterns)), event_ruler(folder, events, patterns)
        for kind, (rate, matched) in ours.items():
            assert matched == theirs[kind][1], (kind, matched, theirs[kind])
            print(f"matcher: {kind}: {rate:,.0f}/s, event-ruler {theirs[kind][0]:,.0f}/s, ratio {rate / theirs[kind][0]:.1f} ({matched} matches)", flush=True)
    for line in run(program, "scale").splitlines():
        count, rate, ratio, median, worst = line.split("\t")
        print(f"matcher: {int(count):,} rules: {float(rate):,.0f}/s, {ratio} of the first; put or remove: median {median} us, worst {worst} us")
