#include "apps/detector/output_plan.hpp"

#include <algorithm>
#include <fstream>
#include <set>
#include <system_error>

#include "base/error.hpp"
#include "base/files.hpp"
#include "media/frame_sink.hpp"
#include "media/sources.hpp"

namespace emotion::apps {
namespace {

namespace fs = std::filesystem;
using results::Needs;
using results::OutputTargets;
using results::Sharing;

bool is_folder(const fs::path& path) {
    std::error_code failed;
    return fs::is_directory(path, failed);
}

fs::path mark_beside(const fs::path& file) {
    constexpr std::size_t kMaxBytes = 255;
    const fs::path known(identity(file));
    const auto name = known.filename().string();
    const auto mark = [](const std::string& of) { return "." + of + ".cut-short"; };
    return known.parent_path() / mark(mark(name).size() > kMaxBytes ? shortened(name) : name);
}

void check_name(const results::OutputKind& kind, const std::string& target) {
    if (!kind.check_name) return;
    try {
        kind.check_name(target);
    } catch (const ConfigError& error) {
        throw ConfigError(std::string(kind.option) + " " + error.what());
    }
}

}  // namespace

void mark_cut_short(const OutputTargets& files) {
    for (const auto& [option, file] : files)
        if (is_regular_or_new(file))
            std::ofstream mark(mark_beside(file));  // if it fails, so will the results
}

void settle_marks(const OutputTargets& files, bool whole) {
    for (const auto& [option, file] : files) {
        std::error_code failed;
        if (whole || !fs::exists(file, failed))
            fs::remove(mark_beside(file), failed);
        else if (is_regular_or_new(file))
            std::ofstream mark(mark_beside(file));
    }
}

OutputPlan::Place OutputPlan::place_of(const Output& output, bool several) {
    const auto& path = output.path;
    const bool shareable = output.kind->sharing != Sharing::kSource;
    if (output.kind->sharing == Sharing::kRun || (shareable && path == "-")) return Place::kShared;
    std::error_code failed;
    const bool exists = fs::exists(path, failed);
    if (several && !shareable && !exists && path.has_filename() && path.has_extension())
        throw ConfigError(output.named() +
                          ": looks like one file, expected a folder for several sources (if it is one, end "
                          "its name with /)");
    if (exists ? is_folder(path) : !path.has_filename() || (several && !shareable)) return Place::kFolder;
    if (!several) return Place::kOwn;
    if (shareable) return Place::kShared;
    throw ConfigError(output.named() + ": is one file, expected a folder for several sources");
}

OutputPlan::Output OutputPlan::plan(const results::OutputKind& kind, const std::string& named, bool several) {
    Output output{&kind, named, {}};
    output.place = place_of(output, several);
    if (output.place == Place::kOwn) check_name(kind, named);
    return output;
}

OutputPlan::OutputPlan(const OutputTargets& targets, bool several) {
    for (const auto& kind : results::output_kinds()) {
        const auto named = targets.find(kind.option);
        if (named == targets.end()) continue;
        if (kind.ending) {
            outputs_.push_back(plan(kind, named->second, several));
        } else {
            check_name(kind, named->second);
            elsewhere_.insert(*named);
        }
    }
    refuse_doubles();
}

void OutputPlan::create_folders() const {
    for (const auto& output : outputs_) {
        std::error_code failed;
        if (!output.is_file() && !fs::create_directories(output.path, failed) && failed)
            throw Error(output.path.string() + ": the folder cannot be created: " + failed.message());
    }
}

void OutputPlan::refuse_doubles() {
    std::set<std::string> files, folders;
    for (const auto& output : outputs_)
        if (!output.is_file()) folders.insert(identity(output.path));
    for (const auto& output : outputs_) {
        if (output.is_file() && folders.contains(identity(output.path)))
            throw ConfigError(
                output.named() +
                ": is the folder of another output, end its name with / for one file per source");
        if (!output.is_file() || !is_regular_or_new(output.path)) continue;
        const auto file = identity(output.path);
        if (!files.insert(file).second)
            throw ConfigError(output.named() + ": is already another output, expected a different file");
        if (output.place == Place::kShared) taken_.emplace(file, output.option());
    }
}

OutputTargets OutputPlan::shared() const {
    OutputTargets shared = elsewhere_;
    for (const auto& output : outputs_)
        if (output.place == Place::kShared) shared.emplace(output.option(), output.path.string());
    return shared;
}

OutputTargets OutputPlan::files_of(const Source& source, bool is_picture) const {
    OutputTargets files;
    for (const auto& output : outputs_) {
        if (output.place == Place::kShared) continue;
        auto name = source.place;
        if (!is_picture || output.kind->needs != Needs::kDrawing) {
            const auto alike = twins_.find(fs::path(name).replace_extension());
            if (alike == twins_.end() || alike->second.size() == 1) name.replace_extension();
            name += output.kind->ending;
        } else if (output.place == Place::kFolder && !media::is_picture_name(name)) {
            name += ".png";  // more formats can be read than written
        }
        const auto file = output.place == Place::kFolder ? output.path / name : output.path;
        files.emplace(output.option(), file.string());
    }
    return files;
}

void OutputPlan::leave_results_out(std::vector<Source>& sources,
                                   const std::vector<std::string>& named) const {
    std::set<std::string> results;
    for (const auto& output : outputs_) {
        // Annotated videos and pictures have names that sources may have too: claim() refuses them.
        if (output.is_file() || output.kind->needs == Needs::kDrawing) continue;
        const auto is_like_one = [&](const Source& source) {
            return source.place.string().ends_with(output.kind->ending);
        };
        if (std::none_of(sources.begin(), sources.end(), is_like_one)) continue;
        const fs::path folder(identity(output.path));
        for (const auto& source : sources)
            for (auto name : {source.place, fs::path(source.place).replace_extension()})
                results.insert((folder / (name += output.kind->ending)).string());
    }
    if (results.empty()) return;
    std::erase_if(sources, [&](const Source& source) {
        return results.contains(identity(source.name)) && std::ranges::count(named, source.name) == 0;
    });
}

void OutputPlan::protect(const std::vector<Source>& sources, const std::vector<NamedFile>& others) {
    std::vector<NamedFile> written;
    for (const auto& output : outputs_)
        if (output.is_file()) written.push_back({output.option(), output.path});
    refuse_overlaps(written, others);
    const auto note = [&](const fs::path& file, const std::string& what) {
        if (std::error_code failed; fs::is_regular_file(file, failed)) read_.emplace(identity(file), what);
    };
    for (const auto& other : others) note(other.path, other.what);
    for (const auto& source : sources) {
        auto name = source.place;
        twins_[name.replace_extension()].insert(source.place);
        note(source.name, "a source");
        for (const auto& file : media::sequence_files(source.name)) note(file, "a picture of a source");
    }
    for (const auto& output : outputs_)
        if (output.is_file() && read_.contains(identity(output.path)))
            throw ConfigError(output.named() + ": is " + read_.at(identity(output.path)) +
                              ", expected another file for results");
}

OutputTargets OutputPlan::claim(const Source& source, bool is_picture) {
    auto files = files_of(source, is_picture);
    for (const auto& [option, file] : files) {
        std::error_code failed;
        if (fs::equivalent(file, source.name, failed))
            throw Error(file + ": would be replaced by its own results, expected another folder");
        if (const auto read = read_.find(identity(file)); read != read_.end())
            throw Error(source.shown + ": " + file + " would be replaced by its results and is " +
                        read->second + " itself, expected another folder");
        if (!is_regular_or_new(file)) continue;
        const auto [taken, is_new] = taken_.emplace(identity(file), source.shown);
        if (!is_new)
            throw Error(source.shown + ": " + file + " is written for " + taken->second +
                        " already, rename one of the two or process them separately");
    }
    for (const auto& output : outputs_) {
        std::error_code failed;  // reported when the file is opened
        if (!output.is_file()) fs::create_directories((output.path / source.place).parent_path(), failed);
    }
    return files;
}

bool OutputPlan::is_done(const Source& source, bool is_picture) const {
    const auto files = files_of(source, is_picture);
    return !files.empty() && std::all_of(files.begin(), files.end(), [](const auto& file) {
        std::error_code failed;
        return fs::is_regular_file(file.second, failed) && !fs::exists(mark_beside(file.second), failed);
    });
}

bool OutputPlan::holds(const fs::path& file, const fs::path& folder) const {
    for (auto inside = file.lexically_relative(folder).parent_path(); !inside.empty();
         inside = inside.parent_path())
        for (const auto& output : outputs_) {
            std::error_code failed;
            if (!output.is_file() && fs::equivalent(folder / inside, output.path, failed)) return true;
        }
    return false;
}

}  // namespace emotion::apps
