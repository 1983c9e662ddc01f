"""An HTTP server of the standard library that says what it was given.

/env answers with the environment, /status/N with that status; PORT is where it listens.
"""

import json
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

VERSION = "one"


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path.startswith("/status/"):
            return self.answer(int(self.path.rpartition("/")[2]), {})
        return self.answer(200, dict(os.environ) if self.path == "/env" else {"version": VERSION})

    def answer(self, status, document):
        content = json.dumps(document).encode()
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "/")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


if __name__ == "__main__":
    print("serving", flush=True)
    ThreadingHTTPServer(("", int(os.environ.get("PORT", "8000"))), Handler).serve_forever()
