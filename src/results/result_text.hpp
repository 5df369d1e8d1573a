#pragma once

#include <string>
#include <vector>

#include "faces/frame_result.hpp"

namespace emotion::results {

/// A frame as one line of JSON, including the newline:
/// {"source":"clip.mp4","frame":0,"time_s":0.0,"faces":[{"track":1,
/// "box":[x,y,w,h],"roll_deg":0.0,"label":"happy","confidence":0.93,"probabilities":{"happy":0.93,...},"raw":{...},"neutral":false}]}.
/// The label is null when unsure; boxes are in pixels of the frame as stored; `classes` are those of the
/// model card.
std::string json_line(const faces::FrameResult& result, const std::vector<std::string>& classes);

/// The header of a CSV table: source, frame, time_s, track, x, y, width, height, label, confidence, then
/// probability_<class> and raw_<class> for every class, roll_deg and neutral.
std::string csv_header(const std::vector<std::string>& classes);

/// One row per face, or one row with empty face columns for a frame without faces; the label is empty when
/// unsure. Fields are quoted as in RFC 4180.
std::string csv_rows(const faces::FrameResult& result, const std::vector<std::string>& classes);

}  // namespace emotion::results
