// Any bytes as a command of the control interface: it is refused with one sentence or understood.
// The first byte chooses the command.

#include <string>

#include "ServerCore/Assert.h"
#include "StressBot/control/CommandReader.h"
#include "StressBot/control/RequestGuard.h"
#include "StressBot/control/StatusJson.h"
#include "tests/fuzz/FuzzInput.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace stressbot;
  servercore::fuzz::FuzzInput input(data, size);
  const auto& names = CommandNames();
  const std::string& name = names[input.TakeByte() % names.size()];
  const std::string_view body = servercore::fuzz::AsText(input.TakeRest());
  std::string error;
  const auto command = ReadCommand(name, body, error);
  SC_ASSERT(command.has_value() == error.empty());
  // What a request holds comes back in answers and is asked of addresses.
  SC_ASSERT(!ErrorJson(error + std::string(body)).empty());
  const bool is_local = IsLoopbackHost(body);
  SC_ASSERT(RequestGuard("").Judge({body, "", ""}).status == (is_local ? 0 : 403));
  return 0;
}
