#pragma once
#include <cstdint>
#include <string>
#include <vector>

/// The files below /proc, described in proc(5).
namespace stressbot {

/// The fields of /proc/PID/stat from "state" on: [0] is field 3 of proc(5). Empty when the process
/// is gone.
std::vector<std::string> StatFields(std::int64_t pid);
/// The value of one field there by its number in proc(5); 0 when it is missing.
std::int64_t StatField(const std::vector<std::string>& fields, std::size_t number);

/// All processes.
std::vector<std::int64_t> ProcessIds();
/// What the descriptors of a process refer to: "socket:[12345]", "/dev/null".
std::vector<std::string> DescriptorTargets(std::int64_t pid);
int CountDescriptors(std::int64_t pid);

/// The first number in a file like /proc/sys/net/ipv4/tcp_tw_reuse; `otherwise` without it.
std::int64_t ReadNumberFile(const std::string& path, std::int64_t otherwise);

}  // namespace stressbot
