#include "ReferenceServer/defects/Defect.h"

namespace reference {

std::string_view NameOf(Defect defect) {
  switch (defect) {
    case Defect::kNone:
      return "none";
    case Defect::kBroadcastDisconnect:
      return "broadcast-disconnect";
  }
  return "none";
}

std::string_view MistakeOf(Defect defect) {
  switch (defect) {
    case Defect::kNone:
      return "nothing is broken";
    case Defect::kBroadcastDisconnect:
      return "a broadcast to all sessions each 250 ms takes those whose send fails out of the set "
             "that it walks";
  }
  return "nothing is broken";
}

}  // namespace reference
