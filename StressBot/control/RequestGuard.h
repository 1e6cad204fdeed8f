#pragma once
#include <string>
#include <string_view>
#include <utility>

namespace stressbot {

/// What a request says about who sent it. Empty: it does not say.
struct RequestOrigin {
  std::string_view host;           ///< of the header Host
  std::string_view origin;         ///< of the header Origin
  std::string_view authorization;  ///< of the header Authorization
};

/// Who is let in, decided from the headers alone. Thread: any.
class RequestGuard {
 public:
  /// Without a token only loopback names are let in.
  explicit RequestGuard(std::string token) : token_(std::move(token)) {}

  struct Refusal {
    int status = 0;  ///< of HTTP; 0: it is let in
    std::string why;
  };
  Refusal Judge(const RequestOrigin& request) const;

 private:
  const std::string token_;
};

/// "localhost", "127.0.0.1:6565", "[::1]:6565".
bool IsLoopbackHost(std::string_view host);

}  // namespace stressbot
