"""PutEvents to a bus of 10 rules and to one of many: does it cost more when there are more rules that do not match?"""
import json
import statistics
import time

from bus import ACCOUNT, Wire
from virga_process import Virga


def pattern(n):
    return json.dumps({"source": ["shop"], "detail": {"customer": [f"customer-{n}"]}})


def fill(server, bus, rules):
    """Puts the rules; seconds."""
    wire = Wire(server, "events", "AWSEvents.CreateEventBus", {"Name": bus})
    wire()
    wire = Wire(server, "events", "AWSEvents.PutRule", {})
    began = time.perf_counter()
    for n in range(rules):
        wire.body = json.dumps({"Name": f"r{n}", "EventBusName": bus, "EventPattern": pattern(n)})
        wire()
    return time.perf_counter() - began


def median_ms(put, rounds):
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        put()
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


def bench(most=100_000, rounds=2000, turns=5):
    server = Virga()
    try:
        server.post("/_virga/bus/settings", {"account": ACCOUNT, "rules_per_bus": most})
        puts = {}
        for rules in (10, 1000, most):
            seconds = fill(server, f"bus-{rules}", rules)
            detail = json.dumps({"customer": "customer-7", "text": "x" * 200})
            entry = {"EventBusName": f"bus-{rules}", "Source": "shop", "DetailType": "Order", "Detail": detail}
            puts[rules] = Wire(server, "events", "AWSEvents.PutEvents", {"Entries": [entry]})
            print(f"rules: {rules} put in {seconds:.1f} s, {seconds / rules * 1000:.2f} ms each")
        # In turns, so that what else the machine does falls on all of them.
        medians = {rules: [] for rules in puts}
        for _ in range(turns):
            for rules, put in puts.items():
                medians[rules].append(median_ms(put, rounds // turns))
        few = statistics.median(medians[10])
        for rules, values in medians.items():
            p50 = statistics.median(values)
            print(f"rules: PutEvents to a bus of {rules}, one of which matches: p50 {p50:.3f} ms, {p50 / few:.2f} of that with 10 rules")
    finally:
        server.stop()
