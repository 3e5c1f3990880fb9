#!/usr/bin/env python3
"""Turns one API model into the read-only C++ tables of apis/protocol/model.hpp. Runs at build time, standard library only.

    generate_tables.py MODEL.json OUT.cpp       tables of a committed model, reached by virga::models::<function>()
    generate_tables.py --vectors FOLDER OUT.cpp tables of every suite of the public protocol vectors, for the tests
"""
import json
import pathlib
import sys

KINDS = {"structure": "structure", "list": "list", "map": "map", "string": "string", "character": "string", "blob": "blob", "boolean": "boolean",
         "integer": "integer", "long": "long_", "float": "float_", "double": "double_", "timestamp": "timestamp"}
TIMES = {None: "unset", "unixTimestamp": "epoch_seconds", "iso8601": "iso8601", "rfc822": "http_date"}
LOCATIONS = {None: "body", "uri": "uri", "querystring": "query_string", "header": "header", "headers": "headers", "statusCode": "status_code"}
NONE = "n"


class Tables:
    """The tables of one service. Equal strings are stored once; everything refers by offset or index."""

    def __init__(self, model):
        self.model = model
        self.meta = model["metadata"]
        self.text = bytearray()
        self.offsets = {}
        self.string("")
        self.members, self.string_lists, self.shape_lists, self.limits = [], [], [], [None]
        self.shape_index = {n: i for i, n in enumerate(sorted(model["shapes"]))}
        self.protocols = self.protocol_names()
        self.constrained = self.constrained_shapes()
        self.shapes = [self.shape(n, model["shapes"][n]) for n in self.shape_index]
        self.operations = [self.operation(n, model["operations"][n]) for n in sorted(model["operations"])]
        for rows in (self.text, self.shapes, self.members, self.string_lists, self.shape_lists, self.limits):
            if len(rows) >= 0xffff:
                raise SystemExit(f"{model.get('id')}: too large for tables with 16-bit references (model.hpp: Ref)")

    def constrained_shapes(self):
        """The shapes that have a constraint, or reach one."""
        shapes = self.model["shapes"]
        own = {"pattern", "min", "max", "enum"}
        found = {n for n, s in shapes.items() if own & s.keys() or s.get("required")}
        users = {}
        for n, s in shapes.items():
            for ref in [*s.get("members", {}).values(), *(s[p] for p in ("member", "key", "value") if p in s)]:
                users.setdefault(ref["shape"], set()).add(n)
        work = list(found)
        while work:
            for user in users.get(work.pop(), ()):
                if user not in found:
                    found.add(user)
                    work.append(user)
        return found

    def string(self, s):
        if s not in self.offsets:
            self.offsets[s] = len(self.text)
            self.text += s.encode() + b"\0"
        return self.offsets[s]

    def optional(self, s):
        return NONE if s is None else self.string(s)

    def protocol_names(self):
        # The first is the one that is answered with when a request does not tell.
        json_version = "json_1_1" if self.meta.get("jsonVersion") == "1.1" else "json_1_0"
        names = {"json": [json_version], "query": ["query"], "rest-json": ["rest_json"], "rest-xml": ["rest_xml"],
                 "smithy-rpc-v2-cbor": ["rpc_v2_cbor"], "ec2": ["ec2"]}
        listed = [self.meta["protocol"]] + [p for p in self.meta.get("protocols", []) if p != self.meta["protocol"]]
        out = [n for p in listed for n in names[p]]
        if json_version in out:  # the real front ends accept both versions
            out += [v for v in ("json_1_0", "json_1_1") if v not in out]
        return out

    def wire_name(self, name, member):
        return member.get("locationName", name)

    def query_name(self, name, member):
        if self.meta["protocol"] == "ec2":
            if "queryName" in member:
                return member["queryName"]
            wire = self.wire_name(name, member)
            return wire[:1].upper() + wire[1:]
        return member.get("queryName", self.wire_name(name, member))

    def member(self, name, member, owner, required=False, payload=False, default=None):
        shape = self.model["shapes"][member["shape"]]
        wire = self.wire_name(default if default is not None else name, member)
        query = self.query_name(default if default is not None else name, member)
        namespace = member.get("xmlNamespace", shape.get("xmlNamespace")) or {}
        if isinstance(namespace, str):
            namespace = {"uri": namespace}
        location = "payload" if payload else LOCATIONS[member.get("location")]
        header = location in ("header", "headers")
        time = member.get("timestampFormat", shape.get("timestampFormat"))
        if time is None and header:
            time = "rfc822"
        flags = [required, bool(member.get("flattened", shape.get("flattened", False))), bool(member.get("xmlAttribute")),
                 bool(member.get("streaming", shape.get("streaming", False))), bool(member.get("idempotencyToken")),
                 bool(member.get("hostLabel")), bool(member.get("eventpayload")), bool(member.get("eventheader")),
                 bool(member.get("jsonvalue", shape.get("jsonvalue", False)))]
        self.members.append([self.string(name), self.string(wire), self.string(query), self.shape_index[member["shape"]],
                             self.optional(namespace.get("uri")), self.optional(namespace.get("prefix")),
                             f"L::{location}", f"T::{TIMES[time]}"] + flags)

    def shape(self, name, s):
        first = len(self.members)
        if s["type"] == "structure":
            required = set(s.get("required", []))
            for n, m in s["members"].items():
                self.member(n, m, s, n in required, s.get("payload") == n)
        elif s["type"] == "list":
            self.member("member", s["member"], s)
        elif s["type"] == "map":
            self.member("key", s["key"], s)
            self.member("value", s["value"], s)
        first_enum = len(self.string_lists)
        self.string_lists += [self.string(v) for v in s.get("enum", [])]
        error = s.get("error", {})
        namespace = s.get("xmlNamespace") or {}
        if isinstance(namespace, str):
            namespace = {"uri": namespace}
        flags = [bool(s.get("exception", False)), bool(error.get("senderFault", False)), bool(s.get("document", False)), bool(s.get("union", False)),
                 bool(s.get("eventstream", False)), bool(s.get("flattened", False)), bool(s.get("wrapper", False)),
                 bool(s.get("streaming", False)), bool(s.get("sensitive", False)), bool(s.get("sparse", False)), bool(s.get("fault", False)), name in self.constrained]
        return [self.string(name), first, first_enum, self.optional(s.get("pattern")), self.limit(s.get("min")), self.limit(s.get("max")),
                self.optional(error.get("code")), len(self.members) - first, len(s.get("enum", [])), len(s.get("required", [])),
                self.optional(namespace.get("uri")), self.optional(s.get("locationName")), error.get("httpStatusCode", 0), f"K::{KINDS[s['type']]}",
                f"T::{TIMES[s.get('timestampFormat')]}"] + flags

    def limit(self, v):
        v = None if v is None else int(v)
        if v not in self.limits:
            self.limits.append(v)
        return self.limits.index(v)

    def operation(self, name, o):
        http, given, output = o.get("http", {}), o.get("input", {}), o.get("output", {})
        errors = [e["shape"] if isinstance(e, dict) else e for e in o.get("errors", [])]
        first = len(self.shape_lists)
        self.shape_lists += [self.shape_index[e] for e in errors]
        namespace = given.get("xmlNamespace", {})
        if isinstance(namespace, str):
            namespace = {"uri": namespace}
        return [self.string(name), self.string(http.get("method", "POST")), self.string(http.get("requestUri", "/")),
                self.optional(o.get("endpoint", {}).get("hostPrefix")),
                self.shape_index[given["shape"]] if given else NONE, self.shape_index[output["shape"]] if output else NONE,
                self.optional(output.get("resultWrapper")), first, len(errors), http.get("responseCode", 0),
                bool(o.get("unsignedPayload")), bool(o.get("httpChecksum", {}).get("requestChecksumRequired")), "locationName" in given,
                self.optional(given.get("locationName")), self.optional(namespace.get("uri")), self.optional(output.get("locationName"))]

    def service(self):
        m = self.meta
        prefix = m.get("endpointPrefix", "")
        strings = [self.model.get("id", prefix), prefix, m.get("signingName", prefix), m.get("targetPrefix", ""), m.get("apiVersion", "")]
        namespace = m.get("xmlNamespace")
        bits = " | ".join(f"1u << static_cast<unsigned>(P::{p})" for p in self.protocols)
        return [len(self.shapes), len(self.operations)] + [self.string(s) for s in strings] + [
            self.optional(namespace.get("uri") if isinstance(namespace, dict) else namespace), self.string(m.get("serviceId", "")),
            f"P::{self.protocols[0]}", bits, "awsQueryCompatible" in m]


def cell(v):
    return ("true" if v else "false") if isinstance(v, bool) else str(v)


def literal(text):
    lines, line = [], ""
    for b in text:
        c = {0: "\\0", 34: '\\"', 92: "\\\\"}.get(b) or (chr(b) if 32 <= b < 127 and b != 63 else f"\\{b:03o}")
        if c == "\\0":
            c = "\\000"
        line += c
        if len(line) > 120:
            lines.append(line)
            line = ""
    lines.append(line)
    return "\n".join(f'    "{l}"' for l in lines)


def emit(tables, name, body):
    service = tables.service()
    out = [f"namespace {name} {{", "constexpr char strings[] =", literal(tables.text) + ";"]

    def table(type, what, rows):
        rows = rows or [[]]
        out.append(f"constexpr {type} {what}[] = {{")
        out.extend("    {" + ",".join(cell(c) for c in r) + "}," for r in rows)
        out.append("};")

    def numbers(type, what, values):
        out.append(f"constexpr {type} {what}[] = {{{','.join(map(str, values or [0]))}}};")

    table("ShapeData", "shapes", tables.shapes)
    table("MemberData", "members", tables.members)
    table("OperationData", "operations", tables.operations)
    numbers("Ref", "string_lists", tables.string_lists)
    numbers("Ref", "shape_lists", tables.shape_lists)
    numbers("std::int64_t", "limits", ["no_limit" if v is None else f"{v}ll" for v in tables.limits])
    fields = ", ".join(cell(c) for c in service)
    out.append(f"constexpr ServiceData data = {{strings, shapes, members, operations, string_lists, shape_lists, limits, {fields}}};")
    out.append(body)
    out.append(f"}}  // namespace {name}")
    return "\n".join(out)


HEAD = """// Generated by apis/protocol/generate_tables.py from {source}. Do not edit.
#include "apis/protocol/model.hpp"
{includes}
#pragma GCC diagnostic ignored "-Woverlength-strings"
#pragma GCC diagnostic ignored "-Wpedantic"

namespace virga::models {{
namespace {{
using namespace model;
using K = Kind;
using T = TimeFormat;
using L = Location;
using P = Protocol;
constexpr Ref n = none;
"""


def write_model(path, out):
    model = json.loads(path.read_text(encoding="utf-8"))
    text = HEAD.format(source=path.name, includes='#include "apis/protocol/models.hpp"')
    text += emit(Tables(model), "tables", "constexpr Service service{data};") + "\n}  // namespace\n\n"
    text += f"const model::Service& {model['function']}() {{ return tables::service; }}\n\n}}  // namespace virga::models\n"
    out.write_text(text, encoding="utf-8")


def suite_model(suite):
    """A suite of the vectors as a model: its operations are given per case, and their names may repeat with other shapes."""
    operations, shapes = {}, dict(suite["shapes"])
    for i, case in enumerate(suite["cases"]):
        given = dict(case["given"])
        given["errors"] = given.get("errors", [])
        operations[f"case{i}"] = given
    return {"metadata": suite["metadata"], "id": suite["metadata"].get("serviceId", "suite"), "operations": operations, "shapes": shapes}


def write_vectors(folder, out):
    text = HEAD.format(source="the protocol vectors", includes="#include <array>")
    names = []
    for direction in ("input", "output"):
        for path in sorted((folder / direction).glob("*.json")):
            for i, suite in enumerate(json.loads(path.read_text(encoding="utf-8"))):
                name = f"{direction}_{path.stem}_{i}".replace("-", "_")
                text += emit(Tables(suite_model(suite)), name, "constexpr Service service{data};") + "\n"
                names.append((f"{direction}/{path.name}#{i}", name))
    entries = "\n".join(f'    if (key == "{k}") return &{n}::service;' for k, n in names)
    text += "}  // namespace\n\n// The tables of a suite: \"input/json.json#3\"; its operations are named case0, case1, ...\n"
    text += f"const model::Service* vector_suite(std::string_view key) {{\n{entries}\n    return nullptr;\n}}\n\n}}  // namespace virga::models\n"
    out.write_text(text, encoding="utf-8")


def main():
    if sys.argv[1] == "--vectors":
        write_vectors(pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3]))
    else:
        write_model(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))


if __name__ == "__main__":
    main()
