// App ID logins of the Meeting API (4.2): sign them, and make the request.
//
// An App states who signs, a Login for whom. make_request() makes the complete
// request, which the HTTP library of your choice sends; string_to_sign(),
// sign() and authorization() are the single steps. A mistake that the server
// could only answer with "login refused" throws Refusal.
//
// C++17, header only, no libraries. All strings are UTF-8. Keep the App Key
// on a server.

#ifndef ORGATE_SIGNATURE_HPP
#define ORGATE_SIGNATURE_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <map>
#include <stdexcept>
#include <string>
#include <utility>

#if defined(_WIN32)
#include <random>
#endif

#include "sha256.hpp"

namespace orgate {

/// Who owns an App ID: an enterprise's app signs four parts, a service provider's five.
enum class Mode { enterprise, service_provider };

/// The third-party server that signs.
struct App {
  Mode mode = Mode::enterprise;
  std::string id;
  std::string key;
};

/// The person to log in and what is known about them. Without user_id the
/// enterprise's default administrator is logged in; a service provider's app
/// that leaves out corp_id too logs in the service provider's own.
struct Login {
  std::string user_id;           ///< at most 64 characters, no colon
  std::string corp_id;           ///< only, and with a user_id always, for service providers
  std::int64_t expire_time = 0;  ///< seconds since 1970; 0 never expires, which a server may refuse
  std::string nonce;             ///< fresh for every signature; make_request makes one when it is empty
  int client_type = 72;          ///< an API call
  std::string user_name;
  std::string user_email;
  std::string user_phone;  ///< with the country calling code
  std::string dept_code;
};

/// A complete login request, ready to be sent once.
struct Request {
  std::string method;
  std::string path;
  std::map<std::string, std::string> headers;
  std::string body;  ///< JSON, UTF-8
  std::string text;  ///< what was signed
  std::string signature;
};

/// A login that cannot be signed. The reasons are the same in all languages:
/// app_id, app_key, user_id, corp_id, corp_id_missing, corp_id_unwanted,
/// expire_time, nonce, text (and mode, which the type Mode makes impossible).
class Refusal : public std::invalid_argument {
 public:
  explicit Refusal(std::string why) : std::invalid_argument("login cannot be signed: " + why), reason_(std::move(why)) {}
  /// The name of the broken rule.
  const std::string& reason() const { return reason_; }

 private:
  std::string reason_;
};

namespace detail {

inline bool has_colon(const std::string& text) { return text.find(':') != std::string::npos; }

// The number of bytes of the UTF-8 sequence at text[at], 0 if it is malformed
// (RFC 3629, 4: shortest form, no surrogates, nothing above U+10FFFF).
inline std::size_t sequence(const std::string& text, std::size_t at) {
  const auto byte = [&](std::size_t i) -> unsigned { return i < text.size() ? static_cast<std::uint8_t>(text[i]) : 0U; };
  const unsigned lead = byte(at);
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(at + i) & 0xc0) != 0x80) return 0;
  }
  const unsigned second = byte(at + 1);
  const bool overlong = (lead == 0xe0 && second < 0xa0) || (lead == 0xf0 && second < 0x90);
  const bool outside = (lead == 0xed && second > 0x9f) || (lead == 0xf4 && second > 0x8f);
  return overlong || outside ? 0 : length;
}

// The number of characters of a text, -1 if it is not UTF-8.
inline long characters(const std::string& text) {
  long count = 0;
  for (std::size_t at = 0; at < text.size(); ++count) {
    const std::size_t length = sequence(text, at);
    if (length == 0) return -1;
    at += length;
  }
  return count;
}

inline bool nonce_fits(const std::string& nonce) {
  for (const char c : nonce) {
    if (c <= ' ' || c > '~' || c == ':') return false;
  }
  return nonce.size() >= 32 && nonce.size() <= 64;
}

inline std::string broken_rule(const App& app, const Login& login) {
  const bool provider = app.mode == Mode::service_provider;
  if (app.id.empty() || has_colon(app.id)) return "app_id";
  if (app.key.empty()) return "app_key";
  for (const std::string* text : {&app.id, &app.key, &login.user_id, &login.corp_id, &login.user_name, &login.user_email,
                                  &login.user_phone, &login.dept_code}) {
    if (characters(*text) < 0) return "text";
  }
  if (!provider && !login.corp_id.empty()) return "corp_id_unwanted";
  if (provider && !login.user_id.empty() && login.corp_id.empty()) return "corp_id_missing";
  if (has_colon(login.corp_id)) return "corp_id";
  if (has_colon(login.user_id) || characters(login.user_id) > 64) return "user_id";
  // Beyond the year 9999 stand milliseconds.
  if (login.expire_time < 0 || login.expire_time > 253402300799) return "expire_time";
  return nonce_fits(login.nonce) ? "" : "nonce";
}

// A JSON string (RFC 8259, 7).
inline std::string quote(const std::string& text) {
  static const std::string plain = "\"\\\b\f\n\r\t";
  static const char letter[] = "\"\\bfnrt";
  std::string out = "\"";
  for (const char c : text) {
    const std::size_t at = plain.find(c);
    if (at != std::string::npos) {
      out += '\\';
      out += letter[at];
    } else if (static_cast<std::uint8_t>(c) < 0x20) {
      char escape[7];
      std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(c));
      out += escape;
    } else {
      out += c;
    }
  }
  return out + '"';
}

}  // namespace detail

/// Returns the text that is signed, or throws Refusal. Empty parts keep their colons:
///
///     appId:userId:expireTime:nonce           enterprise, a user
///     appId::expireTime:nonce                 enterprise, its default administrator
///     appId:corpId:userId:expireTime:nonce    service provider, a user of an enterprise
///     appId:corpId::expireTime:nonce          service provider, an enterprise's default administrator
///     appId:::expireTime:nonce                service provider, its own default administrator
inline std::string string_to_sign(const App& app, const Login& login) {
  const std::string broken = detail::broken_rule(app, login);
  if (!broken.empty()) throw Refusal(broken);
  const std::string owner = app.mode == Mode::service_provider ? app.id + ':' + login.corp_id : app.id;
  return owner + ':' + login.user_id + ':' + std::to_string(login.expire_time) + ':' + login.nonce;
}

/// Returns the lower-case hexadecimal HMAC-SHA256 of a text under an App Key.
inline std::string sign(const std::string& app_key, const std::string& text) { return hex(hmac_sha256(app_key, text)); }

/// Returns the older form of the Authorization header, for servers that do not know access.
inline std::string authorization_without_access(const std::string& signature) { return "HMAC-SHA256 signature=" + signature; }

/// Returns the value of the Authorization header.
inline std::string authorization(const std::string& app_id, const std::string& signature) {
  return authorization_without_access(signature) + ",access=" + base64(app_id);
}

/// Returns a fresh nonce: 48 hexadecimal characters, 192 random bits of the
/// operating system. Throws std::runtime_error if it has none to give.
inline std::string fresh_nonce() {
  std::array<std::uint8_t, 24> bytes{};
#if defined(_WIN32)
  // The C++ libraries of Windows document it as cryptographically secure.
  std::random_device source;
  for (auto& b : bytes) b = static_cast<std::uint8_t>(source());
#else
  // Elsewhere std::random_device may lawfully be predictable; this is not.
  std::FILE* source = std::fopen("/dev/urandom", "rb");
  const std::size_t got = source == nullptr ? 0 : std::fread(bytes.data(), 1, bytes.size(), source);
  if (source != nullptr) std::fclose(source);
  if (got != bytes.size()) throw std::runtime_error("no random numbers");
#endif
  return hex(bytes);
}

/// Makes the login request, with a fresh nonce when the login has none.
inline Request make_request(const App& app, Login login) {
  if (login.nonce.empty()) login.nonce = fresh_nonce();
  Request request;
  request.method = "POST";
  request.path = "/v2/usg/acs/auth/appauth";
  request.text = string_to_sign(app, login);
  request.signature = sign(app.key, request.text);
  request.headers = {{"Authorization", authorization(app.id, request.signature)},
                     {"Content-Type", "application/json; charset=UTF-8"},
                     {"X-Token-Type", "LongTicket"}};
  request.body = "{\"appId\":" + detail::quote(app.id) + ",\"clientType\":" + std::to_string(login.client_type) +
                 ",\"expireTime\":" + std::to_string(login.expire_time) + ",\"nonce\":" + detail::quote(login.nonce);
  const std::pair<const char*, const std::string&> details[] = {
      {"corpId", login.corp_id},       {"userId", login.user_id},       {"userName", login.user_name},
      {"userEmail", login.user_email}, {"userPhone", login.user_phone}, {"deptCode", login.dept_code}};
  for (const auto& [name, value] : details) {
    if (!value.empty()) request.body += std::string(",\"") + name + "\":" + detail::quote(value);
  }
  request.body += '}';
  return request;
}

}  // namespace orgate

#endif
