#include "ServerCore/io/backends/SimNetwork.h"

#include <algorithm>
#include <iterator>
#include <ranges>

namespace servercore {
namespace {

constexpr std::chrono::seconds kSynRetry{1};  ///< a full backlog drops the request, as Linux does

bool Covers(const NetAddress& pattern, const NetAddress& address) {
  return pattern.WithPort(0) == address.WithPort(0) &&
         (pattern.port() == 0 || pattern.port() == address.port());
}

bool IsAnyAddress(const NetAddress& address) {
  return std::ranges::all_of(address.bytes(), [](std::uint8_t byte) { return byte == 0; });
}

std::error_code ConnectionReset() { return std::make_error_code(std::errc::connection_reset); }

}  // namespace

std::uint64_t SimRandom::Next() {
  std::uint64_t z = (state_ += 0x9e3779b97f4a7c15U);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
  return z ^ (z >> 31);
}

bool SimRandom::Happens(double probability) {
  if (probability <= 0) return false;
  return static_cast<double>(Next() >> 11) * 0x1p-53 < probability;
}

SimNetwork::SimNetwork(SimOptions options) : options_(options), random_(options.seed) {
  SC_ASSERT(options_.latency_min.count() >= 0 && options_.latency_max >= options_.latency_min);
  SC_ASSERT(options_.socket_buffer_bytes > 0);
}

std::optional<Clock::time_point> SimNetwork::NextEventTime() const {
  if (arrivals_.empty()) return std::nullopt;
  return arrivals_.top().at;
}

void SimNetwork::AdvanceTo(Clock::time_point time) {
  SC_ASSERT(time >= now_);
  while (!arrivals_.empty() && arrivals_.top().at <= time) {
    const Arrival arrival = arrivals_.top();
    arrivals_.pop();
    now_ = std::max(now_, arrival.at);
    Deliver(arrival);
  }
  now_ = time;
}

void SimNetwork::Pause(const NetAddress& address) { paused_.push_back(address); }

void SimNetwork::Resume(const NetAddress& address) {
  std::erase(paused_, address);
  // Those that another pause still covers are held again when they are delivered.
  for (Arrival& arrival : held_) {
    arrival.at = now_;
    arrivals_.push(arrival);
  }
  held_.clear();
}

void SimNetwork::CutOff(const NetAddress& address) { cut_off_.push_back(address); }

void SimNetwork::ResetSome(double probability) {
  for (auto& [id, connection] : connections_) {
    if (!random_.Happens(probability)) continue;
    for (End& end : connection.ends) Break(end);
  }
}

SimNetwork::EndId SimNetwork::Connect(const NetAddress& to, const NetAddress* from,
                                      SimSocketOwner& owner) {
  const EndId id = 2 * next_id_++;
  Connection& connection = connections_[id / 2];
  End& end = connection.ends[0];
  NetAddress source = to;  // a host that talks to itself, unless a source is given
  if (from != nullptr) source = *from;
  end.local = from != nullptr && from->port() != 0 ? *from : WithFreePort(source);
  end.owner = &owner;
  end.state = EndState::kConnecting;
  connection.ends[1].local = to;
  Transmit(id, {.kind = Kind::kSyn});
  return id;
}

Result<SimNetwork::ListenerId> SimNetwork::Listen(const NetAddress& at, int backlog,
                                                  SimSocketOwner& owner) {
  const NetAddress address = at.port() == 0 ? WithFreePort(at) : at;
  const bool taken = std::ranges::any_of(
      listeners_, [&](const auto& entry) { return entry.second.at == address; });
  if (taken) return std::make_error_code(std::errc::address_in_use);
  const ListenerId id = next_id_++;
  listeners_[id] = {.at = address,
                    .owner = &owner,
                    .backlog = static_cast<std::size_t>(std::max(backlog, 1)),
                    .waiting = {}};
  return id;
}

void SimNetwork::SetListenerSlot(ListenerId id, std::uint32_t slot) {
  listeners_.at(id).slot = slot;
}

void SimNetwork::SetOwner(EndId id, SimSocketOwner& owner, std::uint32_t slot) {
  End& end = EndOf(id);
  end.owner = &owner;
  end.slot = slot;
}

Result<std::optional<SimNetwork::EndId>> SimNetwork::TakeWaiting(ListenerId id) {
  Listener& listener = listeners_.at(id);
  if (listener.waiting.empty()) return std::optional<EndId>{};
  if (random_.Happens(options_.accept_failure_probability)) {
    return std::make_error_code(std::errc::too_many_files_open);
  }
  const EndId end = listener.waiting.front();
  listener.waiting.pop_front();
  return std::optional(end);
}

void SimNetwork::CloseListener(ListenerId id) {
  const Listener listener = std::move(listeners_.at(id));
  listeners_.erase(id);
  for (const EndId end : listener.waiting) Close(end, CloseKind::kReset);
}

bool SimNetwork::IsReadable(EndId id) {
  const End& end = EndOf(id);
  if (end.read_offset < end.received.size() || end.saw_end || end.error) return true;
  return random_.Happens(options_.spurious_readable_probability);
}

IoResult SimNetwork::Read(EndId id, std::span<const MutableBuffer> into) {
  End& end = EndOf(id);
  const std::size_t unread = end.received.size() - end.read_offset;
  if (unread == 0) {
    if (end.error) return {.status = IoStatus::kFailed, .error = end.error};
    return {.status = end.saw_end ? IoStatus::kEnd : IoStatus::kPending};
  }
  const std::size_t bytes = Limit(std::min(unread, TotalSize(into)), options_.read_bytes_max,
                                  options_.short_read_probability);
  if (tap_) tap_(id, std::span(end.received).subspan(end.read_offset, bytes));
  std::size_t left = bytes;
  for (const MutableBuffer& piece : into) {
    const std::size_t part = std::min(left, piece.size);
    std::copy_n(end.received.data() + end.read_offset, part, piece.data);
    end.read_offset += part;
    left -= part;
  }
  if (end.read_offset == end.received.size()) {
    end.received.clear();
    end.read_offset = 0;
  }
  Transmit(id, {.kind = Kind::kCredit, .credit = bytes});
  return {.bytes = bytes};
}

IoResult SimNetwork::Send(EndId id, std::span<const ConstBuffer> from) {
  End& end = EndOf(id);
  SC_ASSERT(!end.send_shut);
  if (end.error) return {.status = IoStatus::kFailed, .error = end.error};
  if (end.window == 0) {
    end.waits_to_send = true;
    return {.status = IoStatus::kPending};
  }
  const std::size_t bytes = Limit(std::min(end.window, TotalSize(from)), options_.send_bytes_max,
                                  options_.short_send_probability);
  Segment segment{.kind = Kind::kData};
  segment.bytes.reserve(bytes);
  for (const ConstBuffer& piece : from) {
    const std::size_t part = std::min(bytes - segment.bytes.size(), piece.size);
    segment.bytes.insert(segment.bytes.end(), piece.data, piece.data + part);
  }
  end.window -= bytes;
  Transmit(id, std::move(segment));
  return {.bytes = bytes};
}

void SimNetwork::ShutdownSend(EndId id) {
  End& end = EndOf(id);
  if (std::exchange(end.send_shut, true) || end.error) return;
  Transmit(id, {.kind = Kind::kFin});
}

void SimNetwork::Close(EndId id, CloseKind kind) {
  End& end = EndOf(id);
  const bool reset = kind == CloseKind::kReset || end.state == EndState::kConnecting ||
                     end.read_offset < end.received.size();
  if (!end.error && (reset || !end.send_shut)) {
    Transmit(id, {.kind = reset ? Kind::kReset : Kind::kFin});
  }
  end.state = EndState::kClosed;
  end.owner = nullptr;
  end.received = {};
  end.read_offset = 0;
  const EndState peer = PeerOf(id).state;
  if (peer == EndState::kNone || peer == EndState::kClosed) connections_.erase(id / 2);
}

void SimNetwork::Reset(EndId id) {
  Break(EndOf(id));
  Break(PeerOf(id));
}

void SimNetwork::CloseDetached(std::intptr_t native) noexcept {
  Close(static_cast<EndId>(native), CloseKind::kReset);
}

void SimNetwork::Transmit(EndId from, Segment segment, std::chrono::nanoseconds extra) {
  End& end = EndOf(from);
  const auto spread =
      static_cast<std::uint64_t>((options_.latency_max - options_.latency_min).count());
  const std::chrono::nanoseconds drawn(static_cast<std::int64_t>(random_.UpTo(spread)));
  end.last_arrival = std::max(end.last_arrival, now_ + options_.latency_min + drawn + extra);
  end.sent.push_back(std::move(segment));
  arrivals_.push({.at = end.last_arrival, .tie = random_.Next(), .from = from});
}

void SimNetwork::Deliver(const Arrival& arrival) {
  const auto connection = connections_.find(arrival.from / 2);
  if (connection == connections_.end()) return;  // both ends are closed
  if (IsListed(paused_, arrival.from)) {
    held_.push_back(arrival);
    return;
  }
  End& sender = EndOf(arrival.from);
  Segment segment = std::move(sender.sent.front());
  sender.sent.pop_front();
  if (IsListed(cut_off_, arrival.from)) return;

  trace_hash_ ^= static_cast<std::uint64_t>(now_.time_since_epoch().count()) +
                 (arrival.from << 40) + (segment.bytes.size() << 8) +
                 static_cast<std::uint64_t>(segment.kind);
  trace_hash_ *= 0x100000001b3U;  // FNV-1a's prime
  if (segment.kind == Kind::kSyn) {
    DeliverSyn(arrival.from, std::move(segment));
  } else {
    DeliverToEnd(arrival.from ^ 1U, segment);
  }
}

void SimNetwork::DeliverSyn(EndId from, Segment segment) {
  if (EndOf(from).state != EndState::kConnecting) return;
  const EndId to = from ^ 1U;
  End& end = EndOf(to);
  Listener* listener = FindListener(end.local);
  if (listener == nullptr || random_.Happens(options_.connect_refused_probability)) {
    Transmit(to, {.kind = Kind::kRefused});
    return;
  }
  if (listener->waiting.size() >= listener->backlog) {
    Transmit(from, std::move(segment), kSynRetry);
    return;
  }
  end.state = EndState::kOpen;
  end.window = options_.socket_buffer_bytes;
  Transmit(to, {.kind = Kind::kAccepted});
  listener->waiting.push_back(to);
  listener->owner->OnSimWaiting(listener->slot);
}

void SimNetwork::DeliverToEnd(EndId to, Segment& segment) {
  End& end = EndOf(to);
  if (end.error) return;
  if (end.state == EndState::kClosed || end.state == EndState::kNone) {
    if (segment.kind == Kind::kData) Transmit(to, {.kind = Kind::kReset});
    return;
  }
  switch (segment.kind) {
    case Kind::kAccepted:
      end.window = options_.socket_buffer_bytes;
      FinishConnect(end, {});
      break;
    case Kind::kRefused:
      end.error = std::make_error_code(std::errc::connection_refused);
      FinishConnect(end, end.error);
      break;
    case Kind::kData:
      end.received.insert(end.received.end(), segment.bytes.begin(), segment.bytes.end());
      if (end.owner != nullptr) end.owner->OnSimReadable(end.slot);
      break;
    case Kind::kCredit:
      end.window += segment.credit;
      if (std::exchange(end.waits_to_send, false)) end.owner->OnSimWritable(end.slot);
      break;
    case Kind::kFin:
      end.saw_end = true;
      if (end.owner != nullptr) end.owner->OnSimReadable(end.slot);
      break;
    case Kind::kReset:
      Break(end);
      break;
    case Kind::kSyn:
      SC_ASSERT(false);  // goes to a listener, not to an end
  }
}

void SimNetwork::FinishConnect(End& end, std::error_code error) {
  end.state = EndState::kOpen;
  end.owner->OnSimConnected(end.slot, error);
}

void SimNetwork::Break(End& end) {
  if (end.error || end.state == EndState::kNone || end.state == EndState::kClosed) return;
  end.error = ConnectionReset();
  end.received.clear();
  end.read_offset = 0;
  if (end.state == EndState::kConnecting) {
    FinishConnect(end, end.error);
    return;
  }
  if (end.owner == nullptr) return;
  if (std::exchange(end.waits_to_send, false)) end.owner->OnSimWritable(end.slot);
  end.owner->OnSimReadable(end.slot);
}

SimNetwork::Listener* SimNetwork::FindListener(const NetAddress& to) {
  for (auto& [id, listener] : listeners_) {
    const bool any = listener.at.family() == to.family() && IsAnyAddress(listener.at) &&
                     listener.at.port() == to.port();
    if (any || listener.at == to) return &listener;
  }
  return nullptr;
}

bool SimNetwork::IsListed(const std::vector<NetAddress>& list, EndId id) {
  return std::ranges::any_of(list, [&](const NetAddress& pattern) {
    return Covers(pattern, EndOf(id).local) || Covers(pattern, PeerOf(id).local);
  });
}

std::size_t SimNetwork::Limit(std::size_t total, std::size_t bytes_max, double short_probability) {
  if (bytes_max != 0) total = std::min(total, bytes_max);
  if (total > 1 && random_.Happens(short_probability)) total = 1 + random_.UpTo(total - 2);
  return total;
}

NetAddress SimNetwork::WithFreePort(const NetAddress& address) {
  // Ports come round after 55,535 others; a listener that lives so long keeps its own.
  NetAddress candidate;
  do {
    candidate = address.WithPort(next_port_);
    next_port_ =
        next_port_ == 65'535 ? std::uint16_t{10'000} : static_cast<std::uint16_t>(next_port_ + 1);
  } while (FindListener(candidate) != nullptr);
  return candidate;
}

}  // namespace servercore
