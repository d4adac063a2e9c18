package io.github.orgate.signature;

/**
 * A login that cannot be signed. The reasons are the same in all languages: mode, app_id, app_key,
 * user_id, corp_id, corp_id_missing, corp_id_unwanted, expire_time, nonce, text.
 */
public final class Refusal extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final String reason;

  Refusal(String reason) {
    super("login cannot be signed: " + reason);
    this.reason = reason;
  }

  /** The name of the broken rule. */
  public String reason() {
    return reason;
  }
}
