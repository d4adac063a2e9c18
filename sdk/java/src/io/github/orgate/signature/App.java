package io.github.orgate.signature;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The third-party server that signs: its App ID and App Key. */
public final class App {
  /** Where a login is sent, by POST. */
  public static final String PATH = "/v2/usg/acs/auth/appauth";

  private static final SecureRandom RANDOM = new SecureRandom();
  // The end of the year 9999: beyond it stand milliseconds.
  private static final long LAST_EXPIRE_TIME = 253402300799L;

  private final Mode mode;
  private final String id;
  private final String key;

  /** Makes an app; what is wrong with it is said when it signs. */
  public App(Mode mode, String id, String key) {
    this.mode = mode;
    this.id = id == null ? "" : id;
    this.key = key == null ? "" : key;
  }

  /**
   * Returns the text that is signed. Empty parts keep their colons:
   *
   * <pre>
   * appId:userId:expireTime:nonce           enterprise, a user
   * appId::expireTime:nonce                 enterprise, its default administrator
   * appId:corpId:userId:expireTime:nonce    service provider, a user of an enterprise
   * appId:corpId::expireTime:nonce          service provider, an enterprise's default administrator
   * appId:::expireTime:nonce                service provider, its own default administrator
   * </pre>
   *
   * @throws Refusal when the login cannot be signed
   */
  public String stringToSign(Login login) {
    String broken = brokenRule(login);
    if (!broken.isEmpty()) {
      throw new Refusal(broken);
    }
    String owner = mode == Mode.SERVICE_PROVIDER ? id + ":" + login.corpId : id;
    return String.join(":", owner, login.userId, Long.toString(login.expireTime), login.nonce);
  }

  private String brokenRule(Login login) {
    if (mode == null) {
      return "mode";
    }
    if (id.isEmpty() || id.contains(":")) {
      return "app_id";
    }
    if (key.isEmpty()) {
      return "app_key";
    }
    String all = id + '\n' + key + '\n' + login.userId + '\n' + login.corpId + '\n' + login.userName + '\n'
        + login.userEmail + '\n' + login.userPhone + '\n' + login.deptCode;
    // A lone surrogate is no text: it could not be sent as it was signed.
    return UTF_8.newEncoder().canEncode(all) ? brokenPart(login) : "text";
  }

  private String brokenPart(Login login) {
    if (mode == Mode.ENTERPRISE && !login.corpId.isEmpty()) {
      return "corp_id_unwanted";
    }
    if (mode == Mode.SERVICE_PROVIDER && !login.userId.isEmpty() && login.corpId.isEmpty()) {
      return "corp_id_missing";
    }
    if (login.corpId.contains(":")) {
      return "corp_id";
    }
    if (login.userId.contains(":") || login.userId.codePointCount(0, login.userId.length()) > 64) {
      return "user_id";
    }
    if (login.expireTime < 0 || login.expireTime > LAST_EXPIRE_TIME) {
      return "expire_time";
    }
    return login.nonce.matches("[!-9;-~]{32,64}") ? "" : "nonce";
  }

  /** Returns the lower-case hexadecimal HMAC-SHA256 of a text under an App Key. */
  public static String sign(String appKey, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(appKey.getBytes(UTF_8), "HmacSHA256"));
      return hex(mac.doFinal(text.getBytes(UTF_8)));
    } catch (GeneralSecurityException impossible) {
      throw new AssertionError("every Java platform has HmacSHA256", impossible);
    }
  }

  /** Returns the value of the Authorization header. */
  public static String authorization(String appId, String signature) {
    return authorizationWithoutAccess(signature) + ",access=" + Base64.getEncoder().encodeToString(appId.getBytes(UTF_8));
  }

  /** Returns the older form of the header, for servers that do not know access. */
  public static String authorizationWithoutAccess(String signature) {
    return "HMAC-SHA256 signature=" + signature;
  }

  /** Returns a fresh nonce: 48 hexadecimal characters, 192 random bits. */
  public static String freshNonce() {
    byte[] bytes = new byte[24];
    RANDOM.nextBytes(bytes);
    return hex(bytes);
  }

  private static String hex(byte[] bytes) {
    StringBuilder out = new StringBuilder();
    for (byte b : bytes) {
      out.append(Character.forDigit(b >> 4 & 15, 16)).append(Character.forDigit(b & 15, 16));
    }
    return out.toString();
  }

  /**
   * Makes the login request, with a fresh nonce when the login has none.
   *
   * @throws Refusal when the login cannot be signed
   */
  public SignedRequest request(Login given) {
    Login login = given.nonce.isEmpty() ? given.nonce(freshNonce()) : given;
    String text = stringToSign(login);
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("appId", id);
    body.put("clientType", login.clientType);
    body.put("expireTime", login.expireTime);
    body.put("nonce", login.nonce);
    String[][] details = {
      {"corpId", login.corpId}, {"userId", login.userId}, {"userName", login.userName},
      {"userEmail", login.userEmail}, {"userPhone", login.userPhone}, {"deptCode", login.deptCode}
    };
    for (String[] detail : details) {
      if (!detail[1].isEmpty()) {
        body.put(detail[0], detail[1]);
      }
    }
    String signature = sign(key, text);
    return new SignedRequest(Json.write(body), text, signature, authorization(id, signature));
  }

  /**
   * Makes and sends the login to a server such as {@code https://orgate.example}.
   *
   * @return the answer; see {@link SignedRequest#send}
   * @throws Failure when the server does not accept it
   */
  public Token login(String baseUrl, Login login) throws IOException, InterruptedException {
    return request(login).send(baseUrl);
  }

  /** Shows whose app it is, never the key. */
  @Override
  public String toString() {
    return "App[" + mode + ", " + id + "]";
  }
}
