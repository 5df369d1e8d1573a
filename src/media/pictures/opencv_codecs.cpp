// The library that picture_codecs() loads.
#include <opencv2/imgcodecs.hpp>

#include "base/lazy_library.hpp"
#include "media/pictures/picture_codecs.hpp"

EMOTION_EXPORTED_TABLE(emotion::media::PictureCodecs, emotion_picture_codecs){
    [](cv::InputArray bytes, int flags) { return cv::imdecode(bytes, flags); },
    [](const std::string& ending, const cv::Mat& picture, std::vector<unsigned char>& bytes,
       const std::vector<int>& parameters) { return cv::imencode(ending, picture, bytes, parameters); },
    [](const std::string& file) { return cv::haveImageReader(file); },
    [](const std::string& file) { return cv::haveImageWriter(file); }};
