#include <exception>
#include <iostream>
#include <string>

#include <CLI/CLI.hpp>
#include <opencv2/imgcodecs.hpp>

#include "apps/make_demo/clip.hpp"
#include "apps/make_demo/faces.hpp"
#include "base/error.hpp"
#include "media/frame_sink.hpp"
#include "media/pictures/picture.hpp"

namespace {

using namespace emotion;
using namespace emotion::apps;

std::filesystem::path face_file(const std::filesystem::path& folder, const char* expression, int person) {
    return folder / (std::string(expression) + "-" + std::to_string(person) + ".png");
}

void make_faces(const AverageFaceOptions& options, const std::filesystem::path& folder) {
    const auto people = average_faces(options, [](const std::string& line) { std::cerr << line << '\n'; });
    std::filesystem::create_directories(folder);
    for (int person = 1; person <= kPeople; ++person)
        for (std::size_t i = 0; i < kExpressions.size(); ++i) {
            const std::filesystem::path file = face_file(folder, kExpressions[i], person);
            const cv::Mat& face = people.at(static_cast<std::size_t>(person - 1))[i];
            if (!cv::imwrite(file.string(), face, {cv::IMWRITE_PNG_COMPRESSION, 9}))
                throw Error(file.string() + ": cannot be written");
        }
}

void make_clip(const std::filesystem::path& faces, const std::filesystem::path& output) {
    const auto person = [&](int number) {
        PersonFaces person_faces;
        for (std::size_t i = 0; i < kExpressions.size(); ++i)
            person_faces[i] =
                media::to_gray(media::read_picture(face_file(faces, kExpressions[i], number).string()));
        return person_faces;
    };
    const DemoClip clip({person(1), person(2), person(3)});

    media::SourceInfo info;
    info.name = "demo";
    info.width = DemoClip::kWidth;
    info.height = DemoClip::kHeight;
    info.fps = DemoClip::kFps;
    info.frames = DemoClip::kFrames;
    info.time_base = {1, DemoClip::kFps};
    const auto sink =
        media::make_file_sink(output, info, [](const std::string& note) { std::cerr << note << '\n'; });
    for (int frame = 0; frame < DemoClip::kFrames; ++frame)
        sink->write(static_cast<double>(frame) / DemoClip::kFps, clip.frame(frame));
    sink->finish();
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app("Makes the clip for ./run demo from faces that do not exist: averages of many pictures.");
    std::filesystem::path output = "assets/demo.mp4", faces = "assets/demo-faces";
    AverageFaceOptions options;
    options.model = "models/happy-fear.yaml";
    options.eye_cascade = EMOTION_EYE_CASCADE;
    app.add_option("--output", output, "The clip")->capture_default_str();
    app.add_option("--faces", faces, "The average faces, <class>-<n>.png")->capture_default_str();
    app.add_option("--data", options.data,
                   "Face pictures, cropped similarly, in folders neutral, happy and fear, or a table of "
                   "votes (.csv) with these columns: makes new average faces first, in minutes");
    app.add_option("--agreement", options.agreement,
                   "With a table: use pictures for which more than this share of people agree")
        ->capture_default_str()
        ->check(CLI::Range(0.0, 1.0));
    app.add_option("--pictures", options.pictures, "With --data: number of pictures per average face")
        ->capture_default_str()
        ->check(CLI::Range(10, 1000));
    app.add_option("--model", options.model, "With --data: card of a model with these classes")
        ->capture_default_str();
    app.add_option("--eye-cascade", options.eye_cascade, "OpenCV's haarcascade_eye.xml")
        ->capture_default_str();
    CLI11_PARSE(app, argc, argv);
    try {
        if (!options.data.empty()) make_faces(options, faces);
        make_clip(faces, output);
    } catch (const std::exception& error) {
        std::cerr << "make-demo: " << error.what() << '\n';
        return 1;
    }
}
