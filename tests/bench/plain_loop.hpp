#pragma once

#include <string>
#include <vector>

#include <opencv2/dnn.hpp>
#include <opencv2/imgproc.hpp>
#include <opencv2/objdetect.hpp>

#include "base/program_files.hpp"

namespace emotion::bench {

/// The typical loop of emotion demos: the cascade on the whole frame, then a small network for each face. The
/// network has the layers of mini-XCEPTION (Arriaga, Valdenegro-Toro and Ploeger, "Real-time convolutional
/// neural networks for emotion and gender classification", 2017), with batch normalization folded into the
/// convolutions and random weights, because only its time matters.
class PlainLoop {
  public:
    PlainLoop() : cascade_(find_program_file("haarcascades/haarcascade_frontalface_default.xml").string()) {
        int before = convolution(kInput, 1, 8, 3, 1, 0, 1);
        before = relu(before);
        before = relu(convolution(before, 8, 8, 3, 1, 0, 1));
        int channels = 8;
        for (const int wider : {16, 32, 64, 128}) {
            const int shortcut = convolution(before, channels, wider, 1, 2, 0, 1);
            int way = relu(separable(before, channels, wider));
            way = max_pooling(separable(way, wider, wider));
            before = add("Eltwise", {});
            net_.connect(way, 0, before, 0);
            net_.connect(shortcut, 0, before, 1);
            channels = wider;
        }
        before = convolution(before, channels, 7, 3, 1, 1, 1);
        cv::dnn::LayerParams mean;
        mean.set("pool", "ave");
        mean.set("global_pooling", true);
        before = after(before, add("Pooling", mean));
        after(before, add("Softmax", {}));
    }

    /// The detected boxes; `bgr` is CV_8UC3.
    std::vector<cv::Rect> process(const cv::Mat& bgr) {
        cv::Mat gray, crop;
        cv::cvtColor(bgr, gray, cv::COLOR_BGR2GRAY);
        std::vector<cv::Rect> faces;
        cascade_.detectMultiScale(gray, faces, 1.3, 5);
        for (const auto& face : faces) {
            cv::resize(gray(face), crop, {64, 64});
            net_.setInput(cv::dnn::blobFromImage(crop, 1.0 / 127.5, {}, cv::Scalar::all(127.5)));
            net_.forward();
        }
        return faces;
    }

  private:
    static constexpr int kInput = 0;  // OpenCV's id for it

    int add(const std::string& type, cv::dnn::LayerParams params) {
        return net_.addLayer(type + std::to_string(layers_++), type, params);
    }
    int after(int before, int layer) {
        net_.connect(before, 0, layer, 0);
        return layer;
    }
    int relu(int before) { return after(before, add("ReLU", {})); }
    int max_pooling(int before) {
        cv::dnn::LayerParams params;
        params.set("pool", "max");
        params.set("kernel_size", 3);
        params.set("stride", 2);
        params.set("pad", 1);
        params.set("ceil_mode", false);
        return after(before, add("Pooling", params));
    }
    int convolution(int before, int in, int out, int kernel, int stride, int pad, int groups) {
        const std::vector<int> shape{out, in / groups, kernel, kernel};
        cv::Mat weights(shape, CV_32F), bias(1, out, CV_32F, cv::Scalar(0));
        cv::randn(weights, 0.0, 0.1);
        cv::dnn::LayerParams params;
        params.set("kernel_size", kernel);
        params.set("stride", stride);
        params.set("pad", pad);
        params.set("num_output", out);
        params.set("group", groups);
        params.blobs = {weights, bias};
        return after(before, add("Convolution", params));
    }
    int separable(int before, int in, int out) {
        return convolution(convolution(before, in, in, 3, 1, 1, in), in, out, 1, 1, 0, 1);
    }

    cv::CascadeClassifier cascade_;
    cv::dnn::Net net_;
    int layers_ = 0;
};

}  // namespace emotion::bench
