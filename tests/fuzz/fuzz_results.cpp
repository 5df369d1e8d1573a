#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "fuzz/one_line_errors.hpp"
#include <nlohmann/json.hpp>

#include "pipeline/result_text.hpp"

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

}  // namespace

/// Results of any content: JSON that parses to one line, CSV with the header's columns in every row.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Input input({data, size});
    const std::vector<std::string> classes{"happy", "fear"};
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
    result.source = input.rest();

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
    return 0;
}
