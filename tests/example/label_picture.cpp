// Labels the faces in a picture: label_picture PICTURE
#include <iostream>

#include <emotion_detector/detector.hpp>
#include <opencv2/imgcodecs.hpp>

int main(int argc, char** argv) try {
    if (argc != 2) {
        std::cerr << "usage: label_picture PICTURE\n";
        return 2;
    }
    const cv::Mat picture = cv::imread(argv[1]);
    if (picture.empty()) {
        std::cerr << argv[1] << ": is no picture\n";
        return 1;
    }
    emotion::Detector detector;
    for (const auto& face : detector.analyse(picture))
        std::cout << "face at " << face.box << ": " << face.label.value_or("unsure") << ", "
                  << face.confidence << '\n';
} catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
}
