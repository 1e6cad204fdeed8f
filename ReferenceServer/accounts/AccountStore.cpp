#include "ReferenceServer/accounts/AccountStore.h"

#include <algorithm>
#include <utility>

#include "ReferenceServer/accounts/AccountError.h"
#include "ServerCore/Assert.h"

namespace reference {

AccountStore::AccountStore(AccountDatabase database, Executor executor,
                           std::size_t loads_waiting_max)
    : database_(std::move(database)),
      executor_(std::move(executor)),
      loads_waiting_max_(loads_waiting_max) {}

AccountStore::~AccountStore() { SC_ASSERT(!scheduled_); }

void AccountStore::Load(std::string name, LoadReply reply) {
  {
    std::unique_lock locked(lock_);
    if (counts_.waiting >= loads_waiting_max_) {
      ++counts_.refused;
      locked.unlock();
      reply(make_error_code(AccountError::kBusy));
      return;
    }
  }
  Push(LoadRequest{std::move(name), std::move(reply), {}});
}

void AccountStore::Save(std::uint64_t character, const Position& position, SaveReply reply) {
  Push(SaveRequest{character, position, std::move(reply)});
}

bool AccountStore::IsBusy() const {
  const std::lock_guard locked(lock_);
  return counts_.waiting >= loads_waiting_max_;
}

AccountCounts AccountStore::counts() const {
  const std::lock_guard locked(lock_);
  return counts_;
}

void AccountStore::Push(Request request) {
  {
    const std::lock_guard locked(lock_);
    waiting_.push_back(std::move(request));
    counts_.waiting_max = std::max(counts_.waiting_max, ++counts_.waiting);
    if (std::exchange(scheduled_, true)) return;  // its task will find this one too
  }
  Schedule();
}

void AccountStore::Schedule() {
  executor_([this] { RunWaiting(); });
}

void AccountStore::RunWaiting() {
  std::vector<Request> requests;
  {
    const std::lock_guard locked(lock_);
    requests.swap(waiting_);
  }
  RunAndAnswer(requests);
  {
    const std::lock_guard locked(lock_);
    scheduled_ = !waiting_.empty();
    if (!scheduled_) return;
  }
  Schedule();
}

/// One that fails, as one on a damaged page would, must not fail the others for ever, nor cost each
/// of them a sync of its own: the half without it is done in one go.
void AccountStore::RunAndAnswer(std::span<Request> requests) {
  const std::error_code error = RunTogether(requests);
  if (error && requests.size() > 1) {
    const std::size_t half = requests.size() / 2;
    RunAndAnswer(requests.first(half));
    return RunAndAnswer(requests.subspan(half));
  }
  for (Request& request : requests) Answer(request, error);
}

std::error_code AccountStore::RunTogether(std::span<Request> requests) {
  if (const std::error_code error = database_.Begin()) return error;
  const std::int64_t rows_before = database_.rows_written();
  for (Request& request : requests) {
    if (const std::error_code error = Run(request)) {
      database_.Rollback();
      return error;
    }
  }
  if (const std::error_code error = database_.Commit()) return error;
  const std::lock_guard locked(lock_);
  ++counts_.commits;
  if (database_.rows_written() != rows_before) counts_.failing_with = {};
  return {};
}

std::error_code AccountStore::Run(Request& request) {
  if (auto* load = std::get_if<LoadRequest>(&request)) {
    servercore::Result<Account> account = database_.LoadOrCreate(load->name);
    if (!account) return account.error();
    load->account = *std::move(account);
    return {};
  }
  const auto& save = std::get<SaveRequest>(request);
  return database_.SavePosition(save.character, save.position);
}

void AccountStore::Answer(Request& request, std::error_code error) {
  auto* load = std::get_if<LoadRequest>(&request);
  {
    const std::lock_guard locked(lock_);
    --counts_.waiting;
    if (error) counts_.failing_with = error;
    if (error && load == nullptr) ++counts_.saves_failed;
    ++(error ? counts_.failed : load != nullptr ? counts_.loads : counts_.saves);
  }
  if (load != nullptr) {
    load->reply(error ? servercore::Result<Account>(error) : std::move(load->account));
  } else if (auto& save = std::get<SaveRequest>(request); save.reply) {
    save.reply(error);
  }
}

}  // namespace reference
