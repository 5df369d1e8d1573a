#include "media/iso_boxes.hpp"

#include <string>
#include <vector>

#include "support/catch.hpp"

namespace iso_boxes_test {

using namespace emotion::media;
using namespace std::string_literals;

TEST_CASE("boxes have a short size, a long one, or extend to the end") {
    const auto file =
        "\0\0\0\x0b"
        "freeabc"s +
        "\0\0\0\x01"
        "mdat"
        "\0\0\0\0\0\0\0\x12"
        "de"s +
        "\0\0\0\0"
        "lastfgh"s;
    std::vector<std::string> found;
    read_boxes(file, [&](const Box& box) {
        found.push_back(std::string(box.name) + " " + std::string(box.content));
    });
    CHECK(found == std::vector<std::string>{"free abc", "mdat de", "last fgh"});
    CHECK(box_in(file, "mdat", 1) == "e");
    CHECK(box_in(file, "moov").empty());
}

TEST_CASE("a box that ends behind the file is reported by its head only") {
    const auto cut = "\0\0\x10\0mdat"s + std::string(100, 'x');
    const auto head = read_box_head(cut, cut.size());
    REQUIRE(head);
    CHECK(head->name == "mdat");
    CHECK(head->size == 0x1000);
    CHECK_FALSE(head->fits(cut.size()));
    read_boxes(cut, [](const Box&) { FAIL("an incomplete box"); });
    CHECK_FALSE(read_box_head(cut.substr(0, 7), 7));
    const auto impossible = read_box_head("\0\0\0\x03moov"s, 100);
    REQUIRE(impossible);
    CHECK_FALSE(impossible->fits(100));
}

TEST_CASE("a file has its main brand and those that it is compatible with") {
    const auto file =
        "\0\0\0\x18"
        "ftyp"
        "mif1"
        "\0\0\0\0"
        "avifmiaf"s +
        "\0\0\0\x08"
        "heic"s;
    CHECK(has_brand(file, {"mif1"}));
    CHECK(has_brand(file, {"heic", "miaf"}));
    CHECK_FALSE(has_brand(file, {"heic"}));  // behind the box
    CHECK_FALSE(has_brand("ftyp", {"ftyp"}));
}

}  // namespace iso_boxes_test
