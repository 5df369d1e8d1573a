#pragma once

/// Marks what libemotion_ml offers; everything else in it stays hidden.
#define EMOTION_ML_API __attribute__((visibility("default")))
