#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "StressBot/protocol/PacketTableBuilder.h"

/// Private to the protocol library.
namespace stressbot {

/// Finds messages by the names of their constants: C_LOGIN, or LOGIN_REQ for LoginReq.
class MessageNames {
 public:
  /// `only`: of this source alone. `prefixes`: of those that match one, unless it is empty.
  MessageNames(const PacketTableBuilder& table, std::optional<std::size_t> only,
               const std::vector<std::string>& prefixes);

  /// By the name as it is; with the same letters and digits if exactly one message has them.
  std::optional<PacketTable::Origin> Find(std::string_view constant) const;
  /// All of them, in order of declaration.
  const std::vector<PacketTable::Origin>& all() const { return all_; }
  const std::vector<std::string>& names() const { return names_; }  ///< in the same order

 private:
  std::vector<PacketTable::Origin> all_;
  std::vector<std::string> names_;
  std::map<std::string, PacketTable::Origin, std::less<>> exact_;
  std::map<std::string, std::vector<PacketTable::Origin>, std::less<>> by_letters_;
};

}  // namespace stressbot
