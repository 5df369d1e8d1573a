#include "media/pictures/picture_codecs.hpp"

#include "base/lazy_library.hpp"

namespace emotion::media {

const PictureCodecs& picture_codecs() {
    static const auto& codecs =
        functions_of_library<PictureCodecs>(EMOTION_LAZY_LIBRARY, "emotion_picture_codecs");
    return codecs;
}

}  // namespace emotion::media
