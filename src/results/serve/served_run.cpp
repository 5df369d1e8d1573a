#include "results/serve/served_run.hpp"

#include <algorithm>
#include <utility>

#include "base/seconds.hpp"
#include "drawing/drawing.hpp"
#include "results/json_text.hpp"

namespace emotion::results {
namespace {

constexpr double kKeptOfLive = 300.0;   // in seconds
constexpr double kShareOfNewest = 0.1;  // weight of the newest value in running means
constexpr const char* kUnsureColor = "#8b949e";

const char* name_of(media::SourceKind kind) {
    switch (kind) {
        case media::SourceKind::kPicture:
            return "pictures";
        case media::SourceKind::kRecording:
            return "recording";
        case media::SourceKind::kLive:
            break;
    }
    return "live";
}

/// A class with its color, as in the overlay.
Json class_json(const model::ModelCard& card, int class_index) {
    const auto shown = std::ranges::find(card.shown, class_index, &model::ShownClass::class_index);
    const bool is_shown = shown != card.shown.end();
    const auto place = static_cast<std::size_t>(shown - card.shown.begin());
    return {{"name", card.classes[static_cast<std::size_t>(class_index)]},
            {"shown", is_shown},
            {"color", is_shown ? drawing::hex(drawing::label_color(place)) : kUnsureColor}};
}

void take_in(double& mean, double value) {
    mean = mean > 0.0 ? mean + kShareOfNewest * (value - mean) : value;
}

/// The length of a source; null if unknown.
Json length_of(const media::SourceInfo& source) {
    if (source.kind == media::SourceKind::kLive || source.frames <= 0) return nullptr;
    return milliseconds(static_cast<double>(source.frames) / (source.fps > 0.0 ? source.fps : 1.0));
}

Json controls_json(const std::optional<ControlState>& state, const std::vector<std::string>& classes) {
    if (!state) return nullptr;
    Json thresholds = Json::object();
    for (const auto& [class_index, least] : state->thresholds)
        thresholds[classes.at(static_cast<std::size_t>(class_index))] = rounded(least, 1e4);
    return {{"paused", state->paused},
            {"mirror", state->mirror},
            {"explain", state->explain},
            {"neutral", state->neutral},
            {"recording_s", state->recording_s ? Json(milliseconds(*state->recording_s)) : Json(nullptr)},
            {"thresholds", std::move(thresholds)},
            {"message", state->message},
            {"messages", state->messages},
            {"problem", state->problem}};
}

}  // namespace

ServedRun::ServedRun(const model::ModelCard& card, RemoteControl* remote)
    : card_(card), remote_(remote), board_(card.classes), history_(card.classes.size()) {}

void ServedRun::start(const media::SourceInfo& source) {
    const std::lock_guard lock(mutex_);
    source_ = source;
    ++sources_;
    history_ =
        LabelHistory(card_.classes.size(), source.kind == media::SourceKind::kLive ? kKeptOfLive : 0.0);
    interval_s_ = delay_ms_ = 0.0;
    newest_.reset();
}

void ServedRun::add(const faces::FrameResult& result, std::optional<double> delay_ms, std::int64_t dropped,
                    cv::Mat picture) {
    {
        const std::lock_guard lock(mutex_);
        history_.add(result);
        const auto before = std::exchange(newest_, Clock::now());
        if (before) take_in(interval_s_, seconds_between(*before, *newest_));
        if (delay_ms) take_in(delay_ms_, *delay_ms);
        dropped_ = dropped;
    }
    board_.publish(result, std::move(picture));
}

std::string ServedRun::status_json() const {
    auto controls = controls_json(remote_ ? remote_->state() : std::nullopt, card_.classes);
    const std::lock_guard lock(mutex_);
    Json seconds = Json::object();
    for (std::size_t i = 0; i < card_.classes.size(); ++i)
        seconds[card_.classes[i]] = rounded(history_.seconds()[i], 1e1);
    seconds["unsure"] = rounded(history_.seconds().back(), 1e1);
    return json_text({{"source", source_.name},
                      {"kind", name_of(source_.kind)},
                      {"sources", sources_},
                      {"time_s", milliseconds(history_.now_s())},
                      {"length_s", length_of(source_)},
                      {"rate", interval_s_ > 0.0 ? Json(rounded(1.0 / interval_s_, 1e1)) : Json(nullptr)},
                      {"delay_ms", delay_ms_ > 0.0 ? Json(rounded(delay_ms_, 1e1)) : Json(nullptr)},
                      {"dropped", dropped_},
                      {"seconds", std::move(seconds)},
                      {"controls", std::move(controls)}});
}

std::string ServedRun::history_json() const {
    const std::lock_guard lock(mutex_);
    Json classes = Json::array();
    for (int index = 0; index < std::ssize(card_.classes); ++index)
        classes.push_back(class_json(card_, index));
    Json spells = Json::array();
    for (const auto& spell : history_.spells())
        spells.push_back({spell.track, spell.label, milliseconds(spell.start_s), milliseconds(spell.end_s)});
    return json_text({{"source", source_.name},
                      {"sources", sources_},
                      {"now_s", milliseconds(history_.now_s())},
                      {"classes", std::move(classes)},
                      {"spells", std::move(spells)}});
}

}  // namespace emotion::results
