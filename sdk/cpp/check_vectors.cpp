// Holds orgate/signature.hpp to vectors.tsv, whose path is the only argument.

#include <fstream>
#include <iostream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "orgate/signature.hpp"

namespace {

int failures = 0;

void expect(const std::string& name, const std::string& what, const std::string& got, const std::string& want) {
  if (got == want) return;
  ++failures;
  std::cerr << name << ": " << what << "\n  got  " << got << "\n  want " << want << '\n';
}

std::string unescape(const std::string& cell) {
  std::string out;
  for (std::size_t i = 0; i < cell.size(); ++i) {
    if (cell[i] != '\\') {
      out += cell[i];
      continue;
    }
    const char c = cell.at(++i);
    out += c == 't' ? '\t' : c == 'n' ? '\n' : c == 'r' ? '\r' : c;
  }
  return out;
}

std::vector<std::string> cells(const std::string& line) {
  std::vector<std::string> out;
  std::size_t from = 0;
  for (std::size_t tab; (tab = line.find('\t', from)) != std::string::npos; from = tab + 1) {
    out.push_back(unescape(line.substr(from, tab - from)));
  }
  out.push_back(unescape(line.substr(from)));
  return out;
}

std::string refused(const orgate::App& app, const orgate::Login& login) {
  try {
    orgate::string_to_sign(app, login);
    return "";
  } catch (const orgate::Refusal& refusal) {
    return refusal.reason();
  }
}

void check(std::map<std::string, std::string>& v) {
  const std::string& name = v["name"];
  const bool known = v["mode"] == "enterprise" || v["mode"] == "sp";
  if (!known) {  // the type of App::mode has no room for it
    expect(name, "refused", "mode", v["refused"]);
    return;
  }
  const orgate::App app{v["mode"] == "sp" ? orgate::Mode::service_provider : orgate::Mode::enterprise, v["appId"], v["appKey"]};
  const orgate::Login login{v["userId"],    v["corpId"],    std::stoll(v["expireTime"]), v["nonce"],   std::stoi(v["clientType"]),
                            v["userName"],  v["userEmail"], v["userPhone"],              v["deptCode"]};
  expect(name, "refused", refused(app, login), v["refused"]);
  if (!v["refused"].empty()) return;
  const orgate::Request request = orgate::make_request(app, login);
  expect(name, "text", request.text, v["text"]);
  expect(name, "signature", request.signature, v["signature"]);
  expect(name, "sign", orgate::sign(app.key, v["text"]), v["signature"]);
  expect(name, "body", request.body, v["body"]);
  expect(name, "authorization", request.headers.at("Authorization"), v["authorization"]);
  expect(name, "older header", orgate::authorization_without_access(request.signature),
         v["authorization"].substr(0, v["authorization"].find(',')));
  expect(name, "method", request.method, "POST");
  expect(name, "path", request.path, "/v2/usg/acs/auth/appauth");
  expect(name, "token type", request.headers.at("X-Token-Type"), "LongTicket");
  expect(name, "content type", request.headers.at("Content-Type"), "application/json; charset=UTF-8");
}

// The digests of FIPS 180-4's examples and of the padding's corner cases.
void check_digests() {
  expect("sha256", "abc", orgate::hex(orgate::sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  expect("sha256", "empty", orgate::hex(orgate::sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  expect("sha256", "56 bytes", orgate::hex(orgate::sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  expect("sha256", "a million", orgate::hex(orgate::sha256(std::string(1000000, 'a'))),
         "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

void check_details() {
  const orgate::App app{orgate::Mode::enterprise, "130436e5b34d4859a87f667a2d626a83", std::string(32, 'k')};
  std::set<std::string> signatures;
  for (int i = 0; i < 200; ++i) signatures.insert(orgate::make_request(app, {}).signature);
  expect("nonces", "different", std::to_string(signatures.size()), "200");
  for (const char* text : {"\xff", "a\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe4\xb8", "\x80", "\xe0\x80\x80"}) {
    orgate::Login login;
    login.nonce = orgate::fresh_nonce();
    login.user_name = text;
    expect("malformed UTF-8", "refused", refused(app, login), "text");
  }
}

}  // namespace

int main(int argc, char** argv) {
  std::ifstream file(argc == 2 ? argv[1] : "vectors.tsv");
  std::string line;
  std::getline(file, line);
  const std::vector<std::string> names = cells(line);
  int count = 0;
  for (; std::getline(file, line); ++count) {
    const std::vector<std::string> row = cells(line);
    std::map<std::string, std::string> v;
    for (std::size_t i = 0; i < names.size(); ++i) v[names[i]] = row.at(i);
    check(v);
  }
  check_digests();
  check_details();
  if (count == 0 || failures != 0) {
    std::cerr << "c++: " << failures << " failures in " << count << " vectors\n";
    return 1;
  }
  std::cout << "c++: " << count << " vectors agree\n";
  return 0;
}
