#include "apps/detector/outputs.hpp"

#include <algorithm>
#include <fstream>
#include <set>
#include <system_error>

#include "base/error.hpp"
#include "base/files.hpp"
#include "media/frame_sink.hpp"
#include "results/subtitles.hpp"
#include "results/timeline.hpp"

namespace emotion::apps {
namespace {

namespace fs = std::filesystem;

const std::string kStandardOutput = "-";

bool is_folder(const fs::path& path) {
    std::error_code failed;
    return fs::is_directory(path, failed);
}

std::vector<fs::path> all(const SourceFiles& files) {
    std::vector<fs::path> paths;
    if (files.annotated) paths.push_back(*files.annotated);
    for (const auto* file : {&files.jsonl, &files.csv, &files.subtitles, &files.timeline, &files.summary})
        if (*file) paths.emplace_back(**file);
    return paths;
}

fs::path mark_beside(const fs::path& file) {
    constexpr std::size_t kMostBytes = 255;
    const fs::path known(identity(file));
    const auto name = known.filename().string();
    const auto mark = [](const std::string& of) { return "." + of + ".cut-short"; };
    return known.parent_path() / mark(mark(name).size() > kMostBytes ? shortened(name) : name);
}

/// A device or a pipe has no results that last.
bool can_be_marked(const fs::path& file) {
    std::error_code failed;
    const auto status = fs::status(file, failed);
    return !fs::exists(status) || fs::is_regular_file(status);
}

std::optional<std::string> text(const std::optional<fs::path>& path) {
    return path ? std::optional(path->string()) : std::nullopt;
}

}  // namespace

void mark_cut_short(const SourceFiles& files) {
    for (const auto& file : all(files))
        if (can_be_marked(file))
            std::ofstream mark(mark_beside(file));  // where it cannot be made, results cannot either
}

void settle_marks(const SourceFiles& files, bool whole) {
    for (const auto& file : all(files)) {
        std::error_code failed;
        if (whole || !fs::exists(file, failed))
            fs::remove(mark_beside(file), failed);
        else if (can_be_marked(file))
            std::ofstream mark(mark_beside(file));
    }
}

std::optional<std::string> OutputPlan::Output::shared() const {
    return kind == Kind::kShared ? std::optional(path.string()) : std::nullopt;
}

std::optional<fs::path> OutputPlan::Output::file_of(const fs::path& name) const {
    if (kind == Kind::kFolder) return path / name;
    return kind == Kind::kOwn ? std::optional(path) : std::nullopt;
}

OutputPlan::Output OutputPlan::plan(const char* option, const std::optional<std::string>& named, bool several,
                                    bool shareable, void (*check_name)(const std::string&)) {
    if (!named) return {};
    Output output{option, Kind::kOwn, *named};
    if (*named == kStandardOutput && shareable) {
        output.kind = Kind::kShared;
        return output;
    }
    std::error_code failed;
    const auto& path = output.path;
    const bool exists = fs::exists(path, failed);
    if (exists ? is_folder(path) : !path.has_filename() || (several && !shareable))
        output.kind = Kind::kFolder;
    else if (several && shareable)
        output.kind = Kind::kShared;
    else if (several)
        throw ConfigError(output.named() + ": is one file, expected a folder for several sources");
    if (several && !shareable && !exists && path.has_extension())
        throw ConfigError(
            output.named() +
            ": looks like one file, expected a folder for several sources (end it in / if it is)");
    if (output.kind == Kind::kOwn && check_name) try {
            check_name(*named);
        } catch (const ConfigError& error) {
            throw ConfigError(option + (" " + std::string(error.what())));
        }
    return output;
}

OutputPlan::OutputPlan(const DetectorOptions& options, bool several)
    : annotated_(plan("--output", text(options.output), several, false,
                      [](const std::string& name) { media::check_output_name(name); })),
      jsonl_(plan("--jsonl", options.jsonl, several, true)),
      csv_(plan("--csv", options.csv, several, true)),
      subtitles_(
          plan("--subtitles", options.recorded.subtitles, several, false, results::Subtitles::check_name)),
      timeline_(plan("--timeline", options.recorded.timeline, several, false, results::Timeline::check_name)),
      summary_(plan("--summary", options.recorded.summary, several, true)) {
    if (options.stats) stats_ = {"--stats", Kind::kShared, *options.stats};
    std::set<std::string> files;
    for (const auto* output : outputs()) {
        if (!output->is_file() || !can_be_marked(output->path)) continue;
        const auto file = identity(output->path);
        if (!files.insert(file).second)
            throw ConfigError(output->named() + ": already another output, expected a file of its own");
        if (output->kind == Kind::kShared) taken_.emplace(file, output->option);
    }
    for (const auto* output : outputs()) {
        std::error_code failed;
        if (output->kind == Kind::kFolder && !fs::create_directories(output->path, failed) && failed)
            throw Error(output->path.string() + ": the folder cannot be made: " + failed.message());
    }
}

std::vector<std::string> OutputPlan::all_shared() const {
    std::vector<std::string> shared;
    for (const auto* output : outputs())
        if (output->kind == Kind::kShared) shared.push_back(output->named());
    return shared;
}

SourceFiles OutputPlan::files_of(const Source& source, bool is_picture) const {
    const auto with_ending = [&](const char* ending) {
        return fs::path(source.place).replace_extension(ending);
    };
    SourceFiles files;
    files.annotated = annotated_.file_of(is_picture ? source.place : with_ending(".mp4"));
    files.jsonl = text(jsonl_.file_of(with_ending(".jsonl")));
    files.csv = text(csv_.file_of(with_ending(".csv")));
    files.subtitles = text(subtitles_.file_of(with_ending(".srt")));
    files.timeline = text(timeline_.file_of(with_ending(".timeline.png")));
    files.summary = text(summary_.file_of(with_ending(".summary.json")));
    return files;
}

void OutputPlan::protect(const std::vector<Source>& sources, const std::vector<NamedFile>& others) {
    std::vector<NamedFile> written;
    for (const auto* output : outputs())
        if (output->is_file()) written.push_back({output->option, output->path});
    refuse_overlaps(written, others);
    const auto note = [&](const fs::path& file, const std::string& what) {
        if (std::error_code failed; fs::is_regular_file(file, failed)) read_.emplace(identity(file), what);
    };
    for (const auto& other : others) note(other.path, other.what);
    for (const auto& source : sources) note(source.name, "a source");
    for (const auto* output : outputs())
        if (output->is_file() && read_.contains(identity(output->path)))
            throw ConfigError(output->named() + ": is " + read_.at(identity(output->path)) +
                              ", expected another file for results");
}

SourceFiles OutputPlan::claim(const Source& source, bool is_picture) {
    auto files = files_of(source, is_picture);
    for (const auto& file : all(files)) {
        std::error_code failed;
        if (fs::equivalent(file, source.name, failed))
            throw Error(file.string() + ": would be replaced by its own results, expected another folder");
        if (const auto read = read_.find(identity(file)); read != read_.end())
            throw Error(source.name + ": " + file.string() + " would be replaced by its results and is " +
                        read->second + " itself, expected another folder");
        if (!can_be_marked(file)) continue;
        const auto [taken, is_new] = taken_.emplace(identity(file), source.name);
        if (!is_new)
            throw Error(source.name + ": " + file.string() + " is written for " + taken->second +
                        " already, rename one of the two or run them apart");
    }
    for (const auto* output : outputs()) {
        std::error_code failed;  // to be seen when the file is opened
        if (output->kind == Kind::kFolder)
            fs::create_directories((output->path / source.place).parent_path(), failed);
    }
    return files;
}

bool OutputPlan::is_done(const Source& source, bool is_picture) const {
    const auto files = all(files_of(source, is_picture));
    return !files.empty() && std::all_of(files.begin(), files.end(), [](const auto& file) {
        std::error_code failed;
        return fs::is_regular_file(file, failed) && !fs::exists(mark_beside(file), failed);
    });
}

bool OutputPlan::holds(const fs::path& file, const fs::path& folder) const {
    for (auto inside = file.lexically_relative(folder).parent_path(); !inside.empty();
         inside = inside.parent_path())
        for (const auto* output : outputs()) {
            std::error_code failed;
            if (output->kind == Kind::kFolder && fs::equivalent(folder / inside, output->path, failed))
                return true;
        }
    return false;
}

std::array<const OutputPlan::Output*, 7> OutputPlan::outputs() const {
    return {&annotated_, &jsonl_, &csv_, &subtitles_, &timeline_, &summary_, &stats_};
}

}  // namespace emotion::apps
