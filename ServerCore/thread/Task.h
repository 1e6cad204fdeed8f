#pragma once
#include <memory>
#include <type_traits>
#include <utility>

namespace servercore {

/// A piece of work that is moved, run once, and may own what cannot be copied (a DetachedSocket).
/// std::function cannot; std::move_only_function is not in C++20.
class Task {
 public:
  Task() = default;
  template <typename F>
  requires(!std::is_same_v<std::remove_cvref_t<F>, Task>) Task(F&& work)
      : work_(std::make_unique<Holder<std::decay_t<F>>>(std::forward<F>(work))) {}  // NOLINT

  void operator()() { work_->Run(); }
  explicit operator bool() const { return work_ != nullptr; }

 private:
  struct Work {
    virtual ~Work() = default;
    virtual void Run() = 0;
  };
  template <typename F>
  struct Holder final : Work {
    explicit Holder(F f) : work(std::move(f)) {}
    void Run() override { work(); }
    F work;
  };
  std::unique_ptr<Work> work_;
};

}  // namespace servercore
