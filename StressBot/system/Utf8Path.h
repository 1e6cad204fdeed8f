#pragma once
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>

/// Text inside the program is UTF-8 everywhere, but what a path takes a plain string for is the
/// system's choice (on Windows its "ANSI" code page, in which no Korean name survives). So paths
/// are made and shown by these only.
namespace stressbot {

std::filesystem::path PathOf(std::string_view utf8);

/// As people and files of ours write it: UTF-8, with slashes, on every system.
std::string Utf8Of(const std::filesystem::path& path);

/// What a file operation's failure means, in plain words: the system's own would come in its
/// language and code page.
std::string ReasonOf(std::error_code failure);

}  // namespace stressbot
