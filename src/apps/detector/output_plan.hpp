#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "apps/common/overlaps.hpp"
#include "apps/common/source_list.hpp"
#include "results/output_table.hpp"

namespace emotion::apps {

/// Marks these results as cut short, for --skip-done of later runs, by a hidden file beside each. Call it
/// before results that are cut short are put in place.
void mark_cut_short(const results::OutputTargets& files);

/// Call it when as many results are in place as can be. Whether they are `whole`, all of them: otherwise
/// those that are there stay marked, or become so.
void settle_marks(const results::OutputTargets& files, bool whole);

/// Says which file each source's results go to. Every output is one file, or a folder with one for each
/// source, under the names and in the tree that the sources have in the folder named for them.
class OutputPlan {
  public:
    /// An output is a folder if it is one already, ends in a slash, or is of the kind that sources cannot
    /// share and there are `several`. Throws ConfigError if several sources would share such a file, a name
    /// is none of its kind, or two outputs are one file.
    OutputPlan(const results::OutputTargets& asked, bool several);

    /// What all sources share.
    results::OutputTargets shared() const;

    /// From now on none of these files is replaced by results; `others` are read besides the sources. Throws
    /// ConfigError if an output that is one file would.
    void protect(const std::vector<Source>& sources, const std::vector<NamedFile>& others);

    /// The files of a source, their folders made where they can be; `is_picture` is false of whatever moves.
    /// Throws Error if a file would replace what is read or another result.
    results::OutputTargets claim(const Source& source, bool is_picture);

    /// Whether something is written for each source alone, and all of it is there for this one, not cut
    /// short.
    bool is_done(const Source& source, bool is_picture) const;
    /// Whether `file`, found in `folder` or below, lies in a folder of outputs inside it.
    bool holds(const std::filesystem::path& file, const std::filesystem::path& folder) const;

  private:
    enum class Place { kShared, kOwn, kFolder };  ///< own: the only source's file
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
    results::OutputTargets elsewhere_;  ///< those of outputs that are written to no file
    // By the files' identities:
    std::map<std::string, std::string> taken_;  ///< which source or option each is written for
    std::map<std::string, std::string> read_;   ///< what each is
};

}  // namespace emotion::apps
