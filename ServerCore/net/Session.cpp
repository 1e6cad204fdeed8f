#include "ServerCore/net/Session.h"

#include <algorithm>
#include <array>
#include <utility>

#include "ServerCore/Assert.h"
#include "ServerCore/net/Service.h"
#include "ServerCore/thread/Shard.h"

namespace servercore {

std::string_view ToString(CloseReason reason) {
  switch (reason) {
    case CloseReason::kNone:
      return "open";
    case CloseReason::kLocal:
      return "closed by us";
    case CloseReason::kLocalReset:
      return "reset by us";
    case CloseReason::kPeerClosed:
      return "closed by the peer";
    case CloseReason::kPeerReset:
      return "reset by the peer";
    case CloseReason::kConnectFailed:
      return "connect failed";
    case CloseReason::kQueueFull:
      return "peer does not read";
    case CloseReason::kBadPacket:
      return "impossible packet";
    case CloseReason::kIdle:
      return "idle";
    case CloseReason::kDrainTimeout:
      return "peer did not end";
    case CloseReason::kShutdown:
      return "shutdown";
  }
  return "unknown";
}

void SessionRef::Send(SendBuffer buffer) const {
  if (shard_ != nullptr) shard_->PostSend(id_, std::move(buffer));
}

SessionRef Session::ref() const { return {*shard_, id_}; }
std::intptr_t Session::native_socket() const { return port().NativeSocket(handle_); }
CompletionPort& Session::port() const { return shard_->port(); }

SendResult Session::Send(SendBuffer buffer) {
  if (state_ != State::kOpen || ends_sending_) return SendResult::kClosed;
  if (std::size_t{queued_bytes_} + buffer.size() > options_->queued_bytes_max) {
    CloseNow(CloseKind::kReset, CloseReason::kQueueFull, {});
    return SendResult::kQueueFull;
  }
  if (buffer.size() == 0) return SendResult::kQueued;
  queued_bytes_ += buffer.size();
  ++sends_queued_;
  // Packets written one after the other lie one behind the other: they go as one piece. A send in
  // flight has its own piece list, so the piece may be one of its.
  if (!output_.empty() && output_.back().IsFollowedBy(buffer)) {
    output_.back().Extend(buffer.size());
  } else if (behind_ && output_.size() - output_head_ >= kSendPiecesMax &&
             buffer.size() <= kCopiedMax) {
    QueueCopy(buffer.bytes());
  } else {
    output_.push_back(std::move(buffer));
  }
  MarkDirty();
  return SendResult::kQueued;
}

/// A piece keeps its whole chunk alive, so that small ones for a peer that does not read would hold
/// far more memory than queued_bytes_max. Beyond the pieces of one system call such a session
/// copies what comes into chunks of its own: it holds at most that many chunks of others, those of
/// the turn in which the peer fell behind, and four times what is queued.
void Session::QueueCopy(std::span<const std::byte> bytes) {
  shard_->copied_sends_.fetch_add(1, std::memory_order_relaxed);
  if (output_.back().Append(bytes)) return;
  output_.push_back(
      shard_->send_buffers().CopyApart(bytes, std::max(bytes.size(), kOwnChunkBytes)));
}

void Session::MarkDirty() {
  if (dirty_ || send_in_flight_) return;  // a send in flight flushes when it completes
  dirty_ = true;
  shard_->dirty_.push_back(id_);
}

void Session::Disconnect(CloseKind kind) {
  const bool reset =
      kind == CloseKind::kReset || state_ == State::kConnecting || state_ == State::kNew;
  DisconnectFor(kind, reset ? CloseReason::kLocalReset : CloseReason::kLocal);
}

void Session::DisconnectFor(CloseKind kind, CloseReason reason) {
  if (state_ == State::kClosing) return;
  if (kind == CloseKind::kReset || state_ == State::kConnecting || state_ == State::kNew) {
    CloseNow(CloseKind::kReset, reason, {});
    return;
  }
  if (state_ == State::kDraining) return;
  state_ = State::kDraining;
  reason_ = reason;
  ResumeReading();  // or the peer's end would never be seen
  shard_->WatchDrain(id_, shard_->now() + options_->drain_timeout);
  MarkDirty();
}

void Session::ResumeReading() {
  reading_paused_ = false;
  if (!std::exchange(readable_unread_, false) || state_ == State::kClosing) return;
  port().AwaitReadable(handle_, read_event_);
}

void Session::EndSending() {
  if (state_ != State::kOpen || ends_sending_) return;
  ends_sending_ = true;
  MarkDirty();
}

bool Session::StartConnect(const NetAddress& to, const NetAddress* from) {
  Result<Handle> handle = port().Connect(to, from, read_event_);
  if (!handle) {
    FinishWithoutHandle(CloseReason::kConnectFailed, handle.error());
    return false;
  }
  handle_ = *handle;
  return true;
}

void Session::FinishWithoutHandle(CloseReason reason, std::error_code error) {
  state_ = State::kClosing;
  reason_ = reason;
  error_ = error;
  shard_->Post([shard = shard_, id = id_] {  // never from inside the call that failed
    Session* session = shard->FindSession(id);
    session->OnDisconnected(session->reason_, session->error_);
    shard->RemoveSession(id);
  });
}

void Session::OnIo(IoEvent& event) {
  switch (event.op) {
    case Op::kConnect:
      if (service_ != nullptr) service_->OnConnectFinished(*this);
      if (state_ != State::kConnecting) return;
      if (event.error) {
        CloseNow(CloseKind::kReset, CloseReason::kConnectFailed, event.error);
      } else {
        Opened();
      }
      return;
    case Op::kReadable:
      if (shard_->HoldsReads()) {
        shard_->HoldRead(id_);
      } else {
        Receive();
      }
      return;
    case Op::kSend:
      send_in_flight_ = false;
      if (state_ == State::kClosing) return;
      if (event.error) {
        CloseNow(CloseKind::kReset, CloseReason::kPeerReset, event.error);
        return;
      }
      DropSent(event.bytes);
      MarkDirty();
      return;
    case Op::kClosed:
      output_.clear();  // only now: a cancelled send reads its bytes until it completes
      OnDisconnected(reason_, error_);
      shard_->RemoveSession(id_);
      return;
    case Op::kAccept:
      break;
  }
  SC_ASSERT(false && "an operation that sessions do not submit");
}

void Session::Opened() {
  state_ = State::kOpen;
  last_received_ = shard_->now();
  port().AwaitReadable(handle_, read_event_);
  OnConnected();
}

void Session::Receive() {
  if (state_ != State::kOpen && state_ != State::kDraining) return;
  if (reading_paused_) {
    readable_unread_ = true;
    return;
  }
  std::array<MutableBuffer, kReadPiecesMax> pieces;
  std::size_t count = 0;
  if (!partial_.empty()) pieces[count++] = {partial_.write_cursor(), partial_.missing()};
  const std::span<std::byte> block = shard_->receive_block();
  pieces[count++] = {block.data(), block.size()};
  const IoResult result = port().Read(handle_, std::span(pieces.data(), count));
  switch (result.status) {
    case IoStatus::kPending:
      break;
    case IoStatus::kEnd:
      PeerEnded();
      return;
    case IoStatus::kFailed:
      CloseNow(CloseKind::kReset, CloseReason::kPeerReset, result.error);
      return;
    case IoStatus::kDone: {
      last_received_ = shard_->now();
      Shard::Increase(shard_->bytes_received_, result.bytes);
      const std::size_t into_partial =
          partial_.empty() ? 0 : std::min<std::size_t>(partial_.missing(), result.bytes);
      Consume(result.bytes, into_partial);
      break;
    }
  }
  if (state_ == State::kOpen || state_ == State::kDraining) {
    port().AwaitReadable(handle_, read_event_);
  }
}

void Session::Consume(std::size_t bytes, std::size_t into_partial) {
  std::span<const std::byte> block = shard_->receive_block().first(bytes - into_partial);
  if (!partial_.empty()) {
    partial_.Advance(static_cast<std::uint32_t>(into_partial));
    if (!FinishPartial(block)) return;
  }
  if (block.empty()) return;
  const RecvProgress progress = OnRecv(block);
  block = block.subspan(progress.consumed);
  if (block.empty() || state_ == State::kClosing) return;
  SC_ASSERT(progress.wanted > block.size());
  partial_.Want(progress.wanted);
  partial_.Fill(block);
}

/// Completes the partial packet, from the block as far as needed. A packet may first be known by
/// its header's size only and then want more. False when it is still incomplete or the session
/// closed.
bool Session::FinishPartial(std::span<const std::byte>& block) {
  while (partial_.full()) {
    const RecvProgress progress = OnRecv(partial_.bytes());
    if (state_ == State::kClosing) return false;
    if (progress.consumed > 0) {
      SC_ASSERT(progress.consumed == partial_.bytes().size());  // it was one unit, no more
      partial_.Clear();
      return true;
    }
    partial_.Want(progress.wanted);
    block = partial_.Fill(block);
  }
  return false;
}

void Session::PeerEnded() {
  peer_ended_ = true;
  if (state_ == State::kOpen) {
    state_ = State::kDraining;
    reason_ = CloseReason::kPeerClosed;
    // With nothing left to send it closes at the end of this turn.
    if (!output_.empty()) shard_->WatchDrain(id_, shard_->now() + options_->drain_timeout);
  }
  MarkDirty();  // closes when the rest is out
}

void Session::Flush(Clock::time_point sent_at) {
  dirty_ = false;
  if (send_in_flight_ || state_ == State::kClosing) return;
  while (output_head_ < output_.size()) {
    std::array<ConstBuffer, kSendPiecesMax> pieces;
    const std::size_t count = std::min(output_.size() - output_head_, pieces.size());
    for (std::size_t i = 0; i < count; ++i) {
      const SendBuffer& buffer = output_[output_head_ + i];
      pieces[i] = {buffer.data(), buffer.size()};
    }
    const IoResult result = port().Send(handle_, std::span(pieces.data(), count), send_event_);
    if (result.status == IoStatus::kPending) {
      send_in_flight_ = behind_ = true;
      return;
    }
    if (result.status != IoStatus::kDone) {
      CloseNow(CloseKind::kReset, CloseReason::kPeerReset, result.error);
      return;
    }
    DropSent(result.bytes);
  }
  behind_ = false;
  if (state_ == State::kOpen) {
    OnSent(sent_at);
    if (ends_sending_) EndOurSide();
  } else {
    ContinueDrain();
  }
}

void Session::DropSent(std::size_t bytes) {
  queued_bytes_ -= static_cast<std::uint32_t>(bytes);
  Shard::Increase(shard_->bytes_sent_, bytes);
  while (bytes > 0) {
    SendBuffer& first = output_[output_head_];
    if (bytes < first.size()) {
      first.RemovePrefix(static_cast<std::uint32_t>(bytes));
      break;
    }
    bytes -= first.size();
    first = SendBuffer();
    ++output_head_;
  }
  ForgetSent();
}

/// Keeps the list as long as what is unsent, also for a session that is never quite done.
void Session::ForgetSent() {
  if (output_head_ == output_.size()) {
    output_.clear();
    output_head_ = 0;
    if (output_.capacity() > kOutputKept) output_.shrink_to_fit();
  } else if (output_head_ >= kOutputKept && output_head_ * 2 >= output_.size()) {
    output_.erase(output_.begin(), output_.begin() + output_head_);
    output_head_ = 0;
  }
}

void Session::ContinueDrain() {
  if (peer_ended_) {
    CloseNow(CloseKind::kOrderly, reason_, {});
  } else {
    EndOurSide();
  }
}

void Session::EndOurSide() {
  if (send_ended_ || state_ == State::kClosing) return;
  send_ended_ = true;
  port().ShutdownSend(handle_);
}

void Session::CloseNow(CloseKind kind, CloseReason reason, std::error_code error) {
  if (state_ == State::kClosing) return;
  if (!handle_) {
    FinishWithoutHandle(reason, error);
    return;
  }
  state_ = State::kClosing;
  reason_ = reason;
  error_ = error;
  queued_bytes_ = 0;
  // `partial_` stays until the end: this may be called by who looks at a packet in it.
  port().Close(handle_, kind, closed_event_);
}

}  // namespace servercore
