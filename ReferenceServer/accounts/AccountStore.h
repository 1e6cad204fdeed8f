#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <system_error>
#include <variant>
#include <vector>

#include "ReferenceServer/accounts/Account.h"
#include "ReferenceServer/accounts/AccountDatabase.h"
#include "ServerCore/Result.h"
#include "ServerCore/thread/Lock.h"
#include "ServerCore/thread/Task.h"

namespace reference {

/// What an AccountStore did so far.
struct AccountCounts {
  std::size_t waiting = 0;      ///< requests that are not answered yet
  std::size_t waiting_max = 0;  ///< the most there ever were
  std::uint64_t loads = 0;      ///< answered with an account
  std::uint64_t saves = 0;
  std::uint64_t commits = 0;       ///< transactions: less than loads and saves when they are many
  std::uint64_t failed = 0;        ///< requests that the database could not do
  std::uint64_t saves_failed = 0;  ///< those of them that were saves
  std::uint64_t refused = 0;       ///< loads beyond loads_waiting_max
  /// Why the last request failed that did, until something was written again: reading alone works
  /// on a full disk.
  std::error_code failing_with;
};

/// The way to the accounts for who must not wait for a disk. Requests are values in a queue; all
/// that wait are done in one transaction (a group commit: one sync of the disk for many players),
/// and each is answered after its commit. In the order of asking: a load sees the saves before it.
/// Thread: Load, Save and counts any; the database is touched by the executor's tasks only.
class AccountStore {
 public:
  /// Called in a task of the executor: leave a message, as Shard::Post, and return.
  using LoadReply = std::function<void(servercore::Result<Account>)>;
  using SaveReply = std::function<void(std::error_code)>;
  /// Runs a task later, never in place, and one at a time: a DatabaseThread's Post, or a shard's
  /// in a simulation.
  using Executor = std::function<void(servercore::Task)>;

  /// Further loads are refused at once. Saves are not: each needs a login before it.
  static constexpr std::size_t kLoadsWaitingMax = 100'000;

  AccountStore(AccountDatabase database, Executor executor,
               std::size_t loads_waiting_max = kLoadsWaitingMax);
  AccountStore(const AccountStore&) = delete;
  AccountStore& operator=(const AccountStore&) = delete;
  ~AccountStore();  ///< REQUIRES that the executor has no task of it left

  /// Makes the account if there is none. Errors: of AccountErrorCategory.
  void Load(std::string name, LoadReply reply);
  /// `reply` may be empty.
  void Save(std::uint64_t character, const Position& position, SaveReply reply = {});

  /// A Load would be refused now.
  bool IsBusy() const;

  AccountCounts counts() const;

 private:
  struct LoadRequest {
    std::string name;
    LoadReply reply;
    Account account;
  };
  struct SaveRequest {
    std::uint64_t character = 0;
    Position position;
    SaveReply reply;
  };
  using Request = std::variant<LoadRequest, SaveRequest>;

  void Push(Request request);
  void Schedule();
  void RunWaiting();
  void RunAndAnswer(std::span<Request> requests);
  std::error_code RunTogether(std::span<Request> requests);
  std::error_code Run(Request& request);
  void Answer(Request& request, std::error_code error);

  AccountDatabase database_;  ///< the executor's
  const Executor executor_;
  const std::size_t loads_waiting_max_;
  mutable servercore::Lock lock_{"account requests"};
  std::vector<Request> waiting_;
  bool scheduled_ = false;
  AccountCounts counts_;
};

}  // namespace reference
