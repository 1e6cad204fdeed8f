#include "StressBot/dashboard/ui/Texts.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace stressbot {

namespace {

struct Row {
  Text text;
  std::string_view english, korean;
};

constexpr std::size_t kTextCount = static_cast<std::size_t>(Text::kCount);

constexpr Row kRows[] = {
    {Text::kAppName, "StressBot", "StressBot"},
    {Text::kView, "View", "보기"},
    {Text::kThemeDark, "Dark", "어둡게"},
    {Text::kThemeLight, "Light", "밝게"},
    {Text::kThemeSystem, "As the system", "시스템 설정에 따름"},
    {Text::kLarger, "Larger", "크게"},
    {Text::kSmaller, "Smaller", "작게"},
    {Text::kOriginalSize, "Original size", "원래 크기"},
    {Text::kSavePicture, "Save a picture of the window", "창을 그림으로 저장"},
    {Text::kQuit, "Quit", "끝내기"},
    {Text::kHelp, "Help", "도움말"},
    {Text::kKeys, "Keys", "단축키"},
    {Text::kKeyMove, "to the next field; arrows move, Space or Enter presses",
     "다음 항목으로. 화살표로 옮기고 스페이스나 엔터로 누릅니다"},
    {Text::kKeyTheme, "dark or light", "어둡게 또는 밝게"},
    {Text::kKeyLanguage, "English or Korean", "한국어 또는 영어"},
    {Text::kKeySize, "larger, smaller, original size", "크게, 작게, 원래 크기"},
    {Text::kKeyPicture, "saves a picture of the window", "창을 그림으로 저장"},
    {Text::kKeyQuit, "closes the program", "프로그램 끝내기"},
    {Text::kKeyHelp, "shows and hides this list", "이 목록을 보이거나 숨김"},
    {Text::kKeyPause, "pauses the load, or lets it go on", "부하 일시 정지 또는 계속"},
    {Text::kKeyMoreFewer, "a tenth more or fewer bots and arrivals",
     "봇과 유입을 10분의 1 늘리거나 줄임"},
    {Text::kKeyMarkEnd, "marks this moment; ends the load as if its time were over",
     "지금 시점 표시, 예정 시간이 다 된 것처럼 부하 끝내기"},
    {Text::kKeyPlots, "earlier, later, closer, wider: all plots",
     "그래프: 앞으로, 뒤로, 확대, 축소"},
    {Text::kKeySpans, "last minute, 10 minutes, whole run; back to live",
     "최근 1분, 10분, 전체, 실시간으로"},
    {Text::kKeySave, "saves reports of the run", "실행 보고서 저장"},
    {Text::kClose, "Close", "닫기"},
    {Text::kRunNone, "no run", "실행 없음"},
    {Text::kRunPreparing, "preparing", "준비 중"},
    {Text::kRunStarting, "starting", "시작 중"},
    {Text::kRunWarmup, "warm-up", "워밍업"},
    {Text::kRunRunning, "running", "실행 중"},
    {Text::kRunPaused, "paused", "일시 정지"},
    {Text::kRunStopping, "stopping", "정리 중"},
    {Text::kRunOver, "over", "종료됨"},
    {Text::kRunRefused, "not started", "시작 안 됨"},
    {Text::kRunOf, "{} of {}", "{} / {}"},
    {Text::kSoFar, "so far", "현재까지"},
    {Text::kRequestsPerSecond, "requests/s", "요청/초"},
    {Text::kErrorsPerSecond, "errors/s", "오류/초"},
    {Text::kBotsFigure, "bots, active / wanted", "봇 (활동 / 목표)"},
    {Text::kBotsActive, "bots, active", "활동 봇"},
    {Text::kBotsMost, "bots, at most", "최대 봇 수"},
    {Text::kAskedDelivered, "load, asked / delivered per s", "초당 부하 (요구 / 실제)"},
    {Text::kPause, "Pause", "일시 정지"},
    {Text::kPauseTip, "The load stands still, connections stay open (P)",
     "부하만 멈추고 연결은 유지합니다 (P)"},
    {Text::kResume, "Go on", "계속"},
    {Text::kResumeTip, "The load goes on (P)", "부하를 다시 시작합니다 (P)"},
    {Text::kEndRun, "End", "끝내기"},
    {Text::kEndTip,
     "Ends the load now, as if its time were over: bots leave in order, and the run is judged (Q)",
     "예정 시간이 다 된 것처럼 부하를 끝냅니다. 봇이 정상적으로 나가고 결과를 판정합니다 (Q)"},
    {Text::kAbort, "Abort", "중단"},
    {Text::kAbortTip, "Ends the run at once; it counts as failed",
     "즉시 중단합니다. 실패로 기록됩니다"},
    {Text::kAbortAsk, "The run ends at once and counts as failed (exit code 103).",
     "실행을 즉시 중단하며 실패로 기록됩니다 (종료 코드 103)."},
    {Text::kAbortNow, "Abort it", "중단"},
    {Text::kKeepRunning, "Let it run", "계속 실행"},
    {Text::kSaveReports, "Save reports", "보고서 저장"},
    {Text::kSaveReportsTip, "Writes reports of this run as files (Ctrl+S)",
     "이번 실행의 보고서를 파일로 저장합니다 (Ctrl+S)"},
    {Text::kCopyCommand, "Copy as command line", "명령줄로 복사"},
    {Text::kCopyCommandTip, "The same run for a terminal or a CI job",
     "터미널이나 CI에서 같은 실행을 할 수 있는 명령입니다"},
    {Text::kNewRun, "New run", "새 실행"},
    {Text::kNewRunTip, "Back to the scenarios", "시나리오 목록으로 돌아갑니다"},
    {Text::kCopy, "Copy", "복사"},
    {Text::kCopied, "Copied", "복사했습니다"},
    {Text::kCouldNotBegin, "The run could not begin", "실행을 시작하지 못했습니다"},
    {Text::kInternalError, "StressBot itself failed", "StressBot 내부 오류"},
    {Text::kServerDied, "The server died", "서버가 죽었습니다"},
    {Text::kNothingWorked, "Nothing works", "아무것도 동작하지 않습니다"},
    {Text::kRunAborted, "Aborted", "중단됨"},
    {Text::kWhatHappened, "What happened", "무슨 일이 있었나"},
    {Text::kGeneratorLimited,
     "This machine is the bottleneck: the numbers say little about the server",
     "이 PC가 병목입니다. 수치로 서버를 판단하기 어렵습니다"},
    {Text::kChangedByHand, "Changed by hand", "수동 변경"},
    {Text::kChangedByHandMore,
     "Somebody changed the load while it ran: this run cannot be compared with others.",
     "실행 중에 부하를 바꿨으므로 다른 실행과 비교할 수 없습니다."},
    {Text::kNotJudged, "too little to judge", "판정 불가"},
    {Text::kNoDataYet, "no data yet", "데이터 없음"},
    {Text::kChipTip, "Click: shows it on the plots", "클릭: 그래프에서 보기"},
    {Text::kServer, "Server", "서버"},
    {Text::kServerAlive, "alive", "살아 있음"},
    {Text::kServerEnded, "ended", "종료됨"},
    {Text::kServerAnswers, "answers (its process is not watched)",
     "응답함 (프로세스는 감시하지 않음)"},
    {Text::kServerSilent, "does not answer (its process is not watched)",
     "응답 없음 (프로세스는 감시하지 않음)"},
    {Text::kServerNotWatched, "its process is not watched", "프로세스를 감시하지 않음"},
    {Text::kServerUnknownYet, "not known yet", "아직 알 수 없음"},
    {Text::kThreads, "{} threads", "스레드 {}개"},
    {Text::kLastPackets, "packets of its last second", "죽기 전 1초 동안의 패킷"},
    {Text::kStack, "stack", "스택"},
    {Text::kLastLines, "its last lines", "마지막 출력"},
    {Text::kLoad, "Load", "부하"},
    {Text::kAsked, "asked", "요구"},
    {Text::kDelivered, "delivered", "실제"},
    {Text::kDeliveredShare, "{} delivered", "{} 달성"},
    {Text::kDeliveredTip,
     "How much of the load that the scenario asks for was sent in time, so far in the measured "
     "part",
     "측정 구간에서 시나리오가 요구한 부하를 제때 보낸 비율입니다"},
    {Text::kLateness, "lateness of our timers, p99: {}", "자체 타이머 지연 p99: {}"},
    {Text::kLatenessTip,
     "Above 10 ms the numbers say more about this machine than about the server",
     "10 ms를 넘으면 서버보다 이 PC의 상태를 보여 주는 수치입니다"},
    {Text::kLatencyAgainstLimit, "Latency against its threshold", "지연 시간과 임계값"},
    {Text::kFunnel, "Bots by step", "단계별 봇"},
    {Text::kFunnelStuck, "Stuck in {}", "{}에서 막혔습니다"},
    {Text::kBetweenSteps, "between steps", "단계 사이"},
    {Text::kBotsWait, "{} bots wait in it", "봇 {}개가 대기 중"},
    {Text::kBotsSilent, "{} of them without a reply for over 5 s",
     "그중 {}개는 5초 넘게 응답이 없음"},
    {Text::kFirstFailures, "First failures", "첫 실패"},
    {Text::kNoFailuresYet, "None so far.", "아직 없습니다."},
    {Text::kNoFailures, "Nothing failed.", "실패가 없습니다."},
    {Text::kOpenFailure, "Click: shows it below", "클릭: 아래에서 보기"},
    {Text::kOpenConversation, "Click: shows its packets, decoded", "클릭: 해석한 패킷 보기"},
    {Text::kLastMinute, "Minute", "1분"},
    {Text::kTenMinutes, "10 min", "10분"},
    {Text::kWholeRun, "Whole run", "전체"},
    {Text::kLive, "Live", "실시간"},
    {Text::kOneColumn, "One column", "한 열로"},
    {Text::kTwoColumns, "Two columns", "두 열로"},
    {Text::kPlotStepTip, "Whose latencies are plotted", "지연 시간을 그릴 단계"},
    {Text::kPlotNoData, "no data yet", "데이터 없음"},
    {Text::kPlotNoReplies, "no replies", "응답 없음"},
    {Text::kPlotFailed, "failed", "실패"},
    {Text::kPlotAllHidden, "all lines are hidden: click a name to show it",
     "모든 선을 숨겼습니다. 이름을 클릭하면 보입니다"},
    {Text::kPlotLegendHint, "click: hide or show\nright click: only this one",
     "클릭: 숨기기/보이기\n오른쪽 클릭: 이것만"},
    {Text::kPlotCountInCell, "requests in a cell", "칸의 요청 수"},
    {Text::kPlotRequests, "requests", "요청"},
    {Text::kWaitingForServer, "Checking the scenario and starting the server…",
     "시나리오를 확인하고 서버를 시작하는 중…"},
    {Text::kWaitingForSecond, "Waiting for the first second…", "첫 1초를 기다리는 중…"},
    {Text::kNothingMeasured, "Nothing was measured: the load did not begin.",
     "부하가 시작되지 않아 측정한 것이 없습니다."},
    {Text::kControl, "Hands on", "제어"},
    {Text::kSteps, "Steps", "단계"},
    {Text::kEvents, "Events", "이벤트"},
    {Text::kServerOutput, "Server output", "서버 출력"},
    {Text::kTabsLarger, "Larger, over the plots", "그래프 위로 크게"},
    {Text::kTabsSmaller, "Show the plots again", "그래프 다시 보기"},
    {Text::kFilter, "filter", "필터"},
    {Text::kShownOf, "{} of {}", "{} / {}"},
    {Text::kBotsAndArrivals, "Bots and arrivals", "봇과 유입"},
    {Text::kChangesOver, "over", "변경 시간"},
    {Text::kBotsTip, "Up to {} bots. Applied when it is let go. Ctrl+click: type a number",
     "최대 {}개. 놓으면 적용됩니다. Ctrl+클릭: 숫자 입력"},
    {Text::kRateTip, "Arrivals a second, applied when it is let go. Ctrl+click: type a number",
     "초당 유입. 놓으면 적용됩니다. Ctrl+클릭: 숫자 입력"},
    {Text::kAtOnce, "at once", "즉시"},
    {Text::kOverTip, "How long the next change of bots or arrivals takes",
     "봇이나 유입을 바꿀 때 걸리는 시간"},
    {Text::kFewer, "- 10 %", "- 10 %"},
    {Text::kFewerTip, "A tenth fewer bots and arrivals, of all groups (-)",
     "모든 그룹의 봇과 유입을 10분의 1 줄입니다 (-)"},
    {Text::kMore, "+ 10 %", "+ 10 %"},
    {Text::kMoreTip, "A tenth more bots and arrivals, of all groups (+)",
     "모든 그룹의 봇과 유입을 10분의 1 늘립니다 (+)"},
    {Text::kDropHeading, "Cut connections", "연결 끊기"},
    {Text::kDropShare, "{} of the bots", "봇의 {}"},
    {Text::kAllGroups, "all groups", "모든 그룹"},
    {Text::kByReset, "reset", "강제 종료(RST)"},
    {Text::kByResetTip, "Without a word, as when a client's machine loses power or crashes",
     "클라이언트가 갑자기 죽은 것처럼 예고 없이 끊습니다"},
    {Text::kOrderly, "orderly", "정상 종료"},
    {Text::kOrderlyTip, "Closed properly, as when a player quits",
     "플레이어가 나갈 때처럼 정상적으로 닫습니다"},
    {Text::kDrop, "Cut them", "끊기"},
    {Text::kDropTip, "They come back at once", "끊긴 봇은 바로 다시 접속합니다"},
    {Text::kMarkHeading, "Mark this moment", "지금 시점 표시"},
    {Text::kMarkHint, "name, or empty for a number", "이름 (비우면 번호)"},
    {Text::kMark, "Mark", "표시"},
    {Text::kMarkTip, "Puts it among the events and on all plots (M)",
     "이벤트 목록과 모든 그래프에 남깁니다 (M)"},
    {Text::kLastCommand, "last command", "마지막 명령"},
    {Text::kControlLater, "The load can be changed as soon as it has begun.",
     "부하가 시작되면 바꿀 수 있습니다."},
    {Text::kControlOver, "The run is over: nothing can be changed any more.",
     "실행이 끝나 더 바꿀 수 없습니다."},
    {Text::kStep, "step", "단계"},
    {Text::kCountColumn, "count", "횟수"},
    {Text::kPerSecond, "per s", "초당"},
    {Text::kSentToReply, "sent p99", "전송 p99"},
    {Text::kOmittedColumn, "omitted", "생략"},
    {Text::kStepRowTip, "Click: plots its latencies", "클릭: 지연 시간을 그래프로 보기"},
    {Text::kNoStepsYet, "Nothing was answered yet: latencies come with the first replies.",
     "아직 응답이 없습니다. 첫 응답이 오면 지연 시간이 나타납니다."},
    {Text::kNoSteps, "Not one step got a reply.", "응답을 받은 단계가 없습니다."},
    {Text::kFailures, "failures", "실패"},
    {Text::kServerLines, "server lines", "서버 출력"},
    {Text::kNoEventsYet, "Nothing has happened so far.", "아직 이벤트가 없습니다."},
    {Text::kNoEvents, "Nothing happened that is worth a line.", "기록할 만한 이벤트가 없습니다."},
    {Text::kFollowEnd, "follow", "끝 따라가기"},
    {Text::kCopyLinesTip, "Copies all lines that are shown", "보이는 줄을 모두 복사합니다"},
    {Text::kNoServerLines,
     "Nothing to read. Output is kept of a server that StressBot starts itself.",
     "출력이 없습니다. StressBot이 직접 시작한 서버의 출력만 보여 줍니다."},
    {Text::kConversation, "what the bot and its servers said before",
     "그 전에 봇과 서버가 주고받은 내용"},
    {Text::kCopyConversationTip, "Copies the failure and its conversation",
     "실패와 대화 내용을 복사합니다"},
    {Text::kNoConversation, "No conversation was recorded for this failure.",
     "이 실패의 대화 내용은 기록되지 않았습니다."},
    {Text::kPacketsNotShown, "({} packets before it are not shown)", "(이전 패킷 {}개 생략)"},
    {Text::kInStep, "in step {}", "{} 단계"},
    {Text::kNothingToShow,
     "No run yet. Choose a scenario and start it, or open the JSON report of a saved run.",
     "아직 실행이 없습니다. 시나리오를 골라 시작하거나 저장한 JSON 보고서를 여세요."},
    {Text::kRefusedTitle, "Not started", "시작하지 못했습니다"},
    {Text::kRefusedAdvice, "Nothing was sent. Mend it and start again.",
     "아무것도 보내지 않았습니다. 고친 뒤 다시 시작하세요."},
    {Text::kSaveReportsTitle, "Save reports of this run", "이번 실행의 보고서 저장"},
    {Text::kFormatJson, "everything, for machines; can be opened here again",
     "모든 데이터. 여기서 다시 열 수 있습니다"},
    {Text::kFormatJunit, "test cases for CI servers", "CI 서버용 테스트 결과"},
    {Text::kFormatHtml, "a page with charts, for people", "그래프가 있는 웹 페이지"},
    {Text::kFormatMarkdown, "a page for a CI job", "CI 작업용 요약"},
    {Text::kFormatCsv, "a number a line, for spreadsheets", "스프레드시트용 수치"},
    {Text::kFormatHdr, "histograms for HdrHistogram's tools", "HdrHistogram 도구용 히스토그램"},
    {Text::kFolder, "folder", "폴더"},
    {Text::kFileName, "name, without its ending", "이름 (확장자 제외)"},
    {Text::kSave, "Save", "저장"},
    {Text::kSaveTip, "Files of the same name are replaced", "같은 이름의 파일은 덮어씁니다"},
    {Text::kSaved, "saved", "저장함"},
    {Text::kNotSaved, "not saved", "저장 실패"},
    {Text::kPictureSaved, "Saved {}", "{} 파일로 저장했습니다"},
    {Text::kPictureNotSaved, "The picture was not saved. {}", "그림을 저장하지 못했습니다. {}"},
    // In English in both: they are shown because Hangul cannot be.
    {Text::kNoFont, "No font was found. Install fonts-nanum, or name one with --font FILE.",
     "No font was found. Install fonts-nanum, or name one with --font FILE."},
    {Text::kNoHangulFont, "No font with Korean letters was found. {}",
     "No font with Korean letters was found. {}"},
    // Start screen.
    {Text::kFindScenario, "Find", "찾기"},
    {Text::kNothingFits, "No scenario has “{}” in its name or description.",
     "이름이나 설명에 “{}” 이(가) 들어 있는 시나리오가 없습니다."},
    {Text::kReadingScenarios, "Reading the scenarios…", "시나리오를 읽고 있습니다…"},
    {Text::kNoFolder, "There is no folder {}", "{} 폴더가 없습니다"},
    {Text::kNoFolderMore,
     "Begin the program in the folder that has your folder “scenarios”, or name it: "
     "stressbot-dashboard --scenarios FOLDER. Once it is there, this page follows by itself.",
     "“scenarios” 폴더가 있는 곳에서 프로그램을 시작하거나 폴더를 지정해 주세요: "
     "stressbot-dashboard --scenarios 폴더. 폴더가 생기면 이 화면에 바로 나타납니다."},
    {Text::kEmptyFolder, "No scenarios in {}", "{} 폴더에 시나리오가 없습니다"},
    {Text::kEmptyFolderMore,
     "Put a scenario file (.json) there and it appears here by itself. docs/SCENARIOS.md begins "
     "with one that you can copy.",
     "시나리오 파일(.json)을 이 폴더에 넣으면 여기에 바로 나타납니다. docs/SCENARIOS.md 첫머리에 "
     "복사해서 쓸 수 있는 예제가 있습니다."},
    {Text::kLookAgain, "Look again", "다시 읽기"},
    {Text::kOneMistake, "One mistake in this file", "이 파일에 오류가 하나 있습니다"},
    {Text::kMistakes, "{} mistakes in this file", "이 파일에 오류가 {}개 있습니다"},
    {Text::kMistakesMore,
     "Correct the file in your editor. When you save it, this page follows by itself.",
     "편집기에서 고친 뒤 저장하면 이 화면에 바로 반영됩니다."},
    {Text::kGroup, "Group", "그룹"},
    {Text::kExecutor, "Executor", "실행 방식"},
    {Text::kBots, "Bots", "봇"},
    {Text::kArrivals, "A second", "초당"},
    {Text::kLength, "Length", "시간"},
    {Text::kCourse, "Course", "시간에 따른 변화"},
    {Text::kDuration, "Duration", "테스트 시간"},
    {Text::kScale, "Scale all by", "전체 배율"},
    {Text::kSeed, "Seed", "시드"},
    {Text::kServerBundled, "Start the reference server", "예제 서버 시작"},
    {Text::kServerCommand, "Start it by a command", "명령으로 시작"},
    {Text::kServerRunning, "It runs already", "이미 실행 중"},
    {Text::kCommand, "Command", "명령"},
    {Text::kReferenceOptions, "Its options", "서버 옵션"},
    {Text::kTarget, "Target", "대상 주소"},
    {Text::kFreePort, "this machine, at a free port", "이 컴퓨터의 빈 포트"},
    {Text::kAllowPublicTarget, "A public address is allowed: the server is ours",
     "공인 주소 허용: 우리가 운영하는 서버입니다"},
    {Text::kVariables, "Variables", "변수"},
    {Text::kCommandLine, "The same in a terminal or in CI",
     "터미널이나 CI에서 똑같이 실행하는 명령"},
    {Text::kStart, "Start", "시작"},
    {Text::kRefused, "It was not started:", "시작하지 못했습니다:"},
    {Text::kSaveChanged, "Save changed scenario as…", "바꾼 시나리오 저장…"},
    {Text::kSaveNote,
     "Comments and order stay as they are. Server and seed are not saved: they belong to a run, "
     "and the command line has them.",
     "주석과 순서는 그대로 둡니다. 서버와 시드는 시나리오가 아니라 실행에 속하므로 저장되지 "
     "않으며, 명령에는 들어 있습니다."},
    {Text::kFileExists, "{} is there already.", "{} 파일이 이미 있습니다."},
    {Text::kReplace, "Replace it", "바꾸기"},
    {Text::kCancel, "Cancel", "취소"},
    {Text::kScenarioSaved, "Saved {}", "{} 파일로 저장했습니다"},
    {Text::kOpenRun, "Open a saved run…", "저장한 결과 열기…"},
    {Text::kOpenRunTitle, "Open a saved run", "저장한 결과 열기"},
    {Text::kOpen, "Open", "열기"},
    {Text::kParentFolder, "↑ one folder up", "↑ 상위 폴더"},
    {Text::kNoRuns,
     "No saved runs here. The page of a run that is over saves one, and so does: stressbot run … "
     "--out json=FILE",
     "이 폴더에는 저장한 결과가 없습니다. 테스트가 끝난 화면에서 저장하거나 stressbot run … --out "
     "json=파일 로 만들 수 있습니다."},
    {Text::kWrongBots, "Write a whole number from 1, such as 500.",
     "1 이상의 정수를 써 주세요. 예: 500"},
    {Text::kWrongRate, "Write arrivals a second, such as 50 or 0.5, or with a unit: 3000/m.",
     "초당 접속 수를 써 주세요. 예: 50, 0.5, 또는 단위와 함께 3000/m"},
    {Text::kWrongDuration, "Write a duration with its unit: 30s, 10m or 1.5h.",
     "단위와 함께 시간을 써 주세요. 예: 30s, 10m, 1.5h"},
    {Text::kWrongScale, "Write a factor above 0: 0.1 is a tenth of all bots and rates.",
     "0보다 큰 배율을 써 주세요. 0.1은 모든 봇과 초당 접속 수의 10분의 1입니다."},
    {Text::kWrongSeed, "Write a whole number, such as 42.", "정수를 써 주세요. 예: 42"},
    {Text::kWrongTarget, "Write HOST:PORT, such as 127.0.0.1:7777.",
     "호스트:포트 형식으로 써 주세요. 예: 127.0.0.1:7777"},
    {Text::kWrongPortZero,
     "Port 0 stands for the port of a server that is started with the run. Write the port of "
     "yours, or start it here.",
     "포트 0은 테스트와 함께 시작하는 서버의 포트를 뜻합니다. 실행 중인 서버의 포트를 쓰거나 "
     "여기에서 서버를 시작해 주세요."},
    {Text::kWrongCommand, "Write the program and what it is told, with quotes closed.",
     "프로그램과 인자를 써 주세요. 따옴표는 닫혀 있어야 합니다."},
    {Text::kNoReferenceServer,
     "There is no reference-server beside this program. Choose another way.",
     "이 프로그램 옆에 reference-server가 없습니다. 다른 방법을 골라 주세요."},
    {Text::kEndingRun, "Ending the run…", "테스트를 마무리하고 있습니다…"},
    {Text::kKeyStart, "starts the chosen scenario", "고른 시나리오 시작"},
};

constexpr std::size_t CountOf(std::string_view text, std::string_view part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1))
    ++count;
  return count;
}

/// Each text in its place, said in both languages, with room for as much that is told.
constexpr bool IsComplete() {
  if (std::size(kRows) != kTextCount) return false;
  for (std::size_t i = 0; i < kTextCount; ++i) {
    const Row& row = kRows[i];
    if (static_cast<std::size_t>(row.text) != i) return false;
    if (row.english.empty() || row.korean.empty()) return false;
    if (CountOf(row.english, "{}") != CountOf(row.korean, "{}")) return false;
  }
  return true;
}
static_assert(IsComplete(), "kRows has a text less or more than Text, or in another order");

}  // namespace

std::optional<Language> ParseLanguage(std::string_view text) {
  if (text == "en") return Language::kEnglish;
  if (text == "ko") return Language::kKorean;
  return std::nullopt;
}

Language LanguageOf(std::string_view locale) {
  const std::string_view word = locale.substr(0, locale.find_first_of("_-.@"));
  const bool is_korean = word == "ko" || word == "kor" || word == "Korean" || word == "korean";
  return is_korean ? Language::kKorean : Language::kEnglish;
}

const char* Texts::operator()(Text text) const {
  const Row& row = kRows[static_cast<std::size_t>(text)];
  return (language_ == Language::kKorean ? row.korean : row.english).data();
}

std::string AllTexts(Language language) {
  std::string all;
  for (const Row& row : kRows) all += language == Language::kKorean ? row.korean : row.english;
  return all;
}

}  // namespace stressbot
