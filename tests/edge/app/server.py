"""A server of the standard library: it says what it was asked, streams, counts uploads and echoes.

/: the request's headers; /slow?lines=N: a line every tenth of a second; /events: an event, and another after
a GET of /next; POST anywhere: the body's length; /socket: a websocket that sends back what it gets.
"""

import base64
import hashlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

NEXT = threading.Event()
GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        path = urlsplit(self.path).path
        ways = {"/slow": self.slow, "/events": self.events, "/next": self.next, "/socket": self.socket}
        ways.get(path, self.headers_seen)()

    def do_POST(self):
        left = length = int(self.headers["Content-Length"])
        while left:
            left -= len(self.rfile.read(min(left, 1 << 20)))
        self.answer(json.dumps({"length": length}))

    def headers_seen(self):
        self.answer(json.dumps({name.lower(): value for name, value in self.headers.items()}))

    def answer(self, text):
        self.send_response(200)
        self.send_header("X-Robots-Tag", "all")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def begin(self, kind):
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True

    def slow(self):
        self.begin("text/plain")
        for number in range(int(parse_qs(urlsplit(self.path).query)["lines"][0])):
            self.wfile.write(f"line {number}\n".encode())
            self.wfile.flush()
            time.sleep(0.1)

    def events(self):
        self.begin("text/event-stream")
        self.wfile.write(b"data: 0\n\n")
        self.wfile.flush()
        NEXT.wait(60)
        self.wfile.write(b"data: 1\n\n")

    def next(self):
        NEXT.set()
        self.answer("{}")

    def socket(self):
        accept = hashlib.sha1((self.headers["Sec-WebSocket-Key"] + GUID).encode()).digest()
        self.send_response(101)
        self.send_header("Upgrade", "websocket")
        self.send_header("Connection", "Upgrade")
        self.send_header("Sec-WebSocket-Accept", base64.b64encode(accept).decode())
        self.end_headers()
        while frame := self.rfile.read(2):
            length = frame[1] & 0x7F
            mask = self.rfile.read(4)
            body = bytes(byte ^ mask[place % 4] for place, byte in enumerate(self.rfile.read(length)))
            if frame[0] & 0x0F == 8:
                break
            self.wfile.write(bytes([frame[0], length]) + body)
        self.close_connection = True


if __name__ == "__main__":
    print("serving", flush=True)
    ThreadingHTTPServer(("", 8000), Handler).serve_forever()
