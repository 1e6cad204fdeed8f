#pragma once
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace servercore {

enum class LockMode : std::uint8_t { kExclusive, kShared };

enum class LockFault : std::uint8_t {
  kCycle,          ///< taken in two orders: two threads may wait for each other for ever
  kSameName,       ///< two locks of one name at once: nothing orders them
  kTakenTwice,     ///< the thread has this very lock: it would wait for itself
  kUpgrade,        ///< it reads and wants to write: it would wait for itself
  kUnlockedOrder,  ///< not the last one taken is given up
  kNotTaken,       ///< given up by a thread that does not have it
};

struct LockReport {
  LockFault fault;
  std::string text;  ///< for people: which locks, which threads, what to do
};

/// Finds locks that may wait for each other for ever, at the moment when the second order is seen
/// and not only when two threads meet in it.
///
/// Each thread has a stack of what it holds. Taking B while A is held adds an edge from A to B,
/// once, with who did it. A new edge that a depth-first search follows from B back to A closes a
/// cycle (T. Cormen and others, Introduction to Algorithms, "Depth-first search": a directed graph
/// has a cycle exactly if the search meets a back edge; the course's DeadLockProfiler). Nodes are
/// names and not single locks, as in Linux' lockdep: an order seen on two rooms holds for all.
/// Readers count as writers, since a waiting writer stops readers.
///
/// One a process, because lock order is: what one part takes last another may take first.
/// Thread: any. Taking a lock while none is held asks the graph nothing.
class DeadLockProfiler {
 public:
  using Handler = std::function<void(const LockReport&)>;
  using Name = std::size_t;  ///< a lock's name, as a number

  static DeadLockProfiler& OfProcess();

  Name Register(const char* name);
  /// What happens with a report: by default it is printed and the process aborts. When the handler
  /// returns, the lock is taken all the same; one that throws keeps it from being taken.
  /// Returns the handler before. REQUIRES that nobody takes a lock meanwhile.
  Handler SetHandler(Handler handler);
  /// Tells reports what this thread is: "shard 2".
  static void NameThisThread(std::string name);

  /// Looks, then notes that the thread has it: before it blocks, or it could not tell any more.
  void BeforeLock(const void* lock, Name name, LockMode mode);
  void BeforeUnlock(const void* lock, Name name);

 private:
  struct Edge {
    Name from;
    Name to;
    std::string thread;  ///< who was the first to take them in this order
  };
  using Path = std::vector<const Edge*>;

  DeadLockProfiler();
  void LookAtHeld(const void* lock, Name name, LockMode mode);
  void AddEdge(Name from, Name to);
  bool FindPath(Name from, Name to, std::vector<bool>& seen, Path& path) const;
  std::string DescribeCycle(const Edge& closing, const Path& path) const;
  void Report(LockFault fault, const std::string& text) const;
  std::string Quoted(Name name) const;

  mutable std::mutex mutex_;  ///< guards all below; no other lock is taken while it is held
  std::map<std::string, Name, std::less<>> numbers_;
  std::vector<std::string> names_;
  std::vector<std::deque<Edge>> edges_;  ///< by Edge::from; a deque, so that a Path stays true
  Handler handler_;
};

}  // namespace servercore
