"""HTTP/2 that no library would send, class by class of RFC 9113: an error of the connection, of the one stream, or nothing at all, as the RFC says;
and the emulator lives on."""
import socket
import struct

import pytest

from http2_client import PREFACE
from test_http2 import alive, resident_mb

DATA, HEADERS, PRIORITY, RST_STREAM, SETTINGS, PUSH_PROMISE, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION = range(10)
END_STREAM, ACK, END_HEADERS, PADDED, HAS_PRIORITY = 1, 1, 4, 8, 0x20
PROTOCOL_ERROR, FLOW_CONTROL_ERROR, STREAM_CLOSED, FRAME_SIZE_ERROR, COMPRESSION_ERROR = 1, 3, 5, 6, 9


def frame(kind, flags=0, stream=0, payload=b""):
    return struct.pack(">I", len(payload))[1:] + struct.pack(">BBI", kind, flags, stream) + payload


def fields(*pairs):
    """A header block: literals that are not put in the table."""
    def text(value):
        raw = value.encode("latin-1")
        assert len(raw) < 127
        return bytes([len(raw)]) + raw

    return b"".join(b"\x00" + text(name) + text(value) for name, value in pairs)


GET = ((":method", "GET"), (":scheme", "http"), (":authority", "x"), (":path", "/_virga/health"))
POST = ((":method", "POST"), (":scheme", "http"), (":authority", "x"), (":path", "/"))
HELLO = frame(SETTINGS)
LAST = frame(PING, payload=b"the last")
OPEN = frame(HEADERS, END_HEADERS, 1, fields(*POST))  # stream 1, its body to come
RESET = frame(RST_STREAM, stream=1, payload=struct.pack(">I", 8))
WHOLE = frame(HEADERS, END_HEADERS | END_STREAM, 1, fields(*GET))


def request(*pairs, end=END_STREAM):
    return frame(HEADERS, END_HEADERS | end, 1, fields(*pairs))


def setting(identifier, value):
    return frame(SETTINGS, payload=struct.pack(">HI", identifier, value))


def grow(by, stream=0):
    return frame(WINDOW_UPDATE, stream=stream, payload=struct.pack(">I", by))


def parse(received):
    """(kind, flags, stream, payload) of each whole frame."""
    found = []
    while len(received) >= 9:
        length = int.from_bytes(received[:3], "big")
        found.append((received[3], received[4], int.from_bytes(received[5:9], "big"), received[9:9 + length]))
        received = received[9 + length:]
    return found


def errors_of(virga, *frames):
    """Sends the frames and a ping, reads until it is answered or the server closes: codes of GOAWAY and of resets by stream."""
    with socket.create_connection(("127.0.0.1", virga.port), timeout=20) as connection:
        received = b""
        try:
            connection.sendall(PREFACE + HELLO + b"".join(frames) + LAST)
            while not any(kind == PING and flags & ACK and payload == b"the last" for kind, flags, _, payload in parse(received)):
                piece = connection.recv(65536)
                if not piece:
                    break
                received += piece
        except ConnectionError:
            pass
    gone = [int.from_bytes(payload[4:8], "big") for kind, _, _, payload in parse(received) if kind == GOAWAY]
    reset = {stream: int.from_bytes(payload, "big") for kind, _, stream, payload in parse(received) if kind == RST_STREAM}
    return gone, reset


CONNECTION_ERRORS = {
    # 6: frames on a stream that they do not belong to
    "headers-on-0": (PROTOCOL_ERROR, frame(HEADERS, END_HEADERS | END_STREAM, 0, fields(*GET))),
    "continuation-on-0": (PROTOCOL_ERROR, frame(HEADERS, 0, 1, fields(*GET)), frame(CONTINUATION, END_HEADERS, 0)),
    "priority-on-0": (PROTOCOL_ERROR, frame(PRIORITY, payload=bytes(5))),
    "reset-on-0": (PROTOCOL_ERROR, frame(RST_STREAM, payload=bytes(4))),
    "settings-on-1": (PROTOCOL_ERROR, frame(SETTINGS, stream=1)),
    "ping-on-1": (PROTOCOL_ERROR, frame(PING, stream=1, payload=bytes(8))),
    "goaway-on-1": (PROTOCOL_ERROR, frame(GOAWAY, stream=1, payload=bytes(8))),
    # 5.1: on a stream that is idle
    "reset-on-idle": (PROTOCOL_ERROR, frame(RST_STREAM, stream=1, payload=bytes(4))),
    "window-on-idle": (PROTOCOL_ERROR, grow(1, 1)),
    "continuation-on-idle": (PROTOCOL_ERROR, frame(CONTINUATION, END_HEADERS, 1)),
    # 4.2, 6: lengths
    "reset-of-3": (FRAME_SIZE_ERROR, OPEN, frame(RST_STREAM, stream=1, payload=bytes(3))),
    "priority-of-4": (FRAME_SIZE_ERROR, OPEN, frame(PRIORITY, stream=1, payload=bytes(4))),
    "ping-of-7": (FRAME_SIZE_ERROR, frame(PING, payload=bytes(7))),
    "ping-of-9": (FRAME_SIZE_ERROR, frame(PING, payload=bytes(9))),
    "settings-ack-with-payload": (FRAME_SIZE_ERROR, frame(SETTINGS, ACK, payload=bytes(6))),
    "settings-of-7": (FRAME_SIZE_ERROR, frame(SETTINGS, payload=bytes(7))),
    "window-of-3": (FRAME_SIZE_ERROR, frame(WINDOW_UPDATE, payload=bytes(3))),
    "goaway-of-7": (FRAME_SIZE_ERROR, frame(GOAWAY, payload=bytes(7))),
    "headers-without-room-for-priority": (FRAME_SIZE_ERROR, frame(HEADERS, END_HEADERS | HAS_PRIORITY, 1, bytes(4))),
    "data-above-max-frame": (FRAME_SIZE_ERROR, OPEN, frame(DATA, 0, 1, bytes(16385))),
    # 6.1, 6.2: padding
    "data-all-padding": (PROTOCOL_ERROR, OPEN, frame(DATA, PADDED, 1, b"\x05abcd")),
    "headers-all-padding": (PROTOCOL_ERROR, frame(HEADERS, END_HEADERS | PADDED, 1, b"\x09abcd")),
    # 6.5.2: values of settings
    "push-2": (PROTOCOL_ERROR, setting(2, 2)),
    "window-2^31": (FLOW_CONTROL_ERROR, setting(4, 2**31)),
    "frame-16383": (PROTOCOL_ERROR, setting(5, 16383)),
    "frame-2^24": (PROTOCOL_ERROR, setting(5, 2**24)),
    # 6.9: windows
    "grow-by-0": (PROTOCOL_ERROR, grow(0)),
    "overflow": (FLOW_CONTROL_ERROR, grow(2**31 - 1)),
    # 6.10: a header block is one piece
    "other-stream-in-block": (PROTOCOL_ERROR, frame(HEADERS, 0, 1, fields(*GET)), frame(HEADERS, END_HEADERS, 3, fields(*GET))),
    "continuation-of-other": (PROTOCOL_ERROR, frame(HEADERS, 0, 1, fields(*GET)), frame(CONTINUATION, END_HEADERS, 3)),
    "unknown-frame-in-block": (PROTOCOL_ERROR, frame(HEADERS, 0, 1, fields(*GET)), frame(0x16, 0, 1, b"x")),
    "continuation-after-end": (PROTOCOL_ERROR, OPEN, frame(CONTINUATION, END_HEADERS, 1)),
    # 4.3, RFC 7541: what cannot be decoded
    "index-0": (COMPRESSION_ERROR, frame(HEADERS, END_HEADERS, 1, b"\x80")),
    "index-of-nothing": (COMPRESSION_ERROR, frame(HEADERS, END_HEADERS, 1, b"\xff\x80\x01")),
    "literal-cut-off": (COMPRESSION_ERROR, frame(HEADERS, END_HEADERS, 1, b"\x00\x05ab")),
    "table-too-large": (COMPRESSION_ERROR, frame(HEADERS, END_HEADERS, 1, b"\x3f\xe2\x1f" + fields(*GET))),
    "table-size-at-the-end": (COMPRESSION_ERROR, frame(HEADERS, END_HEADERS, 1, fields(*GET) + b"\x20")),
    "huffman-padded-by-a-byte": (COMPRESSION_ERROR, frame(HEADERS, END_HEADERS, 1, b"\x00\x82\xff\xff\x01x")),
    # 8.4: clients do not push
    "push": (PROTOCOL_ERROR, OPEN, frame(PUSH_PROMISE, END_HEADERS, 1, struct.pack(">I", 2) + fields(*GET))),
}


@pytest.mark.parametrize("case", CONNECTION_ERRORS)
def test_errors_of_the_connection(virga, case):
    code, *frames = CONNECTION_ERRORS[case]
    gone, _ = errors_of(virga, *frames)
    assert gone[-1:] == [code]
    alive(virga)


TRAILER = frame(HEADERS, END_HEADERS | END_STREAM, 1, fields((":path", "/")))
MALFORMED = {
    # 8.2: names and values
    "uppercase-name": request(*GET, ("X-Name", "v")),
    "space-in-name": request(*GET, ("x name", "v")),
    "empty-name": request(*GET, ("", "v")),
    "line-end-in-value": request(*GET, ("x-a", "1\r\nx-b: 2")),
    "nul-in-value": request(*GET, ("x-a", "1\x002")),
    # 8.2.2: fields of the connection
    "connection": request(*GET, ("connection", "keep-alive")),
    "keep-alive": request(*GET, ("keep-alive", "1")),
    "proxy-connection": request(*GET, ("proxy-connection", "keep-alive")),
    "upgrade": request(*GET, ("upgrade", "h2c")),
    "transfer-encoding": request(*POST, ("transfer-encoding", "chunked")),
    "te": request(*GET, ("te", "gzip")),
    # 8.3: pseudo-fields
    "no-method": request(*GET[1:]),
    "no-scheme": request(GET[0], *GET[2:]),
    "no-path": request(*GET[:3]),
    "empty-path": request(*GET[:3], (":path", "")),
    "path-twice": request(*GET, GET[3]),
    "unknown-pseudo": request(*GET, (":nonsense", "1")),
    "of-a-response": request(*GET, (":status", "200")),
    "pseudo-after-others": request(*GET[:3], ("x-a", "1"), GET[3]),
    "pseudo-in-trailers": OPEN + TRAILER,
    "connect-with-path": request((":method", "CONNECT"), *GET[1:]),
    # 8.1: messages
    "trailers-do-not-end": OPEN + frame(HEADERS, END_HEADERS, 1, fields(("x-a", "1"))),
    "body-too-long": request(*POST, ("content-length", "2"), end=0) + frame(DATA, END_STREAM, 1, b"abc"),
    "body-too-short": request(*POST, ("content-length", "2"), end=0) + frame(DATA, END_STREAM, 1, b"a"),
    "no-body-but-a-length": request(*POST, ("content-length", "2")),
    "length-is-no-number": request(*POST, ("content-length", "two")),
    "two-lengths": request(*POST, ("content-length", "2"), ("content-length", "3")),
}


@pytest.mark.parametrize("case", MALFORMED)
def test_a_malformed_message_is_an_error_of_its_stream(virga, case):
    """Never answered, and the other streams of the connection go on."""
    another = frame(HEADERS, END_HEADERS | END_STREAM, 3, fields(*GET))
    assert errors_of(virga, MALFORMED[case], another) == ([], {1: PROTOCOL_ERROR})
    alive(virga)


# The RFC lets a server choose the harder one; "overflow-by-settings" ought to be the connection's, and the library makes it the stream's.
STREAM_OR_CONNECTION = {
    "data-after-the-end": (STREAM_CLOSED, WHOLE, frame(DATA, 0, 1, b"x")),
    "headers-after-the-end": (STREAM_CLOSED, WHOLE, frame(HEADERS, END_HEADERS | END_STREAM, 1, fields(*GET))),
    "stream-grows-by-0": (PROTOCOL_ERROR, OPEN, grow(0, 1)),
    "stream-overflow": (FLOW_CONTROL_ERROR, OPEN, grow(2**31 - 1, 1)),
    "overflow-by-settings": (FLOW_CONTROL_ERROR, OPEN, grow(2**31 - 65536, 1), setting(4, 65536)),
    "depends-on-itself": (PROTOCOL_ERROR, frame(HEADERS, END_HEADERS | END_STREAM | HAS_PRIORITY, 1, struct.pack(">IB", 1, 15) + fields(*GET))),
    "priority-on-itself": (PROTOCOL_ERROR, OPEN, frame(PRIORITY, stream=1, payload=struct.pack(">IB", 1, 15))),
}


@pytest.mark.parametrize("case", STREAM_OR_CONNECTION)
def test_errors_of_a_stream_or_of_the_connection(virga, case):
    code, *frames = STREAM_OR_CONNECTION[case]
    gone, reset = errors_of(virga, *frames)
    assert code in [*gone[-1:], reset.get(1)]
    alive(virga)


IGNORED = {
    "unknown-frame": frame(0x16, 0xFF, 7, b"what is this"),
    "unknown-setting": setting(0x99, 1),
    "unknown-flags": frame(PING, 0xFE, 0, bytes(8)),
    "reserved-bit": frame(PING, 0, 1 << 31, bytes(8)),
    "settings-ack": frame(SETTINGS, ACK),
    "priority-on-idle": frame(PRIORITY, stream=9, payload=struct.pack(">IB", 0, 15)),
    "empty-continuations": frame(HEADERS, END_STREAM, 1, fields(*GET)) + frame(CONTINUATION, 0, 1) + frame(CONTINUATION, END_HEADERS, 1),
    "a-block-in-pieces": frame(HEADERS, END_STREAM, 1, fields(*GET)[:5]) + frame(CONTINUATION, END_HEADERS, 1, fields(*GET)[5:]),
    "padding": frame(HEADERS, END_HEADERS | END_STREAM | PADDED, 1, b"\x03" + fields(*GET) + bytes(3)),
    "te-trailers": request(*GET, ("te", "trailers")),
    "largest-frame": OPEN + frame(DATA, END_STREAM, 1, bytes(16384)),
    "window-of-0": setting(4, 0),
    "table-of-0": setting(1, 0) + WHOLE,
    "largest-window": grow(2**31 - 1 - 65535),
    # Streams that are closed are not remembered, so that these are taken for late. Their bytes count in no window: more than the connection's.
    "data-after-reset": OPEN + RESET + frame(DATA, 0, 1, bytes(16384)) * 300,
    "headers-after-reset": OPEN + RESET + frame(HEADERS, END_HEADERS | END_STREAM, 1, fields(("x-a", "1"))),
    "lower-stream": frame(HEADERS, END_HEADERS | END_STREAM, 5, fields(*GET)) + frame(HEADERS, END_HEADERS | END_STREAM, 3, fields(*GET)),
}


@pytest.mark.parametrize("case", IGNORED)
def test_what_is_allowed_or_to_be_ignored(virga, case):
    assert errors_of(virga, IGNORED[case]) == ([], {})


FLOODS = {
    "empty-data": (OPEN, frame(DATA, 0, 1)),
    "padding-only": (OPEN, frame(DATA, PADDED, 1, b"\x00")),
    "windows": (OPEN, grow(1)),
    "priorities": (OPEN, frame(PRIORITY, stream=3, payload=struct.pack(">IB", 0, 15))),
    "unknown": (OPEN, frame(0x16, 0, 1)),
    "empty-continuations": (frame(HEADERS, 0, 1, fields(*GET)), frame(CONTINUATION, 0, 1)),
    "table-sizes": (b"", setting(1, 0)),
}


@pytest.mark.parametrize("case", FLOODS)
def test_floods_of_small_frames(virga, case):
    """Taken or refused, they neither stop the server nor make it grow."""
    first, repeated = FLOODS[case]
    before = resident_mb(virga)
    with socket.create_connection(("127.0.0.1", virga.port), timeout=2) as connection:
        try:
            connection.sendall(PREFACE + HELLO + first)
            for _ in range(40):
                connection.sendall(repeated * 5_000)
        except (ConnectionError, socket.timeout):
            pass  # closed, or the server reads no more
        assert resident_mb(virga) < before + 32
    alive(virga)


@pytest.mark.parametrize("fault", [grow(0, 1), grow(2**31 - 1, 1), frame(PRIORITY, stream=1, payload=struct.pack(">IB", 1, 15))], ids=["grow-by-0", "overflow", "priority"])
def test_streams_that_the_server_is_made_to_reset(virga, fault):
    """CVE-2025-8671: a stream after the other, each with a frame for which the server has to reset it while its handler is at work."""
    before = resident_mb(virga)
    frames = []
    for i in range(20_000):
        stream = struct.pack(">I", 2 * i + 1)
        head = frame(HEADERS, END_HEADERS | END_STREAM, 2 * i + 1, fields(*GET))
        payload = fault[9:9 + 4] if fault[3] == WINDOW_UPDATE else stream + fault[13:]
        frames.append(head + frame(fault[3], 0, 2 * i + 1, payload))
    with socket.create_connection(("127.0.0.1", virga.port), timeout=5) as connection:
        try:
            connection.sendall(PREFACE + HELLO + b"".join(frames))
        except (ConnectionError, socket.timeout):
            pass
        assert resident_mb(virga) < before + 32
    alive(virga)
