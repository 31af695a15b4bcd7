#include "http2/event_loop.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <functional>
#include <future>
#include <utility>
#include <vector>

namespace passmint::http2 {
namespace {

using std::chrono::milliseconds;

class Reader final : public EventLoop::Watcher {
 public:
  explicit Reader(std::function<void()> told) : told_(std::move(told)) {}
  void OnReady() override { told_(); }

 private:
  std::function<void()> told_;
};

TEST(EventLoopTest, RunsTasksInTheOrderOfTheCalls) {
  auto loop = EventLoop::Start().value();
  std::vector<int> order;
  std::promise<void> done;
  for (int i = 0; i < 100; ++i) loop->Post([&order, i] { order.push_back(i); });
  loop->Post([&done] { done.set_value(); });
  done.get_future().get();
  ASSERT_EQ(order.size(), 100U);
  EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
}

TEST(EventLoopTest, TimersComeInTheirOrderAndNotWhenTheyAreCancelled) {
  auto loop = EventLoop::Start().value();
  std::vector<int> order;
  std::promise<void> done;
  loop->Post([&] {
    const auto now = EventLoop::Clock::now();
    loop->At(now + milliseconds(30), [&] { done.set_value(); });
    loop->At(now + milliseconds(20), [&] { order.push_back(2); });
    loop->At(now + milliseconds(10), [&] { order.push_back(1); });
    loop->Cancel(loop->At(now + milliseconds(5), [&] { order.push_back(0); }));
  });
  done.get_future().get();
  EXPECT_EQ(order, (std::vector<int>{1, 2}));
}

TEST(EventLoopTest, AForgottenDescriptorTellsNothingMore) {
  auto loop = EventLoop::Start().value();
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  int told = 0;
  std::promise<void> first;
  Reader reader([&] {
    if (++told == 1) first.set_value();
    loop->Forget(ends[0]);  // Its byte is still there.
  });
  loop->Post([&] {
    ASSERT_TRUE(loop->Watch(ends[0], EventLoop::Interest::kRead, reader).ok());
    ASSERT_EQ(::write(ends[1], "x", 1), 1);
  });
  first.get_future().get();
  std::promise<void> later;
  loop->Post(
      [&] { loop->At(EventLoop::Clock::now() + milliseconds(20), [&] { later.set_value(); }); });
  later.get_future().get();
  loop->Stop();
  EXPECT_EQ(told, 1);
  ::close(ends[0]);
  ::close(ends[1]);
}

TEST(EventLoopTest, AfterAStopNothingRuns) {
  auto loop = EventLoop::Start().value();
  loop->Stop();
  bool ran = false;
  loop->Post([&ran] { ran = true; });
  loop->Stop();
  EXPECT_FALSE(ran);
}

}  // namespace
}  // namespace passmint::http2
