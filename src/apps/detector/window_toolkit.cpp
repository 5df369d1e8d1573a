#include "apps/detector/window_toolkit.hpp"

#include "base/lazy_library.hpp"

namespace emotion::apps {

const WindowToolkit& window_toolkit() {
    static const auto& toolkit =
        functions_of_library<WindowToolkit>(EMOTION_LAZY_LIBRARY, "emotion_window_toolkit");
    return toolkit;
}

}  // namespace emotion::apps
