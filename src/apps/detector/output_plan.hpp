#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "apps/common/overlaps.hpp"
#include "apps/common/source_list.hpp"
#include "results/output_table.hpp"

namespace emotion::apps {

/// Marks results as incomplete, for --skip-done of later runs, by a hidden file next to each. Call it before
/// incomplete results are moved into place.
void mark_cut_short(const results::OutputTargets& files);

/// Call it once all possible results are in place. `whole`: all are complete, and marks are removed;
/// otherwise those that exist are marked.
void settle_marks(const results::OutputTargets& files, bool whole);

/// Determines the output files of each source. Every output is one file, or a folder with one file per
/// source, named and nested like the sources in their folder. For sources that differ only by extension, such
/// as a phone's picture and its motion clip, it is kept as part of the name.
class OutputPlan {
  public:
    /// An output is a folder if it exists as one, ends in a slash, or is of a kind that sources cannot share
    /// and there are `several`. Throws ConfigError if sources would share such a file, a name is invalid for
    /// its kind, or two outputs are the same file.
    OutputPlan(const results::OutputTargets& targets, bool several);

    /// Creates the output folders. Call it once nothing on the command line can be refused any more, so that
    /// a refused one leaves no empty folders. Throws Error.
    void create_folders() const;

    /// The outputs shared by all sources.
    results::OutputTargets shared() const;

    /// Removes the results that an earlier run put beside the sources of a folder, such as a.timeline.png for
    /// a.mp4, so that they do not become sources themselves; those in `named` stay.
    void leave_results_out(std::vector<Source>& sources, const std::vector<std::string>& named) const;

    /// Registers all sources and `others`, further files to read. From now on none of them is overwritten.
    /// Throws ConfigError if an output that is a single file would overwrite one.
    void protect(const std::vector<Source>& sources, const std::vector<NamedFile>& others);

    /// The output files of a source, creating their folders if possible; `is_picture`: it is a single
    /// picture. Throws Error if a file would overwrite an input or another result.
    results::OutputTargets claim(const Source& source, bool is_picture);

    /// Whether the source has outputs of its own, and all of them exist and are complete.
    bool is_done(const Source& source, bool is_picture) const;
    /// Whether `file`, which is in or below `folder`, is in an output folder inside it.
    bool holds(const std::filesystem::path& file, const std::filesystem::path& folder) const;

  private:
    enum class Place { kShared, kOwn, kFolder };  ///< own: of the only source
    struct Output {
        const results::OutputKind* kind;
        std::filesystem::path path;
        Place place;

        bool is_file() const { return place != Place::kFolder; }
        std::string option() const { return std::string(kind->option); }
        std::string named() const { return option() + " " + path.string(); }
    };
    static Output plan(const results::OutputKind& kind, const std::string& named, bool several);
    static Place place_of(const Output& output, bool several);

    results::OutputTargets files_of(const Source& source, bool is_picture) const;
    void refuse_doubles();

    std::vector<Output> outputs_;
    /// The sources by output name without extension.
    std::map<std::filesystem::path, std::set<std::filesystem::path>> twins_;
    results::OutputTargets elsewhere_;  ///< targets of outputs that are not files
    // By canonical file name:
    std::map<std::string, std::string> taken_;  ///< the source or option that writes it
    std::map<std::string, std::string> read_;   ///< the description of an input
};

}  // namespace emotion::apps
