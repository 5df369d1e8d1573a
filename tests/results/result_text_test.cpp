#include "results/result_text.hpp"

#include <nlohmann/json.hpp>

#include "support/catch.hpp"

namespace result_text_test {

using namespace emotion;
using namespace emotion::results;

namespace {

const std::vector<std::string> kClasses{"happy", "fear"};

faces::FrameResult frame_with_two_faces() {
    faces::FrameResult result{"clip.mp4", 12, 0.4, {640, 480}, {}};
    result.faces.push_back({1, {10.0f, 20.5f, 100.0f, 100.126f}, 0, 0.93f, {0.93f, 0.07f}, {0.91f, 0.09f}});
    result.faces.push_back(
        {4, {-3.0f, 0.0f, 50.0f, 50.0f}, std::nullopt, 0.52f, {0.48f, 0.52f}, {0.25f, 0.75f}, -31.26f, true});
    return result;
}

}  // namespace

TEST_CASE("A frame is one line of JSON in the documented form") {
    CHECK(json_line(frame_with_two_faces(), kClasses) ==
          R"({"source":"clip.mp4","frame":12,"time_s":0.4,"faces":[)"
          R"({"track":1,"box":[10.0,20.5,100.0,100.13],"roll_deg":0.0,"label":"happy","confidence":0.93,)"
          R"("probabilities":{"happy":0.93,"fear":0.07},"raw":{"happy":0.91,"fear":0.09},"neutral":false},)"
          R"({"track":4,"box":[-3.0,0.0,50.0,50.0],"roll_deg":-31.3,"label":null,"confidence":0.52,)"
          R"("probabilities":{"happy":0.48,"fear":0.52},"raw":{"happy":0.25,"fear":0.75},"neutral":true}]})"
          "\n");
}

TEST_CASE("A frame without a face is a line of JSON with no faces") {
    CHECK(json_line({"0", 0, 0.0, {640, 480}, {}}, kClasses) ==
          R"({"source":"0","frame":0,"time_s":0.0,"faces":[]})"
          "\n");
}

TEST_CASE("A source name with arbitrary bytes gives one valid line of JSON") {
    const auto line = json_line({"a \"b\"\n\xff \xc3\xa9.mp4", 0, 0.0, {1, 1}, {}}, kClasses);
    CHECK(line.find('\n') == line.size() - 1);
    CHECK(nlohmann::json::parse(line)["source"] == "a \"b\"\n\xef\xbf\xbd \xc3\xa9.mp4");
}

TEST_CASE("The table has a row per face with smoothed and raw probabilities of every class") {
    CHECK(csv_header(kClasses) ==
          "source,frame,time_s,track,x,y,width,height,label,confidence,"
          "probability_happy,probability_fear,raw_happy,raw_fear,roll_deg,neutral\n");
    CHECK(csv_rows(frame_with_two_faces(), kClasses) ==
          "clip.mp4,12,0.4,1,10.0,20.5,100.0,100.13,happy,0.93,0.93,0.07,0.91,0.09,0.0,false\n"
          "clip.mp4,12,0.4,4,-3.0,0.0,50.0,50.0,,0.52,0.48,0.52,0.25,0.75,-31.3,true\n");
}

TEST_CASE("A frame without a face is a row of the table with empty face columns") {
    CHECK(csv_rows({"clip.mp4", 3, 0.1, {640, 480}, {}}, kClasses) == "clip.mp4,3,0.1,,,,,,,,,,,,,\n");
}

TEST_CASE("Table fields with commas, quotes or line breaks are quoted") {
    const std::vector<std::string> classes{"a,b", "say \"x\""};
    CHECK_THAT(csv_header(classes), ContainsSubstring(",\"probability_a,b\",\"probability_say \"\"x\"\"\","));
    faces::FrameResult result{"one, two\n.mp4", 0, 0.0, {1, 1}, {}};
    result.faces.push_back({1, {0, 0, 1, 1}, 1, 1.0f, {0.0f, 1.0f}, {0.0f, 1.0f}});
    CHECK(csv_rows(result, classes) ==
          "\"one, two\n.mp4\",0,0.0,1,0.0,0.0,1.0,1.0,\"say \"\"x\"\"\",1.0,0.0,1.0,0.0,1.0,0.0,false\n");
}

}  // namespace result_text_test
