/// Requests in a queue, one transaction for all that wait, answers after the commit.
#include <gtest/gtest.h>

#include <deque>
#include <string>
#include <vector>

#include "ReferenceServer/accounts/AccountError.h"
#include "ReferenceServer/accounts/AccountStore.h"
#include "ReferenceServer/accounts/DatabaseThread.h"
#include "tests/reference/RefusingDatabase.h"

namespace reference {
namespace {

using servercore::Result;
using servercore::Task;

/// Keeps tasks until the test runs them.
class HeldTasks {
 public:
  AccountStore::Executor executor() {
    return [this](Task task) { tasks_.push_back(std::move(task)); };
  }
  std::size_t size() const { return tasks_.size(); }
  void RunOne() {
    Task task = std::move(tasks_.front());
    tasks_.pop_front();
    task();
  }
  void RunAll() {
    while (!tasks_.empty()) RunOne();
  }

 private:
  std::deque<Task> tasks_;
};

class AccountStoreTest : public testing::Test {
 protected:
  AccountStore::LoadReply NoteAs(const std::string& name) {
    return [this, name](const Result<Account>& account) {
      answers_.push_back(name + (account ? " " + std::to_string(account->front().id) : " failed"));
      if (account) last_ = *account;
    };
  }

  HeldTasks tasks_;
  std::vector<std::string> answers_;
  Account last_;
};

TEST_F(AccountStoreTest, AllThatWaitShareOneTransaction) {
  AccountStore store(AccountDatabase::InMemory(), tasks_.executor());
  for (const char* name : {"a", "b", "c"}) store.Load(name, NoteAs(name));
  EXPECT_EQ(tasks_.size(), 1U);
  EXPECT_EQ(store.counts().waiting, 3U);
  EXPECT_TRUE(answers_.empty());
  tasks_.RunAll();
  EXPECT_EQ(answers_, (std::vector<std::string>{"a 1", "b 3", "c 5"}));
  EXPECT_EQ(store.counts().commits, 1U);
  EXPECT_EQ(store.counts().loads, 3U);
  EXPECT_EQ(store.counts().waiting, 0U);
  EXPECT_EQ(store.counts().waiting_max, 3U);
}

TEST_F(AccountStoreTest, ALoadSeesTheSavesBeforeIt) {
  AccountStore store(AccountDatabase::InMemory(), tasks_.executor());
  store.Load("ann", NoteAs("ann"));
  tasks_.RunAll();
  bool saved = false;
  store.Save(last_[1].id, {3, 4}, [&](std::error_code error) { saved = !error; });
  store.Load("ann", NoteAs("ann"));
  tasks_.RunAll();
  EXPECT_TRUE(saved);
  EXPECT_EQ(last_[1].position, (Position{3, 4}));
  EXPECT_EQ(store.counts().saves, 1U);
}

TEST_F(AccountStoreTest, WhatIsAskedForFromAnAnswerIsDoneNext) {
  AccountStore store(AccountDatabase::InMemory(), tasks_.executor());
  store.Load("first", [&](const Result<Account>&) { store.Load("second", NoteAs("second")); });
  tasks_.RunOne();
  EXPECT_TRUE(answers_.empty());
  ASSERT_EQ(tasks_.size(), 1U);
  tasks_.RunOne();
  EXPECT_EQ(answers_, (std::vector<std::string>{"second 3"}));
  EXPECT_EQ(tasks_.size(), 0U);
}

TEST_F(AccountStoreTest, LoadsBeyondTheLimitAreRefusedAndSavesAreNot) {
  AccountStore store(AccountDatabase::InMemory(), tasks_.executor(), 2);
  for (const char* name : {"a", "b", "c"}) store.Load(name, NoteAs(name));
  store.Save(1, {});
  EXPECT_EQ(answers_, (std::vector<std::string>{"c failed"}));
  tasks_.RunAll();
  EXPECT_EQ(answers_.size(), 3U);
  EXPECT_EQ(store.counts().refused, 1U);
  EXPECT_EQ(store.counts().saves, 1U);
  EXPECT_EQ(store.counts().failed, 0U);
}

TEST_F(AccountStoreTest, OneThatFailsCostsTheOthersFewTransactions) {
  RefusingDatabase file;
  AccountStore store(file.Open(), tasks_.executor());
  for (int i = 0; i < 64; ++i) {
    const std::string name = i == 20 ? "bad" : "player " + std::to_string(i);
    store.Load(name, NoteAs(name));
  }
  store.Save(1, {3, 4});
  tasks_.RunAll();
  EXPECT_EQ(store.counts().loads, 63U);
  EXPECT_EQ(store.counts().saves, 1U);
  EXPECT_EQ(store.counts().failed, 1U);
  EXPECT_EQ(store.counts().saves_failed, 0U);
  EXPECT_LE(store.counts().commits, 7U);
  ASSERT_EQ(answers_.size(), 64U);
  EXPECT_EQ(answers_[20], "bad failed");
  EXPECT_EQ(answers_[63].substr(0, 9), "player 63");
}

TEST_F(AccountStoreTest, OnlyWhatWroteShowsThatItWorksAgain) {
  RefusingDatabase file;
  AccountStore store(file.Open(), tasks_.executor());
  const auto load = [&](const std::string& name) {
    store.Load(name, NoteAs(name));
    tasks_.RunAll();
    return static_cast<bool>(store.counts().failing_with);
  };
  EXPECT_FALSE(load("ann"));
  EXPECT_TRUE(load("bad"));
  EXPECT_TRUE(load("ann"));  // only read
  EXPECT_FALSE(load("ben"));
}

TEST_F(AccountStoreTest, AThreadEndsWhenAllItsTasksAndTheirsHaveRun) {
  constexpr int kLoads = 1'000;
  DatabaseThread thread;
  AccountStore store(AccountDatabase::InMemory(), [&](Task task) { thread.Post(std::move(task)); });
  int answered = 0;  // the database's thread writes it, this one reads it after the join
  for (int i = 0; i < kLoads; ++i) {
    store.Load("player " + std::to_string(i), [&](const Result<Account>& account) {
      store.Save(account->front().id, {1, 2}, [&](std::error_code) { ++answered; });
    });
  }
  thread.Stop();
  EXPECT_EQ(answered, kLoads);
  EXPECT_EQ(store.counts().waiting, 0U);
  EXPECT_LE(store.counts().commits, 2U * kLoads);
}

}  // namespace
}  // namespace reference
