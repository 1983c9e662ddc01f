"""Answers anything with 200, and writes what it is told to: /say?TEXT."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        parts = urlsplit(self.path)
        if parts.path == "/say":
            print(unquote(parts.query), flush=True)
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args):
        pass


print("\x1b[32mINFO\x1b[0m web is ready", flush=True)
ThreadingHTTPServer(("", 8000), Handler).serve_forever()
