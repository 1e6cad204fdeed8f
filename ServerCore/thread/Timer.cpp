#include "ServerCore/thread/Timer.h"

#include <algorithm>

namespace servercore {

namespace {
constexpr std::size_t kArity = 4;
}

void TimerQueue::Set(Timer& timer, Clock::time_point due) {
  timer.due_ = due;
  const Node node{std::max(due, earliest_), &timer};
  if (!timer.armed()) {
    heap_.push_back(node);
    SiftUp(heap_.size() - 1, node);
    return;
  }
  const std::size_t place = timer.place_;
  if (node.due < heap_[place].due) {
    SiftUp(place, node);
  } else {
    SiftDown(place, node);
  }
}

void TimerQueue::Cancel(Timer& timer) {
  if (timer.armed()) RemoveAt(timer.place_);
}

Clock::time_point TimerQueue::NextDue() const {
  return heap_.empty() ? Clock::time_point::max() : heap_.front().due;
}

std::size_t TimerQueue::RunDue(Clock::time_point now) {
  if (NextDue() > now) return 0;
  // What is set meanwhile lies behind all that is due, so the loop ends.
  earliest_ = now + Clock::duration(1);
  std::size_t called = 0;
  while (NextDue() <= now) {
    Timer* timer = heap_.front().timer;
    RemoveAt(0);
    ++called;
    timer->OnTimer(now);
  }
  earliest_ = Clock::time_point::min();
  return called;
}

void TimerQueue::Place(std::size_t place, Node node) {
  heap_[place] = node;
  node.timer->place_ = static_cast<std::uint32_t>(place);
}

void TimerQueue::SiftUp(std::size_t place, Node node) {
  while (place > 0) {
    const std::size_t parent = (place - 1) / kArity;
    if (heap_[parent].due <= node.due) break;
    Place(place, heap_[parent]);
    place = parent;
  }
  Place(place, node);
}

void TimerQueue::SiftDown(std::size_t place, Node node) {
  for (;;) {
    const std::size_t first = place * kArity + 1;
    if (first >= heap_.size()) break;
    const std::size_t end = std::min(first + kArity, heap_.size());
    std::size_t least = first;
    for (std::size_t child = first + 1; child < end; ++child) {
      if (heap_[child].due < heap_[least].due) least = child;
    }
    if (node.due <= heap_[least].due) break;
    Place(place, heap_[least]);
    place = least;
  }
  Place(place, node);
}

void TimerQueue::RemoveAt(std::size_t place) {
  heap_[place].timer->place_ = Timer::kNowhere;
  const Node last = heap_.back();
  heap_.pop_back();
  if (place == heap_.size()) return;
  if (place > 0 && last.due < heap_[(place - 1) / kArity].due) {
    SiftUp(place, last);
  } else {
    SiftDown(place, last);
  }
}

}  // namespace servercore
