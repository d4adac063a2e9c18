"""An application in Python that signs people in by Authlib.

It prints the address to which a browser has to go, reads the address to which
the browser was led, and prints what it learnt, each as a line of JSON.
"""

import json
import sys

import requests
from authlib.common.security import generate_token
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.jose import JsonWebKey, jwt
from authlib.oidc.core import CodeIDToken

issuer, client_id, client_secret, redirect_uri, method = sys.argv[1:]


def say(**what):
    print(json.dumps(what), flush=True)


meta = requests.get(issuer + "/.well-known/openid-configuration", timeout=20).json()
assert meta["issuer"] == issuer, meta["issuer"]
session = OAuth2Session(
    client_id,
    client_secret,
    scope="openid profile email offline_access",
    redirect_uri=redirect_uri,
    token_endpoint_auth_method=method,
    code_challenge_method="S256",
)
verifier, nonce = generate_token(48), generate_token()
address, state = session.create_authorization_url(meta["authorization_endpoint"], code_verifier=verifier, nonce=nonce)
say(address=address)

token = session.fetch_token(
    meta["token_endpoint"], authorization_response=sys.stdin.readline().strip(), state=state, code_verifier=verifier
)
keys = JsonWebKey.import_key_set(requests.get(meta["jwks_uri"], timeout=20).json())
claims = jwt.decode(
    token["id_token"],
    keys,
    claims_cls=CodeIDToken,
    claims_options={"iss": {"essential": True, "value": issuer}, "aud": {"essential": True, "value": client_id}},
    claims_params={"nonce": nonce, "client_id": client_id, "access_token": token["access_token"]},
)
claims.validate(leeway=5)
info = session.get(meta["userinfo_endpoint"]).json()
first = dict(token)
renewed = session.refresh_token(meta["token_endpoint"], refresh_token=first["refresh_token"])
assert renewed["access_token"] != first["access_token"]
again = session.get(meta["userinfo_endpoint"])
revoked = session.revoke_token(meta["revocation_endpoint"], token=renewed["refresh_token"], token_type_hint="refresh_token")
try:
    session.refresh_token(meta["token_endpoint"], refresh_token=renewed["refresh_token"])
    after = "renewed"
except OAuthError as refusal:
    after = refusal.error
say(
    sub=claims["sub"],
    name=info["name"],
    same=info["sub"] == claims["sub"],
    again=again.status_code,
    revoked=revoked.status_code,
    after=after,
)
