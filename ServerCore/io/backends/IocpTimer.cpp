#include "ServerCore/io/backends/IocpTimer.h"

// Behind windows.h, for it needs its types.
#include <mmsystem.h>

namespace servercore {
namespace {

constexpr DWORD kHighResolution = 0x2;  ///< CREATE_WAITABLE_TIMER_HIGH_RESOLUTION
using Status = LONG;                    ///< NTSTATUS: negative is a failure
constexpr Status kCancelled = static_cast<Status>(0xC0000120);
constexpr Status kPending = 0x103;

/// Documented by Microsoft under "ntassociatewaitcompletionpacket"; in no header of mingw-w64.
struct WaitPackets {
  using Create = Status(NTAPI*)(HANDLE* packet, ULONG access, void* attributes);
  using Associate = Status(NTAPI*)(HANDLE packet, HANDLE port, HANDLE target, void* key,
                                   void* apc_context, Status status, ULONG_PTR information,
                                   BOOLEAN* already_signaled);
  using Cancel = Status(NTAPI*)(HANDLE packet, BOOLEAN remove_signaled);

  Create create = nullptr;
  Associate associate = nullptr;
  Cancel cancel = nullptr;

  bool complete() const { return create != nullptr && associate != nullptr && cancel != nullptr; }
};

template <typename Function>
Function Find(const char* name) {
  // By way of a pointer to no particular function, which compilers let be cast to any.
  const FARPROC found = ::GetProcAddress(::GetModuleHandleW(L"ntdll.dll"), name);
  return reinterpret_cast<Function>(reinterpret_cast<void (*)()>(found));
}

const WaitPackets& FindWaitPackets() {
  static const WaitPackets packets{Find<WaitPackets::Create>("NtCreateWaitCompletionPacket"),
                                   Find<WaitPackets::Associate>("NtAssociateWaitCompletionPacket"),
                                   Find<WaitPackets::Cancel>("NtCancelWaitCompletionPacket")};
  return packets;
}

}  // namespace

IocpTimer::IocpTimer(HANDLE port, ULONG_PTR key) : port_(port), key_(key) {
  if (FindWaitPackets().complete()) {
    timer_ = ::CreateWaitableTimerExW(nullptr, nullptr, kHighResolution,
                                      SYNCHRONIZE | TIMER_QUERY_STATE | TIMER_MODIFY_STATE);
  }
  if (timer_ != nullptr && FindWaitPackets().create(&packet_, GENERIC_ALL, nullptr) < 0) {
    ::CloseHandle(timer_);
    timer_ = nullptr;
  }
  // The next best: time-outs in ticks of 1 ms instead of 15.6. Windows Server 2016 and Wine 8.
  if (timer_ == nullptr) ::timeBeginPeriod(1);
}

IocpTimer::~IocpTimer() {
  if (timer_ == nullptr) {
    ::timeEndPeriod(1);
    return;
  }
  if (is_set_) FindWaitPackets().cancel(packet_, TRUE);
  ::CloseHandle(packet_);
  ::CloseHandle(timer_);
}

bool IocpTimer::Set(Clock::time_point until, Clock::time_point now) {
  if (timer_ == nullptr) return false;
  // One that comes earlier stays: a spurious return from a wait, against two system calls.
  if (is_set_ && set_until_ <= until) return true;
  if (is_set_) {
    const Status cancelled = FindWaitPackets().cancel(packet_, TRUE);
    if (cancelled == kPending || (cancelled < 0 && cancelled != kCancelled)) return false;
    is_set_ = false;
  }
  using Ticks = std::chrono::duration<std::int64_t, std::ratio<1, 10'000'000>>;
  LARGE_INTEGER due;
  due.QuadPart = -std::chrono::ceil<Ticks>(until - now).count();  // negative: from now on
  BOOLEAN already_signaled = FALSE;
  if (::SetWaitableTimer(timer_, &due, 0, nullptr, nullptr, FALSE) == 0 ||
      FindWaitPackets().associate(packet_, port_, timer_, reinterpret_cast<void*>(key_), nullptr, 0,
                                  0, &already_signaled) < 0) {
    return false;
  }
  is_set_ = true;
  set_until_ = until;
  return true;
}

}  // namespace servercore
