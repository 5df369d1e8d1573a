#include "training/check/data_check_text.hpp"

#include <algorithm>
#include <sstream>

#include "base/display_width.hpp"
#include "training/evaluation/figure_text.hpp"

namespace emotion::training {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kExamples = 5;
constexpr DuplicateKind kKinds[] = {DuplicateKind::kAcrossSplits, DuplicateKind::kAcrossClasses,
                                    DuplicateKind::kWithinClass};

const char* name_of(DuplicateKind kind) {
    switch (kind) {
        case DuplicateKind::kWithinClass:
            return "within a class";
        case DuplicateKind::kAcrossClasses:
            return "across classes";
        case DuplicateKind::kAcrossSplits:
            return "across splits";
    }
    return "";
}

Json names_where(const DataCheck& check, const auto& predicate) {
    auto names = Json::array();
    for (const auto& picture : check.pictures)
        if (predicate(picture)) names.push_back(picture.name);
    return names;
}

bool labels_differ(const DataCheck& check, const DuplicateGroup& group) {
    const auto label = check.pictures[group.pictures.front()].label;
    return std::any_of(group.pictures.begin(), group.pictures.end(),
                       [&](std::size_t i) { return check.pictures[i].label != label; });
}

/// What follows a count in a heading.
struct Heading {
    std::string one, many;
};

/// A heading with a count and the first few items.
class Section {
  public:
    Section(std::ostream& text, std::size_t count, const Heading& heading) : text_(text), left_(count) {
        if (count > 0) text_ << count << (count == 1 ? heading.one : heading.many) << ":\n";
    }
    void example(const std::string& line) {
        if (shown_ == kExamples) return;
        text_ << "  " << line << '\n';
        --left_;
        if (++shown_ == kExamples && left_ > 0) text_ << "  and " << left_ << " more\n";
    }

  private:
    std::ostream& text_;
    std::size_t left_, shown_ = 0;
};

template <typename Predicate, typename Line>
void list_pictures(const DataCheck& check, std::ostream& text, const Heading& heading,
                   const Predicate& predicate, const Line& line) {
    const auto count = std::count_if(check.pictures.begin(), check.pictures.end(), predicate);
    Section section(text, static_cast<std::size_t>(count), heading);
    for (const auto& picture : check.pictures)
        if (predicate(picture)) section.example(line(picture));
}

void write_counts(const DataCheck& check, std::ostream& text) {
    std::size_t widest = 5;
    for (const auto& name : check.classes) widest = std::max(widest, display_width(name));
    constexpr std::size_t kCountWidth = 12;
    text << check.pictures.size() << " pictures";
    if (!check.common_size.empty()) text << ", nearly all of " << check.common_size << " pixels";
    text << '\n';
    if (!check.splits.front().empty()) {
        text << std::string(widest + 4, ' ');
        for (const auto& split : check.splits) text << right_aligned(split, kCountWidth);
        text << '\n';
    }
    for (std::size_t k = 0; k < check.classes.size(); ++k) {
        text << "  " << left_aligned(check.classes[k], widest + 2);
        for (std::size_t split = 0; split < check.splits.size(); ++split)
            text << right_aligned(std::to_string(check.count(split, k)), kCountWidth);
        text << '\n';
    }
}

void write_duplicates(const DataCheck& check, std::ostream& text) {
    for (const auto kind : kKinds) {
        std::vector<const DuplicateGroup*> groups;
        for (const auto& group : check.duplicates)
            if (check.kind(group) == kind) groups.push_back(&group);
        const auto contradictory = std::count_if(
            groups.begin(), groups.end(), [&](const auto* group) { return labels_differ(check, *group); });
        std::string more;
        if (kind == DuplicateKind::kAcrossSplits && contradictory > 0)
            more = ", " + std::to_string(contradictory) + " of them with different labels";
        const std::string where = std::string(" more than once ") + name_of(kind) + more;
        Section section(text, groups.size(), {" picture occurs" + where, " pictures occur" + where});
        for (const auto* group : groups) {
            std::string line = group->exact ? "same pixels: " : "alike: ";
            for (std::size_t i = 0; i < group->pictures.size(); ++i)
                line += (i ? " = " : "") + check.pictures[group->pictures[i]].name;
            section.example(line);
        }
    }
}

}  // namespace

Json to_json(const DataCheck& check) {
    Json json;
    json["pictures"] = check.pictures.size();
    for (std::size_t split = 0; split < check.splits.size(); ++split) {
        auto& counts = check.splits[split].empty() ? json["classes"] : json["splits"][check.splits[split]];
        for (std::size_t k = 0; k < check.classes.size(); ++k)
            counts[check.classes[k]] = check.count(split, k);
    }
    json["subfolders"] = check.subfolders;
    json["warnings"] = check.warnings();
    json["unreadable"] = Json::array();
    for (const auto& picture : check.pictures)
        if (!picture.problem.empty())
            json["unreadable"].push_back({{"picture", picture.name}, {"problem", picture.problem}});
    json["blank"] = names_where(check, [](const auto& picture) { return picture.blank; });
    json["usual_size"] = check.common_size.empty() ? Json() : Json(check.common_size);
    json["unusual_size"] = Json::array();
    for (const auto& picture : check.pictures)
        if (check.unusual_size(picture))
            json["unusual_size"].push_back(
                {{"picture", picture.name}, {"width", picture.width}, {"height", picture.height}});
    json["duplicates"] = Json::array();
    for (const auto& group : check.duplicates) {
        auto names = Json::array();
        for (const auto i : group.pictures) names.push_back(check.pictures[i].name);
        json["duplicates"].push_back({{"kind", name_of(check.kind(group))},
                                      {"exact", group.exact},
                                      {"labels_differ", labels_differ(check, group)},
                                      {"pictures", names}});
    }
    json["no_face"] = check.faces_looked_for
                          ? names_where(check, [](const auto& picture) { return picture.no_face; })
                          : Json();
    json["model"] = check.model.empty() ? Json() : Json(check.model);
    const bool judged = !check.model.empty() && check.not_judged.size() < check.classes.size();
    json["doubtful"] = judged ? Json::array() : Json();
    for (const auto& doubt : check.doubtful) {
        const auto& picture = check.pictures[doubt.picture];
        json["doubtful"].push_back({{"picture", picture.name},
                                    {"label", check.classes[picture.label]},
                                    {"probability", doubt.probability},
                                    {"likelier", doubt.suggested},
                                    {"likelier_probability", doubt.suggested_probability}});
    }
    json["exclude"] = check.exclude();
    return json;
}

std::string to_text(const DataCheck& check) {
    std::ostringstream text;
    write_counts(check, text);
    for (const auto& line : check.subfolders) text << line << '\n';
    for (const auto& warning : check.warnings()) text << "Note: " << warning << '\n';
    const auto name_alone = [](const CheckedPicture& picture) { return picture.name; };
    list_pictures(
        check, text, {" file cannot be read", " files cannot be read"},
        [](const auto& picture) { return !picture.problem.empty(); },
        [](const auto& picture) { return picture.problem; });
    list_pictures(
        check, text, {" picture is of one shade", " pictures are of one shade"},
        [](const auto& picture) { return picture.blank; }, name_alone);
    list_pictures(
        check, text, {" picture has an unusual size", " pictures have an unusual size"},
        [&](const auto& picture) { return check.unusual_size(picture); },
        [](const auto& picture) {
            return picture.name + ": " + std::to_string(picture.width) + "x" + std::to_string(picture.height);
        });
    write_duplicates(check, text);
    list_pictures(
        check, text,
        {" picture has no face that fills it, as far as the cascade finds",
         " pictures have no face that fills them, as far as the cascade finds"},
        [](const auto& picture) { return picture.no_face; }, name_alone);
    Section doubts(
        text, check.doubtful.size(),
        {" label is doubted by " + check.model, " labels are doubted by " + check.model + ", most of all"});
    for (const auto& doubt : check.doubtful) {
        const auto& picture = check.pictures[doubt.picture];
        doubts.example(picture.name + ": " + check.classes[picture.label] + " " +
                       figure_text(doubt.probability, 2) + ", " + doubt.suggested + " " +
                       figure_text(doubt.suggested_probability, 2));
    }
    return text.str();
}

}  // namespace emotion::training
