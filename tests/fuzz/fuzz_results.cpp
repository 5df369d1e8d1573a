#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <regex>
#include <span>
#include <sstream>

#include <nlohmann/json.hpp>
#include <unistd.h>

#include "base/files.hpp"
#include "base/one_line.hpp"
#include "fuzz/one_line_errors.hpp"
#include "results/result_text.hpp"
#include "results/subtitles.hpp"

namespace {

/// Consumes values from the input; zeros once it is used up.
class Input {
  public:
    explicit Input(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}
    template <typename Value>
    Value take() {
        Value value{};
        if (bytes_.size() < sizeof value) return value;
        std::memcpy(&value, bytes_.data(), sizeof value);
        bytes_ = bytes_.subspan(sizeof value);
        return value;
    }
    std::string rest() const { return {reinterpret_cast<const char*>(bytes_.data()), bytes_.size()}; }

  private:
    std::span<const std::uint8_t> bytes_;
};

/// Parses CSV according to RFC 4180.
std::vector<std::vector<std::string>> read_csv(const std::string& text) {
    std::vector<std::vector<std::string>> rows{{""}};
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (quoted && c == '"' && i + 1 < text.size() && text[i + 1] == '"') {
            rows.back().back() += text[++i];
        } else if (c == '"') {
            quoted = !quoted;
        } else if (!quoted && c == ',') {
            rows.back().emplace_back();
        } else if (!quoted && c == '\n') {
            rows.push_back({""});
        } else if (quoted || c != '\r') {
            rows.back().back() += c;
        }
    }
    rows.pop_back();
    return rows;
}

emotion::faces::FrameResult take_frame(Input& input) {
    emotion::faces::FrameResult result;
    result.frame = input.take<std::int32_t>();
    result.time_s = input.take<double>();
    const auto faces = input.take<std::uint8_t>() % 4;
    for (int i = 0; i < faces; ++i) {
        emotion::faces::FaceResult face;
        face.track = input.take<int>();
        for (float* side : {&face.box_in_frame.x, &face.box_in_frame.y, &face.box_in_frame.width,
                            &face.box_in_frame.height, &face.confidence})
            *side = input.take<float>();
        if (input.take<std::uint8_t>() % 2) face.label = input.take<std::uint8_t>() % 2;
        face.probabilities = {input.take<float>(), input.take<float>()};
        face.raw = {input.take<float>(), input.take<float>()};
        result.faces.push_back(std::move(face));
    }
    return result;
}

/// Whether `written` is the value to this many decimals; values that are not finite are written as null,
/// passed as NaN here.
bool says(double written, double value, double step) {
    if (!std::isfinite(value)) return std::isnan(written);
    if (std::abs(value) > 1e300) return true;  // too large for rounding
    return std::abs(written - value) <= 0.5 * step + 1e-12 * std::abs(value);
}

double number_of(const nlohmann::json& json) {
    return json.is_null() ? std::nan("") : json.get<double>();
}

double number_of(const std::string& field) {
    return field == "null" ? std::nan("") : std::stod(field);
}

/// The name without non-ASCII characters, which JSON may replace.
std::string ascii_of(const std::string& name) {
    std::string text;
    for (const char c : name)
        if (static_cast<unsigned char>(c) < 0x80) text += c;
    return text;
}

constexpr double kPixelStep = 1e-2, kStep = 1e-6;  // two decimals, or six

template <typename Read>  // the n-th number written for a face
bool says_box_and_confidence(const emotion::faces::FaceResult& face, const Read& written) {
    const auto& box = face.box_in_frame;
    const float values[] = {box.x, box.y, box.width, box.height};
    for (std::size_t i = 0; i < 4; ++i)
        if (!says(written(i), values[i], kPixelStep)) return false;
    return says(written(4), face.confidence, kStep);
}

void check_json(const emotion::faces::FrameResult& result, const std::vector<std::string>& classes) {
    const auto line = emotion::results::json_line(result, classes);
    emotion::expect(line.find('\n') == line.size() - 1, "a frame is not one line of JSON");
    const auto parsed = nlohmann::json::parse(line);
    emotion::expect(parsed.at("frame") == result.frame && parsed.at("faces").size() == result.faces.size(),
                    "JSON of another frame");
    emotion::expect(says(number_of(parsed.at("time_s")), result.time_s, kStep), "JSON of another time");
    const auto source = parsed.at("source").get<std::string>();
    emotion::expect(ascii_of(source) == ascii_of(result.source), "JSON of another source");
    for (std::size_t i = 0; i < result.faces.size(); ++i) {
        const auto& face = result.faces[i];
        const auto& written = parsed.at("faces").at(i);
        emotion::expect(written.at("track") == face.track, "JSON of another track");
        emotion::expect(
            written.at("label") == (face.label ? nlohmann::json(classes.at(*face.label)) : nullptr),
            "JSON of another label");
        emotion::expect(says_box_and_confidence(face,
                                                [&](std::size_t n) {
                                                    return number_of(n < 4 ? written.at("box").at(n)
                                                                           : written.at("confidence"));
                                                }),
                        "JSON of another box or confidence");
        for (std::size_t c = 0; c < classes.size(); ++c)
            emotion::expect(
                says(number_of(written.at("probabilities").at(classes[c])), face.probabilities[c], kStep) &&
                    says(number_of(written.at("raw").at(classes[c])), face.raw[c], kStep),
                "JSON of other probabilities");
    }
}

void check_csv(const emotion::faces::FrameResult& result, const std::vector<std::string>& classes) {
    const auto header = read_csv(emotion::results::csv_header(classes)).at(0);
    const auto rows = read_csv(emotion::results::csv_rows(result, classes));
    emotion::expect(rows.size() == std::max<std::size_t>(result.faces.size(), 1),
                    "a row a face is not there");
    for (std::size_t i = 0; i < rows.size(); ++i) {
        emotion::expect(rows[i].size() == header.size(), "a row of other columns");
        const auto field = [&](const std::string& name) {
            return rows[i].at(
                static_cast<std::size_t>(std::find(header.begin(), header.end(), name) - header.begin()));
        };
        emotion::expect(field("source") == emotion::valid_utf8(result.source) &&
                            field("frame") == std::to_string(result.frame),
                        "CSV of another frame");
        emotion::expect(says(number_of(field("time_s")), result.time_s, kStep), "CSV of another time");
        if (result.faces.empty()) {
            emotion::expect(std::all_of(rows[i].begin() + 3, rows[i].end(),
                                        [](const auto& text) { return text.empty(); }),
                            "CSV of a face where there is none");
            continue;
        }
        const auto& face = result.faces[i];
        emotion::expect(field("track") == std::to_string(face.track), "CSV of another track");
        emotion::expect(field("label") == (face.label ? classes.at(*face.label) : ""),
                        "CSV of another label");
        constexpr const char* kNames[] = {"x", "y", "width", "height", "confidence"};
        emotion::expect(
            says_box_and_confidence(face, [&](std::size_t n) { return number_of(field(kNames[n])); }),
            "CSV of another box or confidence");
        for (std::size_t c = 0; c < classes.size(); ++c)
            emotion::expect(
                says(number_of(field("probability_" + classes[c])), face.probabilities[c], kStep) &&
                    says(number_of(field("raw_" + classes[c])), face.raw[c], kStep),
                "CSV of other probabilities");
    }
}

/// The time of a subtitle in milliseconds.
long long read_clock(const std::smatch& cue, std::size_t first) {
    const auto number = [&](std::size_t i) { return std::stoll(cue[first + i].str()); };
    return ((number(0) * 60 + number(1)) * 60 + number(2)) * 1000 + number(3);
}

/// Checks SubRip or WebVTT: cues are numbered and in order, with a line for each label.
void check_subtitles(std::vector<emotion::faces::FrameResult> frames, const std::vector<std::string>& classes,
                     const std::string& ending) {
    const auto file =
        std::filesystem::temp_directory_path() / ("fuzz-" + std::to_string(::getpid()) + ending);
    emotion::model::ModelCard card;
    card.classes = classes;
    const emotion::pipeline::RunStats stats;
    emotion::results::Subtitles subtitles(file.string(), {card, stats, {}});
    emotion::drawing::Canvas canvas({}, {});
    std::size_t labels = 0;
    double time_s = 0.0;
    for (auto& frame : frames) {  // times of sources start at 0 and never decrease
        const auto step_s = std::fmod(std::abs(frame.time_s), 1000.0);
        frame.time_s = time_s += std::isfinite(step_s) ? step_s : 0.0;
        for (const auto& face : frame.faces) labels += face.label.has_value();
        subtitles.write(frame, canvas);
    }
    subtitles.end({false, 0.04});
    subtitles.finish();

    static const std::regex times(R"((\d\d+):(\d\d):(\d\d)[,.](\d{3}) --> (\d\d+):(\d\d):(\d\d)[,.](\d{3}))");
    static const std::regex label(R"((?:[a-z0-9 ]+: )?(?:happy|fear) \(-?\d+%\))");
    std::istringstream lines(emotion::read_file(file));
    std::string line;
    std::size_t cues = 0, label_cues = 0;
    const bool web_vtt = ending == ".vtt";
    if (web_vtt)
        emotion::expect(
            std::getline(lines, line) && line == "WEBVTT" && std::getline(lines, line) && line.empty(),
            "WebVTT that does not say so");
    for (long long end_ms = 0; std::getline(lines, line);) {
        emotion::expect(line == std::to_string(++cues), "a cue without its number");
        std::smatch cue;
        emotion::expect(std::getline(lines, line) && std::regex_match(line, cue, times),
                        "a cue without its times");
        emotion::expect((line.find(web_vtt ? ',' : '.') == std::string::npos), "times of the other format");
        const auto start_ms = read_clock(cue, 1);
        emotion::expect(start_ms >= end_ms, "a cue before the one before it has ended");
        end_ms = read_clock(cue, 5);
        emotion::expect(end_ms >= start_ms, "a cue that ends before it starts");
        while (std::getline(lines, line) && !line.empty()) {
            emotion::expect(std::regex_match(line, label), "a line that is no label");
            ++label_cues;
        }
    }
    emotion::expect(label_cues <= labels && (label_cues > 0) == (labels > 0), "subtitles of other labels");
}

}  // namespace

/// Arbitrary results as JSON, CSV and subtitles; the rest of the input is the source's name.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Input input({data, size});
    const std::vector<std::string> classes{"happy", "fear"};
    std::vector<emotion::faces::FrameResult> frames(1 + input.take<std::uint8_t>() % 4);
    for (auto& frame : frames) frame = take_frame(input);
    for (auto& frame : frames) {
        frame.source = input.rest();
        check_json(frame, classes);
        check_csv(frame, classes);
    }
    check_subtitles(frames, classes, ".srt");
    check_subtitles(std::move(frames), classes, ".vtt");
    return 0;
}
