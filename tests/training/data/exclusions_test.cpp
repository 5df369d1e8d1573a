#include "training/data/exclusions.hpp"

#include <string>
#include <utility>
#include <vector>

#include "base/files.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

namespace exclusions_test {

using namespace emotion;
using namespace emotion::training;
using namespace emotion::test;

namespace {

struct Workplace {
    TemporaryFolder folder;
    std::filesystem::path data = folder / "data", list = folder / "list.txt";

    explicit Workplace(const std::vector<std::string>& pictures) {
        for (const auto& name : pictures) {
            std::filesystem::create_directories((data / name).parent_path());
            write_file(data / name, "a picture");
        }
    }
    /// The numbers of pictures that a list leaves out and that it names in vain.
    std::pair<std::size_t, std::size_t> left_out_and_absent(const std::string& text) const {
        write_file(list, text);
        const Exclusions exclusions(list, data);
        auto folders = list_class_folders(data);
        return {exclusions.apply(folders), exclusions.absent()};
    }
};

using Counts = std::pair<std::size_t, std::size_t>;

}  // namespace

TEST_CASE("Every name but one with a line break is read back from its line") {
    const std::vector<std::string> names{"#1/a.png",
                                         "{2}/b.png",
                                         " 3/c.png",
                                         "\xEF\xBB\xBF"
                                         "4/d.png",
                                         "five/e.png ",
                                         "five/f\r",
                                         "five/g\\h.png",
                                         "five/i \tj.png"};
    for (const auto& name : names) {
        INFO(name);
        const Workplace place(names);
        CHECK(place.left_out_and_absent(exclusion_line(name)) == Counts(1, 0));
    }
    std::string list;
    for (const auto& name : names) list += exclusion_line(name);
    CHECK(Workplace(names).left_out_and_absent(list) == Counts(names.size(), 0));
    CHECK(exclusion_line("happy/1.png") == "happy/1.png\n");
    CHECK(exclusion_line("happy/a\nb.png").empty());
}

TEST_CASE("A list from another system is read") {
    const Workplace place({"happy/1.png", "happy/2.png", "fear/3.png"});
    CHECK(place.left_out_and_absent("\xEF\xBB\xBFhappy\\1.png\r\nfear\\3.png \r\nhappy/2.png\t\n") ==
          Counts(3, 0));
    CHECK(place.left_out_and_absent("\xEF\xBB\xBF{\"exclude\": [\"happy\\\\1.png\"]}") == Counts(1, 0));
    CHECK(place.left_out_and_absent("# a comment\n \r\nhappy\\4.png\n") == Counts(0, 1));
}

TEST_CASE("A link to nothing is a picture that is there") {
    const Workplace place({"happy/1.png"});
    std::filesystem::create_symlink("nowhere", place.data / "happy" / "link.png");
    CHECK(place.left_out_and_absent("happy/link.png\n") == Counts(1, 0));
}

}  // namespace exclusions_test
