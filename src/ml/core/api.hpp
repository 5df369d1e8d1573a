#pragma once

/// Exports a symbol from libemotion_ml; all others are hidden.
#define EMOTION_ML_API __attribute__((visibility("default")))
