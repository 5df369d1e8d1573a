# Installs the build into a folder of its own, builds the example against that, away from the build, and runs it.
# Wants BUILD, its GENERATOR and COMPILER, EXAMPLE (its sources), WORK (emptied), PICTURE (of a smiling face), HELP2MAN
# (false where there are no manual pages), and PYTHON (empty where there is no package for it) with its PYTHON_DIR.
function(run)
    execute_process(COMMAND ${ARGV} RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
    if(NOT result EQUAL 0)
        message(FATAL_ERROR "${ARGV}: ${result}\n${output}")
    endif()
    set(output "${output}" PARENT_SCOPE)
endfunction()

file(REMOVE_RECURSE ${WORK})
run(${CMAKE_COMMAND} --install ${BUILD} --prefix ${WORK}/installed)

# What nothing below would miss.
set(pages "")
if(HELP2MAN)
    set(pages man1/emotion-detector.1 man1/trainer.1)
endif()
file(GLOB_RECURSE installed ${WORK}/installed/*)
foreach(wanted ${pages} bash-completion/completions/emotion-detector bash-completion/completions/trainer
        applications/emotion-detector.desktop icons/hicolor/scalable/apps/emotion-detector.svg
        include/emotion_detector/detector.hpp doc/emotion-detector/LICENSE doc/emotion-detector/README.md
        doc/emotion-detector/CHANGELOG.md doc/emotion-detector/assets/docs/model-cards.md
        emotion-detector/haarcascades/haarcascade_frontalface_[a-z0-9_]+.xml emotion-detector/config/detector.yaml
        emotion-detector/models/happy-fear.yaml emotion-detector/models/happy-fear.onnx)
    set(found ${installed})
    list(FILTER found INCLUDE REGEX "/${wanted}$")
    set(size 0)
    if(found)
        list(GET found 0 found)
        file(SIZE "${found}" size)
    endif()
    if(size EQUAL 0)
        message(FATAL_ERROR "${wanted} is not installed, or empty; installed are:\n${installed}")
    endif()
endforeach()
file(GLOB headers ${WORK}/installed/include/*)
if(NOT headers STREQUAL "${WORK}/installed/include/emotion_detector")
    message(FATAL_ERROR "expected no headers but those of the library, got: ${headers}")
endif()

run(${CMAKE_COMMAND} -G ${GENERATOR} -S ${EXAMPLE} -B ${WORK}/build -DCMAKE_CXX_COMPILER=${COMPILER}
    -DCMAKE_PREFIX_PATH=${WORK}/installed -DCMAKE_BUILD_TYPE=Release)
run(${CMAKE_COMMAND} --build ${WORK}/build)
run(${WORK}/build/label_picture ${PICTURE})
if(NOT output MATCHES "^face at .*: happy, 0\\.[0-9]+\n$")
    message(FATAL_ERROR "expected one happy face, got: ${output}")
endif()

if(PYTHON)
    run(${CMAKE_COMMAND} -E env PYTHONPATH=${WORK}/installed/${PYTHON_DIR} PYTHONDONTWRITEBYTECODE=1
        ${PYTHON} -c "from emotion_detector import Detector\nprint(Detector().classes)")
    if(NOT output MATCHES "'happy', 'fear'")
        message(FATAL_ERROR "expected the classes of the model in Python, got: ${output}")
    endif()
endif()

# The programs find their models and settings wherever they are put, from any working directory.
execute_process(COMMAND ${WORK}/installed/bin/emotion-detector --headless --jsonl - ${PICTURE} WORKING_DIRECTORY /
                RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE errors)
if(NOT result EQUAL 0 OR NOT output MATCHES "\"label\":\"happy\"")
    message(FATAL_ERROR "emotion-detector as installed: ${result}\n${output}${errors}")
endif()
run(${WORK}/installed/bin/emotion-detector --headless --max-frames 30 --output ${WORK}/labelled.mp4
    ${WORK}/installed/share/emotion-detector/demo.mp4)
if(NOT EXISTS ${WORK}/labelled.mp4)
    message(FATAL_ERROR "the demo clip that is installed was not labelled: ${output}")
endif()
file(REMOVE_RECURSE ${WORK})
