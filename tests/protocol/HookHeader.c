/* The hook interface is plain C: this is compiled as such. */
#include "StressBot/protocol/hook/stressbot_hook.h"

size_t BytesOfHookFunctionsInC(void) { return sizeof(stressbot_hook_functions); }
