package io.github.orgate.signature;

import java.util.Collections;
import java.util.Map;

/** What a login returned. Send {@link #accessToken} as {@code X-Access-Token}. */
public final class Token {
  private final Map<String, Object> fields;

  private Token(Map<String, Object> fields) {
    this.fields = Collections.unmodifiableMap(fields);
  }

  static Token of(int status, String answer, String requestId) throws Failure {
    Map<String, Object> fields = Json.readObject(answer);
    if (status != 200) {
      throw new Failure(status, text(fields, "error_code"), text(fields, "error_msg"), requestId);
    }
    if (text(fields, "accessToken").isEmpty()) {
      throw new Failure(status, "", "the answer holds no accessToken", requestId);
    }
    return new Token(fields);
  }

  /** The access token. */
  public String accessToken() {
    return text(fields, "accessToken");
  }

  /** The refresh token. */
  public String refreshToken() {
    return text(fields, "refreshToken");
  }

  /** When the access token expires, in seconds since 1970. */
  public long expireTime() {
    Object value = fields.get("expireTime");
    return value instanceof Number ? ((Number) value).longValue() : 0;
  }

  /** A text of the answer's user, such as {@code name}; empty if absent. */
  @SuppressWarnings("unchecked")
  public String user(String field) {
    Object user = fields.get("user");
    return user instanceof Map ? text((Map<String, Object>) user, field) : "";
  }

  /** The whole answer: objects are maps, arrays lists, integers Long, other numbers Double. */
  public Map<String, Object> fields() {
    return fields;
  }

  /** Hides the token from logs. */
  @Override
  public String toString() {
    return "[redacted]";
  }

  private static String text(Map<String, Object> of, String field) {
    Object value = of.get(field);
    return value instanceof String ? (String) value : "";
  }
}
