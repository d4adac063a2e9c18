"""Hold orgate_signature to ../vectors.json, and try it against a server of its own."""

import http.server
import json
import pathlib
import threading
import unittest

import orgate_signature as o


def vectors():
    path = pathlib.Path(__file__).parent.parent / "vectors.json"
    return json.loads(path.read_text(encoding="utf-8"))["vectors"]


def parts(v):
    app = o.App(v["mode"], v["appId"], v["appKey"])
    login = o.Login(expire_time=v["expireTime"], user_id=v["userId"], corp_id=v["corpId"], nonce=v["nonce"],
                    client_type=v["clientType"], user_name=v["userName"], user_email=v["userEmail"],
                    user_phone=v["userPhone"], dept_code=v["deptCode"])
    return app, login


class Vectors(unittest.TestCase):
    def test_vectors(self):
        for v in vectors():
            with self.subTest(v["name"]):
                app, login = parts(v)
                if v["refused"]:
                    with self.assertRaises(o.Refusal) as caught:
                        app.string_to_sign(login)
                    self.assertEqual(caught.exception.reason, v["refused"])
                    continue
                request = app.request(login)
                self.assertEqual(app.string_to_sign(login), v["text"])
                self.assertEqual(request.text, v["text"])
                self.assertEqual(o.sign(v["appKey"], v["text"]), v["signature"])
                self.assertEqual(request.body.decode(), v["body"])
                self.assertEqual((request.method, request.path), ("POST", "/v2/usg/acs/auth/appauth"))
                self.assertEqual(request.headers, {
                    "Authorization": v["authorization"], "X-Token-Type": "LongTicket",
                    "Content-Type": "application/json; charset=UTF-8"})
                self.assertEqual(o.authorization_without_access(v["signature"]), v["authorization"].split(",")[0])


class Details(unittest.TestCase):
    app = o.App(o.ENTERPRISE, "130436e5b34d4859a87f667a2d626a83", "k" * 32)

    def test_fresh_nonces(self):
        nonces = {json.loads(self.app.request(o.Login(0)).body)["nonce"] for _ in range(200)}
        self.assertEqual(len(nonces), 200)
        self.assertTrue(all(32 <= len(n) <= 64 for n in nonces))

    def test_what_is_no_text_or_number(self):
        for login, reason in ((o.Login(0, user_id="\ud800", nonce="n" * 32), "text"),
                              (o.Login(1.5, nonce="n" * 32), "expire_time"), (o.Login(True, nonce="n" * 32), "expire_time")):
            with self.assertRaises(o.Refusal) as caught:
                self.app.string_to_sign(login)
            self.assertEqual(caught.exception.reason, reason)

    def test_key_does_not_print(self):
        self.assertNotIn("kkkk", repr(self.app))


class Sending(unittest.TestCase):
    def setUp(self):
        test = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                test.seen = (self.path, self.headers, self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response(test.status)
                self.send_header("X-Request-Id", "r1")
                self.send_header("Location", "/elsewhere")
                self.end_headers()
                self.wfile.write(test.answer)

            def log_message(self, *_):
                pass

        self.server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
        self.base = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)

    def test_token(self):
        self.status, self.answer = 200, b'{"accessToken":"tok","user":{"name":"\xe5\xbc\xa0"}}'
        request = Details.app.request(o.Login(0, user_id="alice"))
        token = request.send(self.base + "/")
        self.assertEqual((token["accessToken"], token["user"]["name"]), ("tok", "张"))
        path, headers, body = self.seen
        self.assertEqual((path, body), (o.PATH, request.body))
        self.assertEqual(headers["X-Token-Type"], "LongTicket")
        self.assertEqual(headers["Authorization"], request.headers["Authorization"])

    def test_failures(self):
        for status, answer, code in ((401, b'{"error_code":"USG.206010025","error_msg":"no"}', "USG.206010025"),
                                     (307, b"", ""), (502, b"<html>", ""), (200, b"{}", "")):
            self.status, self.answer = status, answer
            with self.assertRaises(o.Failure) as caught:
                Details.app.login(self.base, o.Login(0))
            self.assertEqual((caught.exception.status, caught.exception.code, caught.exception.request_id),
                             (status, code, "r1"))

    def test_base_url(self):
        for base in ("", "orgate.example", "ftp://h", "https://", "https://h?x", "https://h#x"):
            with self.assertRaises(ValueError):
                Details.app.login(base, o.Login(0))


if __name__ == "__main__":
    outcome = unittest.main(exit=False, verbosity=0).result
    if not outcome.wasSuccessful():
        raise SystemExit(1)
    print(f"python: {len(vectors())} vectors agree")
