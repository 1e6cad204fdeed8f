#pragma once
#include <condition_variable>
#include <mutex>

#include "ServerCore/io/backends/EventQueue.h"
#include "ServerCore/io/backends/SlotTable.h"

namespace bench {

/// A port whose connections lead nowhere: each connect succeeds, whatever is sent is gone at once,
/// nothing is ever received. What is left of a server's work is its own, without the kernel's.
class NullPort final : public servercore::CompletionPort {
 public:
  servercore::Result<servercore::Handle> Attach(servercore::DetachedSocket) override;
  servercore::Result<servercore::Handle> Listen(const servercore::NetAddress&, int) override;
  servercore::Result<servercore::Handle> Connect(const servercore::NetAddress& to,
                                                 const servercore::NetAddress* from,
                                                 servercore::IoEvent& event) override;
  void Accept(servercore::Handle, servercore::AcceptEvent&) override {}
  void AwaitReadable(servercore::Handle handle, servercore::IoEvent& event) override;
  servercore::IoResult Read(servercore::Handle,
                            std::span<const servercore::MutableBuffer>) override {
    return {.status = servercore::IoStatus::kPending};
  }
  servercore::IoResult Send(servercore::Handle, std::span<const servercore::ConstBuffer> from,
                            servercore::IoEvent&) override {
    return {.bytes = servercore::TotalSize(from)};
  }
  void ShutdownSend(servercore::Handle) override {}
  void Close(servercore::Handle handle, servercore::CloseKind kind,
             servercore::IoEvent& closed) override;
  servercore::NetAddress LocalAddress(servercore::Handle) const override { return {}; }
  std::intptr_t NativeSocket(servercore::Handle) const override { return -1; }
  std::size_t Wait(std::span<servercore::IoEvent*> out,
                   servercore::Clock::time_point until) override;
  void Wake() noexcept override;
  servercore::Clock::time_point Now() const override { return servercore::Clock::now(); }
  std::size_t open_handles() const override { return connections_.used(); }

 private:
  struct Connection {
    servercore::EventQueue accepts;
    servercore::IoEvent* input = nullptr;
    servercore::IoEvent* output = nullptr;
  };

  servercore::SlotTable<Connection> connections_;
  servercore::EventQueue finished_;
  std::mutex mutex_;
  std::condition_variable woken_;
  bool wake_ = false;
};

}  // namespace bench
