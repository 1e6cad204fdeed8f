#pragma once
#include <cstdint>

namespace stressbot {

/// Before it is bound: nobody else can listen on its port, nor does who listened a moment ago keep
/// it busy. `socket` is the system's descriptor or handle.
void MakePortExclusive(std::uintptr_t socket);

}  // namespace stressbot
