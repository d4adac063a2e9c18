/**
 * App ID logins of the Meeting API (4.2): sign them, and send them.
 *
 * <p>An {@link io.github.orgate.signature.App} states who signs, a
 * {@link io.github.orgate.signature.Login} for whom. {@code App.login} sends a complete login and
 * returns the token; {@code App.request} makes the request without sending it; {@code
 * App.stringToSign}, {@code App.sign} and {@code App.authorization} are the single steps.
 *
 * <p>Java 11 or later, no dependencies. Keep the App Key on a server.
 */
package io.github.orgate.signature;
