#pragma once
#include <system_error>

namespace servercore {

/// What WSAGetLastError or GetLastError said, as a value that compares with std::errc and has an
/// English message in UTF-8. Apart from std::system_category, which tells Winsock's codes from
/// nothing in mingw-w64 and has messages in the code page of the machine.
std::error_code WindowsError(unsigned long code);
/// The same for a code of Winsock, which are ints there.
std::error_code SocketError(int code);
/// WSAGetLastError as a value.
std::error_code LastSocketError();

}  // namespace servercore
