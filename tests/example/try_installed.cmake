# Installs the build into a folder of its own, builds the example against that, away from the build, and runs it.
# Wants BUILD, its GENERATOR and COMPILER, EXAMPLE (its sources), WORK (emptied) and PICTURE (of a smiling face).
function(run)
    execute_process(COMMAND ${ARGV} RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
    if(NOT result EQUAL 0)
        message(FATAL_ERROR "${ARGV}: ${result}\n${output}")
    endif()
    set(output "${output}" PARENT_SCOPE)
endfunction()

file(REMOVE_RECURSE ${WORK})
run(${CMAKE_COMMAND} --install ${BUILD} --prefix ${WORK}/installed)
run(${CMAKE_COMMAND} -G ${GENERATOR} -S ${EXAMPLE} -B ${WORK}/build -DCMAKE_CXX_COMPILER=${COMPILER}
    -DCMAKE_PREFIX_PATH=${WORK}/installed -DCMAKE_BUILD_TYPE=Release)
run(${CMAKE_COMMAND} --build ${WORK}/build)
run(${WORK}/build/label_picture ${PICTURE})
if(NOT output MATCHES "^face at .*: happy, 0\\.[0-9]+\n$")
    message(FATAL_ERROR "expected one happy face, got: ${output}")
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
