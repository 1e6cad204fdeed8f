#pragma once
enum { PKT_X_NOTICE = 12 };
