"""A small web app on the standard library alone."""

import json
import os
import platform
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

VERSION = "1.0.0"


def answer(path: str) -> tuple[int, dict[str, str]]:
    if path == "/health":
        return 200, {"status": "ok"}
    if path == "/":
        return 200, {"app": "hello-python", "version": VERSION, "runtime": platform.python_version()}
    return 404, {"error": "not found"}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        status, body = answer(self.path)
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
