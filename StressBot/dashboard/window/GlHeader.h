#pragma once
// OpenGL's header, found and prepared as each system wants it: GLFW knows how.
#include <GLFW/glfw3.h>
