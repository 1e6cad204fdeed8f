#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

/// Private to the protocol library.
namespace stressbot {

/// Messages in order of declaration, before it is known which of them are packets.
struct PacketSource {
  std::string file;  ///< a .proto file; empty: the protocol file itself
  std::vector<std::string> names;
  std::vector<std::string> full_names{};  ///< with the package; empty: as the names
};

/// An enum of the .proto files, which may hold ids.
struct IdEnum {
  std::string full_name;
  std::vector<std::pair<std::string, std::int32_t>> values;
};

/// What a payload declares.
struct PacketSources {
  std::vector<PacketSource> list;  ///< with files, or one without
  std::vector<IdEnum> enums{};
  std::filesystem::path directory{};  ///< of the protocol file
  bool are_open = false;              ///< nothing is declared: "ids" names the packets

  bool HaveFiles() const { return list.size() != 1 || !list.front().file.empty(); }
};

}  // namespace stressbot
