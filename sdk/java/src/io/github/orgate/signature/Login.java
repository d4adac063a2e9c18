package io.github.orgate.signature;

/**
 * The person to log in and what is known about them; the methods return changed copies.
 *
 * <p>Without a user id the enterprise's default administrator is logged in; a service provider's
 * app that leaves out the enterprise too logs in the service provider's own.
 */
public final class Login implements Cloneable {
  String userId = "";
  String corpId = "";
  final long expireTime;
  String nonce = "";
  int clientType = 72;
  String userName = "";
  String userEmail = "";
  String userPhone = "";
  String deptCode = "";

  private Login(long expireTime) {
    this.expireTime = expireTime;
  }

  /**
   * Starts a login whose signature expires at a time in seconds since 1970. Zero never expires,
   * which a server may refuse: prefer a few minutes.
   */
  public static Login expiringAt(long expireTime) {
    return new Login(expireTime);
  }

  /** Sets the third-party user id: at most 64 characters, no colon. */
  public Login userId(String value) {
    Login copy = copy();
    copy.userId = text(value);
    return copy;
  }

  /** Sets the enterprise id: only, and with a user id always, for service providers. */
  public Login corpId(String value) {
    Login copy = copy();
    copy.corpId = text(value);
    return copy;
  }

  /** Sets the nonce, fresh for every signature; {@link App#request} makes one when it is empty. */
  public Login nonce(String value) {
    Login copy = copy();
    copy.nonce = text(value);
    return copy;
  }

  /** Sets what the login counts as; 72, an API call, unless set. */
  public Login clientType(int value) {
    Login copy = copy();
    copy.clientType = value;
    return copy;
  }

  /** Sets the person's name. */
  public Login userName(String value) {
    Login copy = copy();
    copy.userName = text(value);
    return copy;
  }

  /** Sets the person's e-mail address. */
  public Login userEmail(String value) {
    Login copy = copy();
    copy.userEmail = text(value);
    return copy;
  }

  /** Sets the person's phone number with the country calling code. */
  public Login userPhone(String value) {
    Login copy = copy();
    copy.userPhone = text(value);
    return copy;
  }

  /** Sets the code of the person's department. */
  public Login deptCode(String value) {
    Login copy = copy();
    copy.deptCode = text(value);
    return copy;
  }

  private Login copy() {
    try {
      return (Login) clone();
    } catch (CloneNotSupportedException impossible) {
      throw new AssertionError(impossible);
    }
  }

  private static String text(String value) {
    return value == null ? "" : value;
  }
}
