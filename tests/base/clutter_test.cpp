#include "base/clutter.hpp"

#include "support/catch.hpp"

namespace clutter_test {

using emotion::is_clutter;

TEST_CASE("what systems leave beside pictures is told from what people put there") {
    for (const char* name : {".DS_Store", "._a.png", ".git", "Thumbs.db", "desktop.ini", "data/__MACOSX",
                             "photos/@eaDir", "$RECYCLE.BIN", "System Volume Information", "lost+found"}) {
        INFO(name);
        CHECK(is_clutter(name));
    }
    for (const char* name : {"a.png", "happy", "MACOSX", "@home", "lost and found", ".hidden/a.png"}) {
        INFO(name);
        CHECK_FALSE(is_clutter(name));
    }
}

}  // namespace clutter_test
