"""A small OpenID Connect provider on localhost: discovery, authorisation by code with PKCE, tokens, user info, keys."""

import base64
import hashlib
import json
import secrets
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

CLIENT = ("belowline", "the-secret-of-the-client")
PERSON = {"sub": "person-1", "name": "Robin Quay", "email": "robin@provider.example", "email_verified": True}


class Provider:
    """Signs whoever asks in as `person`."""

    def __init__(self):
        self.person = dict(PERSON)
        self.key = generate_private_key(65537, 2048)
        self.codes = {}
        self.tokens = {}
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), type("Answer", (Answer,), {"provider": self}))
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    def discovery(self):
        names = {"authorization_endpoint": "authorize", "token_endpoint": "token", "userinfo_endpoint": "userinfo"}
        endpoints = {name: f"{self.address}/{path}" for name, path in names.items()}
        return {"issuer": self.address, "jwks_uri": f"{self.address}/jwks"} | endpoints

    def redeem(self, form):
        """Tokens for a code; None where the client or the proof of PKCE is wrong."""
        asked = self.codes.pop(form.get("code"), None)
        proof = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if asked is None or (form.get("client_id"), form.get("client_secret")) != CLIENT:
            return None
        if asked.get("code_challenge") != proof.rstrip(b"=").decode():
            return None
        access, now = secrets.token_urlsafe(), int(time.time())
        self.tokens[access] = dict(self.person)
        claims = self.person | {"iss": self.address, "aud": CLIENT[0], "iat": now, "exp": now + 300}
        return {
            "access_token": access,
            "token_type": "Bearer",
            "id_token": jwt.encode(claims, self.key, algorithm="RS256", headers={"kid": "1"}),
        }


class Answer(BaseHTTPRequestHandler):
    """The provider's addresses."""

    provider: Provider

    def do_GET(self):
        path, query = urlsplit(self.path).path, parse_qs(urlsplit(self.path).query)
        asked = {name: values[0] for name, values in query.items()}
        if path == "/.well-known/openid-configuration":
            self.json(self.provider.discovery())
        elif path == "/userinfo":
            self.json(self.provider.tokens[self.headers["Authorization"].removeprefix("Bearer ")])
        elif path == "/jwks":
            public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.provider.key.public_key()))
            self.json({"keys": [public | {"kid": "1", "alg": "RS256"}]})
        elif path == "/authorize":
            self.authorize(asked)
        else:
            self.send_error(404)

    def authorize(self, asked):
        """A page with two links: yes, and no."""
        code = secrets.token_urlsafe()
        self.provider.codes[code] = asked
        back = asked["redirect_uri"]
        yes = f"{back}?{urlencode({'code': code, 'state': asked['state']})}"
        no = f"{back}?{urlencode({'error': 'access_denied', 'state': asked['state']})}"
        head = "<!doctype html><html lang=en><title>Provider</title><link rel=icon href='data:,'>"
        self.send(f'{head}<p><a href="{yes}">Yes, it is me</a> <a href="{no}">No</a>', "text/html")

    def do_POST(self):
        length = int(self.headers["Content-Length"])
        form = {name: values[0] for name, values in parse_qs(self.rfile.read(length).decode()).items()}
        tokens = self.provider.redeem(form)
        self.json(tokens or {"error": "invalid_grant"}, 200 if tokens else 400)

    def json(self, value, status=200):
        self.send(json.dumps(value), "application/json", status)

    def send(self, text, kind, status=200):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_):
        """Be quiet."""
