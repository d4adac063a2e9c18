package io.github.orgate.signature;

import java.io.IOException;

/** A login that the server answered but did not accept. */
public final class Failure extends IOException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String code;
  private final String requestId;

  Failure(int status, String code, String message, String requestId) {
    super("login failed: status " + status + ", code \"" + code + "\", " + message + " (request " + requestId + ")");
    this.status = status;
    this.code = code;
    this.requestId = requestId;
  }

  /** The HTTP status. */
  public int status() {
    return status;
  }

  /** The error code, such as {@code USG.206010025}; empty if the answer was not the API's. */
  public String code() {
    return code;
  }

  /** The id to quote when asking the server's operator. */
  public String requestId() {
    return requestId;
  }
}
