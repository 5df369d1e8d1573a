#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <regex>
#include <span>
#include <sstream>

#include "fuzz/one_line_errors.hpp"
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "base/files.hpp"
#include "pipeline/result_text.hpp"
#include "pipeline/subtitles.hpp"

namespace {

/// Takes values off the front of the input; zeros when it has run out.
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

/// The fields of CSV text, by RFC 4180.
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

emotion::FrameResult take_frame(Input& input) {
    emotion::FrameResult result;
    result.frame = input.take<std::int32_t>();
    result.time_s = input.take<double>();
    const auto faces = input.take<std::uint8_t>() % 4;
    for (int i = 0; i < faces; ++i) {
        emotion::FaceResult face;
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

/// JSON that parses to one line, CSV with the header's columns in every row.
void check_tables(const emotion::FrameResult& result, const std::vector<std::string>& classes) {
    const auto line = emotion::json_line(result, classes);
    emotion::expect(line.find('\n') == line.size() - 1, "a frame is not one line of JSON");
    const auto parsed = nlohmann::json::parse(line);
    emotion::expect(parsed.at("frame") == result.frame && parsed.at("faces").size() == result.faces.size(),
                    "JSON that says something else");
    const auto columns = read_csv(emotion::csv_header(classes)).at(0).size();
    const auto rows = read_csv(emotion::csv_rows(result, classes));
    emotion::expect(rows.size() == std::max<std::size_t>(result.faces.size(), 1),
                    "a row a face is not there");
    for (const auto& row : rows) emotion::expect(row.size() == columns, "a row of other columns");
}

/// The time of a subtitle's clock, in milliseconds.
long long read_clock(const std::smatch& cue, std::size_t first) {
    const auto number = [&](std::size_t i) { return std::stoll(cue[first + i].str()); };
    return ((number(0) * 60 + number(1)) * 60 + number(2)) * 1000 + number(3);
}

/// SubRip whose cues are numbered, follow one another in time and hold a line for each label.
void check_subtitles(std::vector<emotion::FrameResult> frames, const std::vector<std::string>& classes) {
    static const auto file =
        std::filesystem::temp_directory_path() / ("fuzz-" + std::to_string(::getpid()) + ".srt");
    emotion::Subtitles subtitles(file.string(), classes);
    std::size_t labels = 0;
    double time_s = 0.0;
    for (auto& frame : frames) {  // sources give times from 0 on that never go back
        const auto step_s = std::fmod(std::abs(frame.time_s), 1000.0);
        frame.time_s = time_s += std::isfinite(step_s) ? step_s : 0.0;
        for (const auto& face : frame.faces) labels += face.label.has_value();
        subtitles.write(frame);
    }
    subtitles.finish(0.04);

    static const std::regex times(R"((\d\d+):(\d\d):(\d\d),(\d{3}) --> (\d\d+):(\d\d):(\d\d),(\d{3}))");
    static const std::regex label(R"((?:[a-z0-9 ]+: )?(?:happy|fear) \(-?\d+%\))");
    std::istringstream lines(emotion::read_file(file));
    std::string line;
    std::size_t cues = 0, told = 0;
    for (long long end_ms = 0; std::getline(lines, line);) {
        emotion::expect(line == std::to_string(++cues), "a cue without its number");
        std::smatch cue;
        emotion::expect(std::getline(lines, line) && std::regex_match(line, cue, times),
                        "a cue without its times");
        const auto start_ms = read_clock(cue, 1);
        emotion::expect(start_ms >= end_ms, "a cue before the one before it has ended");
        end_ms = read_clock(cue, 5);
        emotion::expect(end_ms >= start_ms, "a cue that ends before it starts");
        while (std::getline(lines, line) && !line.empty()) {
            emotion::expect(std::regex_match(line, label), "a line that is no label");
            ++told;
        }
    }
    emotion::expect(told <= labels && (told > 0) == (labels > 0), "subtitles of other labels");
}

}  // namespace

/// Results of any content, as JSON, CSV and subtitles; what follows them is the source's name.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Input input({data, size});
    const std::vector<std::string> classes{"happy", "fear"};
    std::vector<emotion::FrameResult> frames(1 + input.take<std::uint8_t>() % 4);
    for (auto& frame : frames) frame = take_frame(input);
    for (auto& frame : frames) {
        frame.source = input.rest();
        check_tables(frame, classes);
    }
    check_subtitles(std::move(frames), classes);
    return 0;
}
