// Prints for each frame of a video the nanoseconds that emotion::Detector::follow takes: library-times
// RAW_FRAMES FPS. RAW_FRAMES is a file of 640x480 pictures in BGR, one behind the other. python_beside_cpp.py
// runs it.
#include <chrono>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iostream>

#include <opencv2/core.hpp>

#include "emotion_detector/detector.hpp"

int main(int argc, char** argv) try {
    if (argc != 3) {
        std::cerr << "usage: library-times RAW_FRAMES FPS\n";
        return 2;
    }
    std::ifstream file(argv[1], std::ios::binary);
    const double fps = std::atof(argv[2]);
    cv::setNumThreads(1);
    emotion::Detector detector;
    cv::Mat frame(480, 640, CV_8UC3);
    for (int index = 0; file.read(reinterpret_cast<char*>(frame.data),
                                  static_cast<std::streamsize>(frame.total() * frame.elemSize()));
         ++index) {
        const auto begun = std::chrono::steady_clock::now();
        const auto faces = detector.follow(frame, index / fps);
        const auto ended = std::chrono::steady_clock::now();
        std::cout << std::chrono::nanoseconds(ended - begun).count() << ' ' << faces.size() << '\n';
    }
} catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
}
