#include "results/result_text.hpp"

#include "base/one_line.hpp"
#include "results/json_text.hpp"

namespace emotion::results {
namespace {

double probability(double value) {
    return rounded(value, 1e6);
}
double pixels(double value) {
    return rounded(value, 1e2);
}
double degrees(double value) {
    return rounded(value, 1e1);
}
double seconds(double value) {
    return rounded(value, 1e6);
}

Json by_class(const std::vector<float>& values, const std::vector<std::string>& classes) {
    Json object = Json::object();
    for (std::size_t i = 0; i < classes.size(); ++i) object[classes[i]] = probability(values.at(i));
    return object;
}

/// The box in pixels of the frame as stored.
cv::Rect2f stored_box(const faces::FrameResult& result, const faces::FaceResult& face) {
    const auto& box = face.box_in_frame;
    if (result.stored.empty() || result.size.empty() || result.stored == result.size) return box;
    const float across = static_cast<float>(result.stored.width) / static_cast<float>(result.size.width);
    const float down = static_cast<float>(result.stored.height) / static_cast<float>(result.size.height);
    return {box.x * across, box.y * down, box.width * across, box.height * down};
}

Json face_json(const faces::FrameResult& result, const faces::FaceResult& face,
               const std::vector<std::string>& classes) {
    const auto box = stored_box(result, face);
    return {{"track", face.track},
            {"box", {pixels(box.x), pixels(box.y), pixels(box.width), pixels(box.height)}},
            {"roll_deg", degrees(face.roll_deg)},
            {"label", face.label ? Json(classes.at(*face.label)) : Json(nullptr)},
            {"confidence", probability(face.confidence)},
            {"probabilities", by_class(face.probabilities, classes)},
            {"raw", by_class(face.raw, classes)},
            {"neutral", face.neutral}};
}

std::string quoted(const std::string& field) {
    const auto valid = valid_utf8(field);
    if (valid.find_first_of(",\"\r\n") == std::string::npos) return valid;
    std::string text = "\"";
    for (const char c : valid) text += c == '"' ? "\"\"" : std::string(1, c);
    return text + '"';
}

std::string number(double value) {
    return Json(value).dump();
}

std::string csv_face(const faces::FrameResult& result, const faces::FaceResult& face,
                     const std::vector<std::string>& classes) {
    const auto box = stored_box(result, face);
    std::string text = std::to_string(face.track);
    for (const float value : {box.x, box.y, box.width, box.height}) text += ',' + number(pixels(value));
    text += ',' + (face.label ? quoted(classes.at(*face.label)) : "");
    text += ',' + number(probability(face.confidence));
    for (const auto* values : {&face.probabilities, &face.raw})
        for (std::size_t i = 0; i < classes.size(); ++i) text += ',' + number(probability(values->at(i)));
    return text + ',' + number(degrees(face.roll_deg)) + (face.neutral ? ",true" : ",false");
}

}  // namespace

std::string json_line(const faces::FrameResult& result, const std::vector<std::string>& classes) {
    Json faces = Json::array();
    for (const auto& face : result.faces) faces.push_back(face_json(result, face, classes));
    return json_text({{"source", result.source},
                      {"frame", result.frame},
                      {"time_s", seconds(result.time_s)},
                      {"faces", std::move(faces)}}) +
           '\n';
}

std::string csv_header(const std::vector<std::string>& classes) {
    std::string text = "source,frame,time_s,track,x,y,width,height,label,confidence";
    for (const char* prefix : {"probability_", "raw_"})
        for (const auto& name : classes) text += ',' + quoted(prefix + name);
    return text + ",roll_deg,neutral\n";
}

std::string csv_rows(const faces::FrameResult& result, const std::vector<std::string>& classes) {
    const auto frame = quoted(result.source) + ',' + std::to_string(result.frame) + ',' +
                       number(seconds(result.time_s)) + ',';
    constexpr std::size_t kFaceColumns = 9;  // excluding those of classes
    if (result.faces.empty()) return frame + std::string(kFaceColumns - 1 + 2 * classes.size(), ',') + '\n';
    std::string text;
    for (const auto& face : result.faces) text += frame + csv_face(result, face, classes) + '\n';
    return text;
}

}  // namespace emotion::results
