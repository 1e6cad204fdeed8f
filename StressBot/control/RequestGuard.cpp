#include "StressBot/control/RequestGuard.h"

#include <algorithm>
#include <cctype>

#include "ServerCore/net/NetAddress.h"

namespace stressbot {

namespace {

/// In a time that does not tell how much of it is right.
bool IsSame(std::string_view given, std::string_view wanted) {
  unsigned difference = given.size() == wanted.size() ? 0 : 1;
  for (std::size_t i = 0; i < given.size(); ++i) {
    const char expected = wanted.empty() ? '\0' : wanted[i % wanted.size()];
    difference |= static_cast<unsigned>(given[i] ^ expected);
  }
  return difference == 0;
}

bool IsPort(std::string_view text) {
  return !text.empty() && text.size() <= 5 &&
         std::all_of(text.begin(), text.end(),
                     [](unsigned char letter) { return std::isdigit(letter) != 0; });
}

}  // namespace

bool IsLoopbackHost(std::string_view host) {
  std::string name(host);
  std::string port = "80";
  const std::size_t colon = name.rfind(':');
  const std::size_t bracket = name.rfind(']');
  if (colon != std::string::npos && (bracket == std::string::npos || colon > bracket)) {
    port = name.substr(colon + 1);
    name.resize(colon);
  }
  if (!IsPort(port)) return false;
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
  if (name == "localhost") return true;
  const auto address = servercore::NetAddress::Parse(name + ":" + port);
  return address && address->IsLoopback();
}

RequestGuard::Refusal RequestGuard::Judge(const RequestOrigin& request) const {
  constexpr std::string_view kBearer = "Bearer ";
  // A page that a browser shows may send to us what it likes, and names may lead anywhere.
  if (!request.origin.empty() && request.origin != "http://" + std::string(request.host))
    return {403, "a page of another origin may not use this"};
  if (token_.empty()) {
    if (IsLoopbackHost(request.host)) return {};
    return {403, "the request is for another host; use a loopback name, as 127.0.0.1"};
  }
  const bool is_bearer = request.authorization.starts_with(kBearer);
  if (is_bearer && IsSame(request.authorization.substr(kBearer.size()), token_)) return {};
  return {401, "a token is needed: Authorization: Bearer TOKEN"};
}

}  // namespace stressbot
