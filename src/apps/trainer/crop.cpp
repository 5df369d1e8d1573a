#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iomanip>
#include <iostream>
#include <memory>
#include <regex>
#include <sstream>
#include <system_error>

#include "apps/common/source_list.hpp"
#include "apps/common/source_problem.hpp"
#include "apps/trainer/commands.hpp"
#include "apps/trainer/data.hpp"
#include "apps/trainer/shared_options.hpp"
#include "base/counted.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "base/program_files.hpp"
#include "faces/face_detector.hpp"
#include "faces/turned_crop.hpp"
#include "media/pictures/picture.hpp"
#include "model/model_card.hpp"

namespace emotion::apps {
namespace {

/// The options of trainer crop.
struct CropCommand {
    std::string from;             ///< a source as for emotion-detector: a video, a picture, a folder
    std::filesystem::path to;     ///< folder, created if missing
    std::filesystem::path model;  ///< empty: the default model
    int every = 10;               ///< >= 1: every n-th frame
    std::int64_t max = 0;         ///< 0: all
    bool quiet = false;
};

/// The upright face with the card's margin, neither resized nor converted to gray, so that training
/// preprocesses it exactly as the detector does the frame.
cv::Mat cut_face(const cv::Mat& frame, const cv::Rect2f& region, float roll_deg) {
    faces::CropSpec as_it_is;
    as_it_is.color = faces::CropColor::kBgr;
    as_it_is.width = std::max(1, cvRound(region.x + region.width) - cvRound(region.x));
    as_it_is.height = std::max(1, cvRound(region.y + region.height) - cvRound(region.y));
    return faces::preprocess_turned(frame, region, roll_deg, as_it_is);
}

/// "clip.mp4-000120-1.png": source (with its folders, shortened if too long), frame, face.
std::string crop_name(const std::filesystem::path& source, std::int64_t frame, std::size_t face) {
    auto plain = source.generic_string();
    std::replace(plain.begin(), plain.end(), '/', '-');
    std::ostringstream name;
    name << '-' << std::setw(6) << std::setfill('0') << frame << '-' << face << ".png";
    constexpr std::size_t kMaxBytes = 255;
    return (plain.size() + name.str().size() > kMaxBytes ? shortened(plain) : plain) + name.str();
}

/// Whether a file is named as crop_name() names one. `--to` may be in or be the folder of the sources, where
/// the crops of earlier runs, perhaps sorted into other folders since, are not to be cropped again.
bool is_named_as_crop(const std::filesystem::path& file) {
    static const std::regex kCrop("-[0-9]{6,}-[0-9]+\\.png$");
    return std::regex_search(file.filename().string(), kCrop);
}

/// Writes crops of the faces in sources.
class Cropper {
  public:
    Cropper(const CropCommand& command, Progress& progress)
        : command_(command),
          progress_(progress),
          crop_(model::read_card(card_or_default(command.model)).crop),
          detector_(faces::make_haar_detector(default_detection())) {}

    bool enough() const { return command_.max > 0 && written_ >= command_.max; }

    void go_through(const Source& source) {
        const auto opened =
            media::open_source(source.name, {.warn = [&](const std::string& note) { progress_.say(note); }});
        progress_.start(source.name, opened->info().frames, "frames");
        std::int64_t frames = 0;
        while (!enough()) {
            const auto frame = opened->next();
            if (!frame) break;
            if (frame->index % command_.every == 0) take(*frame, source.place);
            progress_.update(++frames, std::to_string(written_) + " crops");
        }
        progress_.finish();
    }

    void report() const {
        std::cout << written_ << (written_ == 1 ? " crop" : " crops") << " from " << frames_
                  << (frames_ == 1 ? " frame" : " frames") << " in " << command_.to.string() << '\n';
        if (kept_ > 0) std::cout << kept_ << " that existed already were kept\n";
        if (written_ > 0)
            std::cout << "Next: sort them into a folder for each class, then trainer check and train.\n";
        else if (kept_ == 0)
            std::cout << "No face was found; see the settings of haar in config/detector.yaml.\n";
    }

  private:
    void take(const media::Frame& frame, const std::filesystem::path& source) {
        ++frames_;
        const auto faces = detector_->detect(media::to_gray(frame.bgr));
        for (std::size_t face = 0; face < faces.size() && !enough(); ++face) {
            const auto file = command_.to / crop_name(source, frame.index, face);
            std::error_code failed;
            if (std::filesystem::exists(file, failed)) {
                ++kept_;
                continue;
            }
            const auto crop = cut_face(frame.bgr, faces::crop_region(faces[face].box_in_frame, crop_),
                                       faces[face].roll_deg);
            if (written_ == 0) std::filesystem::create_directories(command_.to, failed);
            if (failed)
                throw Error(command_.to.string() + ": the folder cannot be created: " + failed.message());
            write_file(file, media::picture_bytes(crop, ".png"));
            ++written_;
        }
    }

    const CropCommand& command_;
    Progress& progress_;
    const faces::CropSpec crop_;
    const std::unique_ptr<faces::FaceDetector> detector_;
    std::int64_t frames_ = 0, written_ = 0, kept_ = 0;
};

void run_crop(const CropCommand& command) {
    Progress progress(Progress::style_of_stderr(command.quiet));
    Cropper cropper(command, progress);
    std::size_t crops = 0;
    const auto is_crop = [&](const std::filesystem::path& file, const std::filesystem::path&) {
        const bool found = is_named_as_crop(file);
        crops += found;
        return found;
    };
    const auto sources =
        expand_sources({command.from}, is_crop, [&](const std::string& note) { progress.say(note); });
    if (crops > 0)
        progress.say(command.from +
                     ": left out what is named as a crop (SOURCE-FRAME-FACE.png): " + counted(crops, "file"));
    for (const auto& source : sources) {
        if (cropper.enough()) break;
        try {
            cropper.go_through(source);
        } catch (...) {
            const auto problem = source_problem(source.name);
            if (sources.size() == 1) throw Error(problem);
            progress.say("left out: " + problem);
        }
    }
    cropper.report();
}

}  // namespace

void add_crop(CLI::App& app) {
    auto& command = *app.add_subcommand(
        "crop", "Crop faces from your own videos or pictures as emotion-detector does, for labeling");
    const auto options = std::make_shared<CropCommand>();
    command.add_option("--from", options->from, "A video, a picture, or a folder of them")
        ->type_name("FILE|DIR")
        ->required();
    add_folder(command, "--to", options->to,
               "Folder for the crops, SOURCE-FRAME-FACE.png; existing files are kept, and files of such\n"
               "names in the folder of --from are not cropped again")
        ->required();
    add_number(command, "--every", options->every, {1, 1'000'000},
               "Use one of every N frames of a video; default: 10");
    add_number(command, "--max", options->max, {0, kMaxSeed}, "Stop after N crops; default: 0, no limit");
    add_card(command, "--model", options->model,
             std::string("The card whose margin around the face is used; default: the program's own\n") +
                 kDefaultModel);
    add_quiet(command, options->quiet);
    command.callback([options] { run_crop(*options); });
}

}  // namespace emotion::apps
