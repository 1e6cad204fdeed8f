#include "ServerCore/io/backends/WindowsError.h"

#include <winsock2.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <string>

#include "ServerCore/packet/Unicode.h"

namespace servercore {
namespace {

struct KnownError {
  int code;
  std::errc condition;
  const char* message;
};

/// What sockets say, in the words of the other systems, so that reports read alike everywhere.
constexpr KnownError kKnownErrors[] = {
    {ERROR_OPERATION_ABORTED, std::errc::operation_canceled, "Operation canceled"},
    {ERROR_NETNAME_DELETED, std::errc::connection_reset, "Connection reset by peer"},
    {ERROR_CONNECTION_ABORTED, std::errc::connection_aborted, "Connection aborted"},
    {ERROR_CONNECTION_REFUSED, std::errc::connection_refused, "Connection refused"},
    {ERROR_SEM_TIMEOUT, std::errc::timed_out, "Connection timed out"},
    {WSAEINTR, std::errc::interrupted, "Interrupted system call"},
    {WSAEBADF, std::errc::bad_file_descriptor, "Bad file descriptor"},
    {WSAEACCES, std::errc::permission_denied,
     "Permission denied: another program holds the port, or Windows reserves it (netsh int ip show "
     "excludedportrange tcp)"},
    {WSAEFAULT, std::errc::bad_address, "Bad address"},
    {WSAEINVAL, std::errc::invalid_argument, "Invalid argument"},
    {WSAEMFILE, std::errc::too_many_files_open, "Too many open sockets"},
    {WSAEWOULDBLOCK, std::errc::operation_would_block, "Resource temporarily unavailable"},
    {WSAEINPROGRESS, std::errc::operation_in_progress, "Operation now in progress"},
    {WSAEALREADY, std::errc::connection_already_in_progress, "Operation already in progress"},
    {WSAENOTSOCK, std::errc::not_a_socket, "Socket operation on non-socket"},
    {WSAEDESTADDRREQ, std::errc::destination_address_required, "Destination address required"},
    {WSAEMSGSIZE, std::errc::message_size, "Message too long"},
    {WSAEPROTOTYPE, std::errc::wrong_protocol_type, "Protocol wrong type for socket"},
    {WSAENOPROTOOPT, std::errc::no_protocol_option, "Protocol not available"},
    {WSAEPROTONOSUPPORT, std::errc::protocol_not_supported, "Protocol not supported"},
    {WSAEOPNOTSUPP, std::errc::operation_not_supported, "Operation not supported"},
    {WSAEAFNOSUPPORT, std::errc::address_family_not_supported,
     "Address family not supported by protocol"},
    {WSAEADDRINUSE, std::errc::address_in_use, "Address already in use"},
    {WSAEADDRNOTAVAIL, std::errc::address_not_available, "Cannot assign requested address"},
    {WSAENETDOWN, std::errc::network_down, "Network is down"},
    {WSAENETUNREACH, std::errc::network_unreachable, "Network is unreachable"},
    {WSAENETRESET, std::errc::network_reset, "Network dropped connection on reset"},
    {WSAECONNABORTED, std::errc::connection_aborted, "Software caused connection abort"},
    {WSAECONNRESET, std::errc::connection_reset, "Connection reset by peer"},
    {WSAENOBUFS, std::errc::no_buffer_space, "No buffer space or no free local port available"},
    {WSAEISCONN, std::errc::already_connected, "Transport endpoint is already connected"},
    {WSAENOTCONN, std::errc::not_connected, "Transport endpoint is not connected"},
    {WSAESHUTDOWN, std::errc::broken_pipe, "Cannot send after transport endpoint shutdown"},
    {WSAETIMEDOUT, std::errc::timed_out, "Connection timed out"},
    {WSAECONNREFUSED, std::errc::connection_refused, "Connection refused"},
    {WSAENAMETOOLONG, std::errc::filename_too_long, "Name too long"},
    {WSAEHOSTDOWN, std::errc::host_unreachable, "Host is down"},
    {WSAEHOSTUNREACH, std::errc::host_unreachable, "No route to host"},
    {WSASYSNOTREADY, std::errc::network_down, "The network of this system is not ready"},
    {WSANOTINITIALISED, std::errc::network_down, "Winsock was not started"},
    {WSAHOST_NOT_FOUND, std::errc::host_unreachable, "No such host is known"},
    {WSATRY_AGAIN, std::errc::host_unreachable, "The name server did not answer; try again"},
    {WSANO_RECOVERY, std::errc::host_unreachable, "The name server failed"},
    {WSANO_DATA, std::errc::host_unreachable, "The name is known, but has no address"},
    {WSA_NOT_ENOUGH_MEMORY, std::errc::not_enough_memory, "Cannot allocate memory"},
};

const KnownError* FindKnown(int code) {
  const auto* const known = std::ranges::find(kKnownErrors, code, &KnownError::code);
  return known != std::end(kKnownErrors) ? known : nullptr;
}

/// Empty when the system has none in that language.
std::string AskSystem(int code, DWORD language) {
  std::array<wchar_t, 512> text;
  const DWORD units = ::FormatMessageW(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS,
                                       nullptr, static_cast<DWORD>(code), language, text.data(),
                                       static_cast<DWORD>(text.size()), nullptr);
  std::string message;
  AppendUtf16AsUtf8(std::as_bytes(std::span(text).first(units)), message);
  while (!message.empty() && std::string_view(".\r\n ").find(message.back()) != std::string::npos) {
    message.pop_back();
  }
  return message;
}

class WindowsCategory final : public std::error_category {
 public:
  const char* name() const noexcept override { return "windows"; }

  std::string message(int code) const override {
    if (const KnownError* known = FindKnown(code)) return known->message;
    std::string message = AskSystem(code, MAKELANGID(LANG_ENGLISH, SUBLANG_ENGLISH_US));
    if (message.empty()) message = AskSystem(code, 0);
    return message.empty() ? "Windows error " + std::to_string(code) : message;
  }

  std::error_condition default_error_condition(int code) const noexcept override {
    if (const KnownError* known = FindKnown(code))
      return std::make_error_condition(known->condition);
    return std::system_category().default_error_condition(code);
  }
};

}  // namespace

std::error_code WindowsError(unsigned long code) {
  static const WindowsCategory category;
  return {static_cast<int>(code), category};
}

std::error_code SocketError(int code) { return WindowsError(static_cast<unsigned long>(code)); }

std::error_code LastSocketError() { return SocketError(::WSAGetLastError()); }

}  // namespace servercore
