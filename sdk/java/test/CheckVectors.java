import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;
import io.github.orgate.signature.App;
import io.github.orgate.signature.Failure;
import io.github.orgate.signature.Login;
import io.github.orgate.signature.Mode;
import io.github.orgate.signature.Refusal;
import io.github.orgate.signature.SignedRequest;
import io.github.orgate.signature.Token;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Holds the helpers to vectors.tsv, the only argument, and tries them against a server of its own. */
public final class CheckVectors {
  private static int failures;

  private static int status;
  private static byte[] answer;
  private static String seen;

  public static void main(String[] args) throws Exception {
    List<String> lines = Files.readAllLines(Path.of(args[0]), UTF_8);
    String[] names = lines.get(0).split("\t", -1);
    for (String line : lines.subList(1, lines.size())) {
      String[] cells = line.split("\t", -1);
      Map<String, String> v = new HashMap<>();
      for (int i = 0; i < names.length; i++) {
        v.put(names[i], unescape(cells[i]));
      }
      check(v);
    }
    details();
    sending();
    int count = lines.size() - 1;
    if (failures > 0 || count == 0) {
      System.err.println("java: " + failures + " failures in " + count + " vectors");
      System.exit(1);
    }
    System.out.println("java: " + count + " vectors agree");
  }

  private static void check(Map<String, String> v) {
    String name = v.get("name");
    Mode mode = v.get("mode").equals("enterprise") ? Mode.ENTERPRISE : v.get("mode").equals("sp") ? Mode.SERVICE_PROVIDER : null;
    App app = new App(mode, v.get("appId"), v.get("appKey"));
    Login login = Login.expiringAt(Long.parseLong(v.get("expireTime"))).userId(v.get("userId")).corpId(v.get("corpId"))
        .nonce(v.get("nonce")).clientType(Integer.parseInt(v.get("clientType"))).userName(v.get("userName"))
        .userEmail(v.get("userEmail")).userPhone(v.get("userPhone")).deptCode(v.get("deptCode"));
    expect(name + ": refused", refused(app, login), v.get("refused"));
    if (!v.get("refused").isEmpty()) {
      return;
    }
    SignedRequest request = app.request(login);
    expect(name + ": text", request.text(), v.get("text"));
    expect(name + ": signature", request.signature(), v.get("signature"));
    expect(name + ": sign", App.sign(v.get("appKey"), v.get("text")), v.get("signature"));
    expect(name + ": body", request.body(), v.get("body"));
    expect(name + ": older header", App.authorizationWithoutAccess(request.signature()), v.get("authorization").split(",")[0]);
    expect(name + ": request", request.method() + " " + request.path(), "POST /v2/usg/acs/auth/appauth");
    expect(name + ": headers", request.headers(), Map.of("Authorization", v.get("authorization"),
        "X-Token-Type", "LongTicket", "Content-Type", "application/json; charset=UTF-8"));
  }

  private static void details() {
    App app = new App(Mode.ENTERPRISE, "130436e5b34d4859a87f667a2d626a83", "k".repeat(32));
    Set<String> signatures = new HashSet<>();
    for (int i = 0; i < 200; i++) {
      signatures.add(app.request(Login.expiringAt(0)).signature());
    }
    expect("fresh nonces", signatures.size(), 200);
    Login login = Login.expiringAt(0).nonce(App.freshNonce());
    expect("lone surrogate in a user id", refused(app, login.userId("\ud800")), "text");
    expect("lone surrogate in a name", refused(app, login.userName("a\udc00b")), "text");
    expect("halves in two fields", refused(app, login.userName("\ud83d").userEmail("\ude00")), "text");
    expect("key printed", app.toString().contains("kkkk"), false);
  }

  private static void sending() throws Exception {
    HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", exchange -> {
      seen = exchange.getRequestURI() + " " + exchange.getRequestHeaders().getFirst("X-Token-Type") + " "
          + exchange.getRequestHeaders().getFirst("Authorization") + " " + new String(exchange.getRequestBody().readAllBytes(), UTF_8);
      exchange.getResponseHeaders().set("X-Request-Id", "r1");
      exchange.getResponseHeaders().set("Location", "/elsewhere");
      exchange.sendResponseHeaders(status, answer.length == 0 ? -1 : answer.length);
      exchange.getResponseBody().write(answer);
      exchange.close();
    });
    server.start();
    try {
      String base = "http://127.0.0.1:" + server.getAddress().getPort();
      token(base);
      failures(base);
    } finally {
      server.stop(0);
    }
  }

  private static void token(String base) throws Exception {
    App app = new App(Mode.ENTERPRISE, "130436e5b34d4859a87f667a2d626a83", "k".repeat(32));
    answers(200, " {\"accessToken\" : \"t\\u00f6k\\n\\/\", \"expireTime\":1604020600, \"refreshToken\":null,"
        + "\"x\":[1,-2.5e3,true,false,[],{}], \"user\":{\"name\":\"张\"} }\n");
    SignedRequest request = app.request(Login.expiringAt(0).userId("张三"));
    Token token = request.send(base + "/");
    expect("token", token.accessToken(), "tök\n/");
    expect("refresh token", token.refreshToken(), "");
    expect("expiry", token.expireTime(), 1604020600L);
    expect("user", token.user("name") + token.user("none"), "张");
    expect("array", token.fields().get("x"), List.of(1L, -2500.0, true, false, List.of(), Map.of()));
    expect("token printed", token.toString(), "[redacted]");
    expect("server saw", seen, App.PATH + " LongTicket " + request.headers().get("Authorization") + " " + request.body());
  }

  private static void failures(String base) throws Exception {
    App app = new App(Mode.ENTERPRISE, "130436e5b34d4859a87f667a2d626a83", "k".repeat(32));
    Object[][] cases = {
      {401, "{\"error_code\":\"USG.206010025\",\"error_msg\":\"no\"}", "USG.206010025"}, {307, "", ""}, {502, "<html>", ""},
      {200, "{}", ""}, {200, "{\"accessToken\":\"t\"", ""}, {200, "{\"accessToken\":\"t\"}}", ""}, {200, "[".repeat(9999), ""},
      {200, "{\"accessToken\":\"t\",\"n\":01}", ""}, {200, "{\"accessToken\":\"\\x\"}", ""}, {200, "{\"accessToken\":\"\\u12\"}", ""}
    };
    for (Object[] c : cases) {
      answers((Integer) c[0], (String) c[1]);
      try {
        app.login(base, Login.expiringAt(0));
        expect("answer " + c[1], "a token", "a failure");
      } catch (Failure failure) {
        expect("answer " + c[1], failure.status() + failure.code() + failure.requestId(), c[0] + (String) c[2] + "r1");
      }
    }
    for (String bad : new String[] {"", "orgate.example", "ftp://h", "https://", "https://h?x", "https://h#x"}) {
      try {
        app.login(bad, Login.expiringAt(0));
        expect("base URL " + bad, "accepted", "refused");
      } catch (IllegalArgumentException refused) {
        expect("base URL " + bad, refused instanceof Refusal, false);
      }
    }
  }

  private static void answers(int code, String body) {
    status = code;
    answer = body.getBytes(UTF_8);
  }

  private static String refused(App app, Login login) {
    try {
      app.stringToSign(login);
      return "";
    } catch (Refusal refusal) {
      return refusal.reason();
    }
  }

  private static void expect(String what, Object got, Object want) {
    if (!Objects.equals(got, want)) {
      failures++;
      System.err.println(what + "\n  got  " + got + "\n  want " + want);
    }
  }

  private static String unescape(String cell) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < cell.length(); i++) {
      char c = cell.charAt(i);
      if (c == '\\') {
        c = cell.charAt(++i);
        c = c == 't' ? '\t' : c == 'n' ? '\n' : c == 'r' ? '\r' : c;
      }
      out.append(c);
    }
    return out.toString();
  }
}
