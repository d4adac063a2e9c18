package io.github.orgate.signature;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** A complete login request, ready to be sent once. */
public final class SignedRequest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final String body;
  private final String text;
  private final String signature;
  private final Map<String, String> headers = new LinkedHashMap<>();

  SignedRequest(String body, String text, String signature, String authorization) {
    this.body = body;
    this.text = text;
    this.signature = signature;
    headers.put("Authorization", authorization);
    headers.put("Content-Type", "application/json; charset=UTF-8");
    headers.put("X-Token-Type", "LongTicket");
  }

  /** The HTTP method. */
  public String method() {
    return "POST";
  }

  /** The path below the server's base URL. */
  public String path() {
    return App.PATH;
  }

  /** The headers to send. */
  public Map<String, String> headers() {
    return Collections.unmodifiableMap(headers);
  }

  /** The JSON body, to be sent as UTF-8. */
  public String body() {
    return body;
  }

  /** What was signed. */
  public String text() {
    return text;
  }

  /** The signature in lower-case hexadecimal. */
  public String signature() {
    return signature;
  }

  /**
   * Sends the request. Redirects are not followed: the login is signed for one server.
   *
   * @param baseUrl such as {@code https://orgate.example}
   * @throws Failure when the server does not accept the login
   * @throws IllegalArgumentException when the base URL is not http(s)://host with a path at most
   */
  public Token send(String baseUrl) throws IOException, InterruptedException {
    URI base = URI.create(baseUrl);
    boolean web = "https".equals(base.getScheme()) || "http".equals(base.getScheme());
    if (!web || base.getHost() == null || base.getQuery() != null || base.getFragment() != null) {
      throw new IllegalArgumentException("base URL must be http(s)://host, with a path at most");
    }
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(baseUrl.replaceAll("/+$", "") + path()))
        .timeout(PATIENCE)
        .POST(HttpRequest.BodyPublishers.ofString(body, UTF_8));
    headers.forEach(request::header);
    HttpClient client = HttpClient.newBuilder()
        .connectTimeout(PATIENCE)
        .followRedirects(HttpClient.Redirect.NEVER)
        .build();
    HttpResponse<String> response = client.send(request.build(), HttpResponse.BodyHandlers.ofString(UTF_8));
    return Token.of(response.statusCode(), response.body(), response.headers().firstValue("X-Request-Id").orElse(""));
  }
}
