#include "StressBot/cli/Scraper.h"

#include <httplib.h>

#include <utility>

#include "StressBot/engine/TargetAddress.h"

namespace stressbot {

namespace {

/// Why there is no answer, in words.
std::string Describe(httplib::Error error) {
  switch (error) {
    case httplib::Error::Connection:
    case httplib::Error::ConnectionTimeout:
      return "nobody answers there";
    case httplib::Error::Canceled:
      return "the answer is too long";
    default:
      return "the answer was cut short or is no HTTP";
  }
}

}  // namespace

std::optional<ScrapeRequest> ParseScrapeUrl(const std::string& text, std::string& error) {
  constexpr std::string_view kScheme = "http://";
  ScrapeRequest request;
  request.url = text;
  if (text.starts_with("https://")) {
    error = "\"" + text + "\": scraping speaks no TLS; give an address with http://";
    return std::nullopt;
  }
  if (text.starts_with(kScheme)) {
    const std::size_t slash = std::min(text.find('/', kScheme.size()), text.size());
    std::string place = text.substr(kScheme.size(), slash - kScheme.size());
    if (slash < text.size()) request.path = text.substr(slash);
    const bool has_port = !place.ends_with(']') && place.find(':') != std::string::npos;
    const auto target = ParseHostPort(has_port ? place : place + ":80");
    const bool is_clean = text.find_first_of(" \t\r\n@") == std::string::npos;
    if (target && target->port != 0 && is_clean) {
      request.host = target->host;
      request.port = target->port;
      return request;
    }
  }
  error = "\"" + text + "\" is no address; write for example http://127.0.0.1:9100/metrics";
  return std::nullopt;
}

ScrapeMetrics::ScrapeMetrics(const ScrapeRequest& request, MetricsCatalog& catalog)
    : failed(catalog.Rate("scrapes_failed", {})) {
  for (const SeriesSelector& selector : request.series)
    series.push_back(catalog.Gauge("scraped", {{"series", selector.text}}));
}

Scraper::Scraper(ScrapeRequest request, ScrapeLimits limits)
    : request_(std::move(request)),
      limits_(limits),
      client_(std::make_unique<httplib::Client>(request_.host, request_.port)),
      values_(request_.series.size()),
      counts_(request_.series.size()) {
  client_->set_connection_timeout(limits_.answer);
  client_->set_read_timeout(limits_.answer);
  client_->set_write_timeout(limits_.answer);
  client_->set_keep_alive(true);
  client_->set_follow_location(false);
  client_->set_decompress(false);  // a few bytes may stand for many
}

Scraper::~Scraper() {
  if (!thread_.joinable()) return;
  {
    std::unique_lock lock(mutex_);
    stopping_ = true;
    wake_.notify_all();
    // Again and again: it may be about to connect.
    while (!ended_) {
      client_->stop();
      wake_.wait_for(lock, std::chrono::milliseconds(20));
    }
  }
  thread_.join();
}

bool Scraper::Begin(servercore::StopRequests& stops, std::string& error) {
  constexpr std::chrono::milliseconds kLookEvery{5};
  thread_ = std::thread([this] { Run(); });
  const auto until = Clock::now() + limits_.first;
  do {
    const std::lock_guard lock(mutex_);
    CutLongAnswer();
    if (begun_ && unknown_.empty()) return true;
    if (begun_ || (Clock::now() >= until && !why_not_.empty())) {
      error = "--scrape " + request_.url + " " + (begun_ ? unknown_ : why_not_);
      return false;
    }
  } while (stops.WaitFor(kLookEvery) == 0);
  return false;
}

void Scraper::SetMetrics(const ScrapeMetrics& ids, MetricsFrame& frame) {
  const std::lock_guard lock(mutex_);
  CutLongAnswer();
  for (std::size_t i = 0; i < values_.size(); ++i) frame.Set(ids.series[i], values_[i]);
  frame.Count(ids.failed, false, std::exchange(answered_, 0));
  frame.Count(ids.failed, true, std::exchange(failed_, 0));
}

std::optional<std::string> Scraper::TakeComplaint() {
  const std::lock_guard lock(mutex_);
  if (complaint_.empty()) return std::nullopt;
  return std::exchange(complaint_, {});
}

/// Headers that drip in, a byte now and then, have no end of their own.
void Scraper::CutLongAnswer() {
  if (asked_at_ && Clock::now() - *asked_at_ > limits_.answer) client_->stop();
}

void Scraper::Run() {
  const auto again = limits_.period / 5;
  std::string why;
  bool goes_on = true;
  while (goes_on && !Scrape(why)) {
    {
      const std::lock_guard lock(mutex_);
      why_not_ = why;
    }
    goes_on = WaitUntil(Clock::now() + again);
  }
  // On a grid of a second; what an answer takes longer is left out.
  auto due = Clock::now();
  while (goes_on) {
    do due += limits_.period;
    while (due < Clock::now());
    goes_on = WaitUntil(due);
    if (goes_on && !Scrape(why)) NoteFailure(why);
  }
  const std::lock_guard lock(mutex_);
  ended_ = true;
  wake_.notify_all();
}

bool Scraper::WaitUntil(Clock::time_point due) {
  std::unique_lock lock(mutex_);
  return !wake_.wait_until(lock, due, [this] { return stopping_; });
}

bool Scraper::Scrape(std::string& error) {
  const std::optional<std::string> text = Fetch(error);
  if (!text) return false;
  const std::optional<Exposition> exposition = ReadExposition(*text, error);
  if (exposition) Take(*exposition);
  return exposition.has_value();
}

void Scraper::NoteFailure(const std::string& why) {
  const std::lock_guard lock(mutex_);
  if (stopping_) return;
  ++failed_;
  if (std::exchange(complained_, true)) return;
  complaint_ = "--scrape " + request_.url + " " + why +
               "; its values stay as they were, and further failures are only counted";
}

std::optional<std::string> Scraper::Fetch(std::string& error) {
  const auto began = Clock::now();
  {
    const std::lock_guard lock(mutex_);
    asked_at_ = began;
  }
  std::string body;
  const auto result = client_->Get(
      request_.path,
      httplib::Headers{{"Accept", "text/plain;version=0.0.4"}, {"Accept-Encoding", "identity"}},
      [&](const char* data, std::size_t size) {
        body.append(data, size);
        return body.size() <= limits_.bytes && Clock::now() - began <= limits_.answer;
      });
  {
    const std::lock_guard lock(mutex_);
    asked_at_.reset();
  }
  if (result && result->status == 200) return body;
  if (result) {
    error = "answers with status " + std::to_string(result->status) + " instead of 200";
  } else if (Clock::now() - began > limits_.answer) {
    error = "gives nothing: the answer takes too long";  // whoever of the two noticed it first
  } else {
    error = "gives nothing: " + Describe(result.error());
  }
  return std::nullopt;
}

void Scraper::Take(const Exposition& exposition) {
  const auto now = Clock::now();
  const double seconds = std::chrono::duration<double>(now - counted_at_).count();
  std::vector<std::optional<double>> found;
  std::string unknown;
  for (const SeriesSelector& selector : request_.series) {
    found.push_back(ValueOf(exposition, selector));
    if (unknown.empty()) unknown = WhyUnknown(exposition, selector);
  }
  const std::lock_guard lock(mutex_);
  for (std::size_t i = 0; i < found.size(); ++i) {
    const double value = found[i].value_or(0);
    if (!request_.series[i].is_counter()) {
      values_[i] = value;
      continue;
    }
    // One that went back began again, as after a restart of the server.
    const double before = counts_[i].value_or(value);
    values_[i] = (value < before ? value : value - before) / seconds;
    counts_[i] = value;
  }
  counted_at_ = now;
  if (begun_) ++answered_;
  if (!std::exchange(begun_, true)) unknown_ = std::move(unknown);
}

}  // namespace stressbot
