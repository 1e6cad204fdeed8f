#include "ReferenceServer/ServerTotals.h"

namespace reference {

std::uint64_t ServerTotals::packets_received() const {
  return Sum(open.received) + Sum(ended.ended_in_order.received) +
         Sum(ended.ended_otherwise.received);
}

std::uint64_t ServerTotals::packets_sent() const {
  return Sum(open.sent) + Sum(ended.ended_in_order.sent) + Sum(ended.ended_otherwise.sent);
}

}  // namespace reference
