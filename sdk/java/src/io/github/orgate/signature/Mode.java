package io.github.orgate.signature;

/** Who owns an App ID, and so how many parts are signed. */
public enum Mode {
  /** An enterprise's app signs four parts. */
  ENTERPRISE,
  /** A service provider's app signs five parts. */
  SERVICE_PROVIDER
}
