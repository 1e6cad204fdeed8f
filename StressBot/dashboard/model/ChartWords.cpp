#include "StressBot/dashboard/model/ChartWords.h"

#include <algorithm>
#include <array>

namespace stressbot {

namespace {

struct Word {
  std::string_view english, korean;
};

constexpr std::array kWords{
    Word{"Active bots by the step in which they wait", "활성 봇이 기다리는 단계"},
    Word{"between steps", "단계 사이"},
    Word{"CPU, of one core", "CPU (코어 하나 기준)"},
    Word{"Errors by kind, a second", "종류별 오류 (초당)"},
    Word{"no errors", "오류 없음"},
    Word{"request failed", "요청 실패"},
    Word{"check failed", "검사 실패"},
    Word{"connect failed", "접속 실패"},
    Word{"bot dropped", "봇 끊김"},
    Word{"drop, excused", "끊김 (허용됨)"},
    Word{"connect, excused", "접속 실패 (허용됨)"},
    Word{"request never sent", "보내지 못한 요청"},
    Word{"no free bot", "남는 봇 없음"},
    Word{"packet invalid", "잘못된 패킷"},
    Word{"reply too late", "늦은 응답"},
    Word{"not delivered", "전달되지 않음"},
    Word{"delivered", "전달됨"},
    Word{"Packets a second", "초당 패킷"},
    Word{"Bytes a second", "초당 바이트"},
    Word{"out", "송신"},
    Word{"in", "수신"},
    Word{"Bots by state", "상태별 봇"},
    Word{"dormant: not begun yet, or done; ending: its connections are being closed; away: between "
         "two "
         "visits",
         "대기: 아직 시작 전이거나 마침, 종료 중: 연결을 닫는 중, 자리 비움: 다음 방문 전"},
    Word{"dormant", "대기"},
    Word{"connecting", "접속 중"},
    Word{"active", "활성"},
    Word{"ending", "종료 중"},
    Word{"away", "자리 비움"},
    Word{"Connections a second", "초당 연결"},
    Word{"opened", "연결됨"},
    Word{"ended by us", "우리가 종료"},
    Word{"ended by server", "서버가 종료"},
    Word{"timed out", "시간 초과"},
    Word{"Memory", "메모리"},
    Word{"Handles and threads of servers", "서버의 핸들과 스레드"},
    Word{"Deliveries of broadcasts a second", "초당 브로드캐스트 전달"},
    Word{"How late StressBot's own timers ran", "StressBot 자체 타이머의 지연"},
    Word{"max", "최대"},
    Word{"Latency", "지연 시간"},
    Word{"Latencies of all requests", "모든 요청의 지연 시간"},
    Word{"connect", "접속"},
    Word{"recovery after a drop", "끊긴 뒤 복구"},
};
/// What stands before a name.
constexpr std::array kPrefixes{Word{"server ", "서버 "},        Word{"handles of ", "핸들: "},
                               Word{"threads of ", "스레드: "}, Word{"request: ", "요청: "},
                               Word{"ended by ", "종료: "},     Word{"Scraped: ", "수집: "},
                               Word{"fan-out of ", "팬아웃: "}};

}  // namespace

std::string ChartWord(Language language, std::string_view english) {
  if (language == Language::kEnglish) return std::string(english);
  const auto word = std::find_if(kWords.begin(), kWords.end(),
                                 [&](const Word& each) { return each.english == english; });
  if (word != kWords.end()) return std::string(word->korean);
  for (const Word& prefix : kPrefixes) {
    if (english.starts_with(prefix.english))
      return std::string(prefix.korean).append(english.substr(prefix.english.size()));
  }
  return std::string(english);
}

}  // namespace stressbot
