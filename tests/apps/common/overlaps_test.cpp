#include "apps/common/overlaps.hpp"

#include "base/error.hpp"
#include "base/files.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

namespace overlaps_test {

using emotion::ConfigError;
using emotion::apps::refuse_overlaps;

TEST_CASE("An output must not be an input or another output") {
    const emotion::test::TemporaryFolder folder;
    const auto card = folder / "card.yaml", link = folder / "link.yaml", hard = folder / "hard.yaml";
    emotion::write_file(card, "a card");
    std::filesystem::create_symlink(card, link);
    std::filesystem::create_hard_link(card, hard);
    for (const auto& name : {card, link, hard, folder / "./card.yaml"})
        CHECK_THROWS_WITH(refuse_overlaps({{"--json", name}}, {{"the model", card}}),
                          "--json " + name.string() + ": is the model, expected another file for results");
    const auto fresh = folder / "new.json";
    CHECK_THROWS_AS(refuse_overlaps({{"--json", fresh}, {"--best", folder / "./new.json"}}, {}), ConfigError);
    CHECK_NOTHROW(refuse_overlaps({{"--json", fresh}, {"--best", folder / "b.yaml"}, {"--log-json", ""}},
                                  {{"the model", card}, {"the recipe", ""}}));
    CHECK_NOTHROW(
        refuse_overlaps({{"--json", "/dev/null"}, {"--csv", "/dev/null"}, {"--a", "-"}, {"--b", "-"}},
                        {{"the model", "/dev/null"}}));
}

}  // namespace overlaps_test
