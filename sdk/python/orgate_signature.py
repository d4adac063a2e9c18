"""App ID logins of the Meeting API (4.2): sign them, and send them.

An App states who signs, a Login for whom. App.login() sends a complete login
and returns the token; App.request() makes the request without sending it;
App.string_to_sign(), sign() and authorization() are the single steps. A
mistake that the server could only answer with "login refused" raises Refusal.

Standard library only, Python 3.9 or later. Keep the App Key on a server.
"""

import base64
import hashlib
import hmac
import json
import secrets
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field

ENTERPRISE = "enterprise"  # an enterprise's app signs four parts
SERVICE_PROVIDER = "sp"  # a service provider's app signs five

PATH = "/v2/usg/acs/auth/appauth"

_API_CALL = 72
_LONGEST_USER_ID = 64
_SHORTEST_NONCE, _LONGEST_NONCE = 32, 64
_LAST_EXPIRE_TIME = 253402300799  # the end of the year 9999: beyond it stand milliseconds
_PATIENCE = 30  # seconds
_MOST_READ = 1 << 20  # bytes of an answer


class Refusal(ValueError):
    """A login that cannot be signed; reason names the broken rule.

    The reasons, the same in all languages: mode, app_id, app_key, user_id,
    corp_id, corp_id_missing, corp_id_unwanted, expire_time, nonce, text.
    """

    def __init__(self, reason):
        super().__init__("login cannot be signed: " + reason)
        self.reason = reason


class Failure(Exception):
    """A login that the server answered but did not accept."""

    def __init__(self, status, code, message, request_id):
        super().__init__(f"login failed: status {status}, code {code!r}, {message} (request {request_id})")
        self.status = status  # HTTP
        self.code = code  # such as USG.206010025, "" if the answer was not the API's
        self.message = message
        self.request_id = request_id  # quote it when asking the server's operator


@dataclass(frozen=True)
class Login:
    """The person to log in and what is known about them.

    Without user_id the enterprise's default administrator is logged in; a
    service provider's app that leaves out corp_id too logs in the service
    provider's own. expire_time is in seconds since 1970; 0 never expires,
    which a server may refuse. nonce is fresh for every signature.
    """

    expire_time: int
    user_id: str = ""
    corp_id: str = ""  # only, and with a user_id always, for service providers
    nonce: str = ""  # App.request() makes one when it is empty
    client_type: int = _API_CALL
    user_name: str = ""
    user_email: str = ""
    user_phone: str = ""  # with the country calling code
    dept_code: str = ""


@dataclass(frozen=True)
class Request:
    """A complete login request, ready to be sent once."""

    method: str
    path: str
    headers: dict
    body: bytes  # JSON, UTF-8
    text: str  # what was signed
    signature: str

    def send(self, base_url):
        """Send it to a server such as "https://orgate.example"; return the token.

        The token is the answer as a dict: accessToken, expireTime, user and
        the rest. Redirects are not followed: the login is signed for one
        server. Raises Failure, or OSError for the network.
        """
        base = urllib.parse.urlsplit(base_url)
        if base.scheme not in ("http", "https") or not base.netloc or base.query or base.fragment:
            raise ValueError("base URL must be http(s)://host, with a path at most")
        request = urllib.request.Request(
            base_url.rstrip("/") + self.path, data=self.body, headers=self.headers, method=self.method)
        opener = urllib.request.build_opener(_Straight)
        try:
            with opener.open(request, timeout=_PATIENCE) as response:
                return _token(response.status, response.headers, response.read(_MOST_READ))
        except urllib.error.HTTPError as answer:
            with answer:
                return _token(answer.code, answer.headers, answer.read(_MOST_READ))


@dataclass(frozen=True)
class App:
    """The third-party server that signs: its App ID and App Key."""

    mode: str  # ENTERPRISE or SERVICE_PROVIDER
    app_id: str
    app_key: str = field(repr=False)

    def string_to_sign(self, login):
        """Return the text that is signed. Empty parts keep their colons:

        appId:userId:expireTime:nonce           enterprise, a user
        appId::expireTime:nonce                 enterprise, its default administrator
        appId:corpId:userId:expireTime:nonce    service provider, a user of an enterprise
        appId:corpId::expireTime:nonce          service provider, an enterprise's default administrator
        appId:::expireTime:nonce                service provider, its own default administrator
        """
        for broken, reason in self._rules(login):
            if broken:
                raise Refusal(reason)
        parts = [self.app_id]
        if self.mode == SERVICE_PROVIDER:
            parts.append(login.corp_id)
        parts += [login.user_id, str(login.expire_time), login.nonce]
        return ":".join(parts)

    def _rules(self, login):
        sp = self.mode == SERVICE_PROVIDER
        yield self.mode not in (ENTERPRISE, SERVICE_PROVIDER), "mode"
        yield not self.app_id or ":" in self.app_id, "app_id"
        yield not self.app_key, "app_key"
        texts = (self.app_id, self.app_key, login.user_id, login.corp_id, login.user_name,
                 login.user_email, login.user_phone, login.dept_code)
        yield not all(_encodes(text) for text in texts), "text"
        yield not sp and login.corp_id != "", "corp_id_unwanted"
        yield sp and login.user_id != "" and not login.corp_id, "corp_id_missing"
        yield ":" in login.corp_id, "corp_id"
        yield ":" in login.user_id or len(login.user_id) > _LONGEST_USER_ID, "user_id"
        yield not _is_expire_time(login.expire_time), "expire_time"
        yield not _fits(login.nonce), "nonce"

    def request(self, login):
        """Make the login request, with a fresh nonce when login has none."""
        if not login.nonce:
            login = Login(**{**vars(login), "nonce": fresh_nonce()})
        text = self.string_to_sign(login)
        body = {"appId": self.app_id, "clientType": login.client_type,
                "expireTime": login.expire_time, "nonce": login.nonce}
        for name, value in (("corpId", login.corp_id), ("userId", login.user_id),
                            ("userName", login.user_name), ("userEmail", login.user_email),
                            ("userPhone", login.user_phone), ("deptCode", login.dept_code)):
            if value:
                body[name] = value
        signature = sign(self.app_key, text)
        headers = {"Authorization": authorization(self.app_id, signature),
                   "Content-Type": "application/json; charset=UTF-8",
                   "X-Token-Type": "LongTicket"}
        data = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        return Request("POST", PATH, headers, data, text, signature)

    def login(self, base_url, login):
        """Make and send the login; return the token (see Request.send)."""
        return self.request(login).send(base_url)


def sign(app_key, text):
    """Return the lower-case hexadecimal HMAC-SHA256 of text under the key."""
    return hmac.new(app_key.encode(), text.encode(), hashlib.sha256).hexdigest()


def authorization(app_id, signature):
    """Return the value of the Authorization header."""
    access = base64.b64encode(app_id.encode()).decode()
    return authorization_without_access(signature) + ",access=" + access


def authorization_without_access(signature):
    """Return the older form, for servers that do not know access."""
    return "HMAC-SHA256 signature=" + signature


def fresh_nonce():
    """Return a fresh nonce: 48 hexadecimal characters, 192 random bits."""
    return secrets.token_hex(24)


def _encodes(text):
    """A lone surrogate is no text: it could not be sent as it was signed."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_expire_time(value):
    # A bool counts as an int in Python, and a float would be signed as "1.0".
    return type(value) is int and 0 <= value <= _LAST_EXPIRE_TIME


def _fits(nonce):
    visible = all("!" <= c <= "~" and c != ":" for c in nonce)
    return visible and _SHORTEST_NONCE <= len(nonce) <= _LONGEST_NONCE


class _Straight(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def _token(status, headers, answer):
    try:
        body = json.loads(answer)
    except ValueError:
        body = None
    if not isinstance(body, dict):
        body = {}
    request_id = headers.get("X-Request-Id", "")
    if status != 200:
        raise Failure(status, body.get("error_code", ""), body.get("error_msg", ""), request_id)
    if not body.get("accessToken"):
        raise Failure(status, "", "the answer holds no accessToken", request_id)
    return body
