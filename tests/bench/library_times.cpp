// Prints for each frame of a video the CPU time in nanoseconds of emotion::Detector::follow on one thread:
// library-times RAW_FRAMES FPS. RAW_FRAMES is a file of consecutive 640x480 BGR pictures. Run by
// python_beside_cpp.py.
#include <cstdlib>
#include <ctime>
#include <exception>
#include <fstream>
#include <iostream>

#include <opencv2/core.hpp>

#include "emotion_detector/detector.hpp"

namespace {

/// Of this thread.
long long processor_ns() {
    timespec time{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return 1'000'000'000LL * time.tv_sec + time.tv_nsec;
}

}  // namespace

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
        const auto started = processor_ns();
        const auto faces = detector.follow(frame, index / fps);
        const auto ended = processor_ns();
        std::cout << ended - started << ' ' << faces.size() << '\n';
    }
} catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
}
