"""A small HTTP/2 client over a raw socket, for tests that must say exactly what goes over the wire."""
import json
import socket
import ssl

import h2.config
import h2.connection
import h2.events

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"


class Http2Client:
    """One connection with prior knowledge, or ALPN when a TLS context is given. Good for several streams at once."""

    def __init__(self, port, tls=None, timeout=20):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=timeout)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if tls:
            tls.set_alpn_protocols(["h2", "http/1.1"])
            self.socket = tls.wrap_socket(self.socket, server_hostname="localhost")
            assert self.socket.selected_alpn_protocol() == "h2"
        self.h2 = h2.connection.H2Connection(h2.config.H2Configuration(header_encoding="utf-8", validate_outbound_headers=False))
        self.h2.initiate_connection()
        self.streams = {}  # id -> {"headers", "body", "ended", "reset", "informational"}
        self.goaway = None
        self.closed = False
        self.flush()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def flush(self):
        data = self.h2.data_to_send()
        if data:
            self.socket.sendall(data)

    def send(self, headers, body=None, end=True):
        """Opens a stream and sends its head, and what body there is; its id."""
        stream = self.h2.get_next_available_stream_id()
        self.streams[stream] = {"headers": None, "body": b"", "ended": False, "reset": None, "informational": []}
        self.h2.send_headers(stream, headers, end_stream=end and not body)
        if body:
            self.write(stream, body, end)
        self.flush()
        return stream

    def write(self, stream, data, end=False):
        """Sends body bytes, waiting for the windows to open."""
        data = memoryview(data)
        while data:
            room = min(self.h2.local_flow_control_window(stream), self.h2.max_outbound_frame_size)
            if room == 0:
                self.flush()
                self.receive()
                continue
            self.h2.send_data(stream, bytes(data[:room]), end_stream=end and room >= len(data))
            data = data[room:]
        self.flush()

    def receive(self, take=True):
        """Reads once. `take`: what arrived counts as read, so that the server may send on."""
        data = self.socket.recv(65536)
        if not data:
            self.closed = True
            return []
        events = self.h2.receive_data(data)
        for event in events:
            stream = self.streams.get(getattr(event, "stream_id", None))
            if isinstance(event, h2.events.ResponseReceived):
                stream["headers"] = dict(event.headers)
            elif isinstance(event, h2.events.InformationalResponseReceived):
                stream["informational"].append(dict(event.headers)[":status"])
            elif isinstance(event, h2.events.DataReceived):
                stream["body"] += event.data
                if take:
                    self.h2.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
            elif isinstance(event, h2.events.StreamEnded):
                stream["ended"] = True
            elif isinstance(event, h2.events.StreamReset):
                stream["reset"] = event.error_code
            elif isinstance(event, h2.events.ConnectionTerminated):
                self.goaway = event.error_code
        self.flush()
        return events

    def wait(self, stream):
        """Until the stream has ended, one way or the other; (status, headers, body)."""
        s = self.streams[stream]
        while not s["ended"] and s["reset"] is None and not self.closed:
            self.receive()
        return int(s["headers"][":status"]) if s["headers"] else None, s["headers"], s["body"]

    def until_closed(self):
        """Reads until the server closes the connection; the error code of its GOAWAY."""
        try:
            while not self.closed:
                self.receive()
        except (ConnectionError, h2.exceptions.ProtocolError):
            self.closed = True
        return self.goaway

    def call(self, account, service, target, body, version="1.0", **more):
        """Sends a JSON API call; its stream."""
        data = json.dumps(body).encode() if not isinstance(body, bytes) else body
        headers = [(":method", "POST"), (":scheme", "http"), (":authority", "localhost"), (":path", "/"), ("content-type", f"application/x-amz-json-{version}"),
                   ("x-amz-target", target), ("content-length", str(len(data))),
                   ("authorization", f"AWS4-HMAC-SHA256 Credential={account}/20260101/us-east-1/{service}/aws4_request, SignedHeaders=host, Signature=0")]
        return self.send(headers + list(more.items()), data)

    def get(self, path, *more):
        return self.send([(":method", "GET"), (":scheme", "http"), (":authority", "localhost"), (":path", path), *more])
