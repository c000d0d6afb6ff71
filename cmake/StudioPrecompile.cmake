# SPDX-License-Identifier: MIT
# Precompiled headers halve the time of a whole build (LibTorch's headers take up to 10 s a file). They are for whole
# builds: with them, a change of one included header compiles everything again, and ccache cannot help.
function(studio_precompile target)
    if(NOT TARGET ${target})
        return()
    endif()
    target_precompile_headers(${target} PRIVATE ${ARGN})
    # Sources with compiler flags of their own (another instruction set) cannot share them.
    get_target_property(sources ${target} SOURCES)
    get_target_property(folder ${target} SOURCE_DIR)
    foreach(source IN LISTS sources)
        get_source_file_property(flags "${source}" TARGET_DIRECTORY ${target} COMPILE_OPTIONS)
        if(flags)
            set_source_files_properties("${source}" TARGET_DIRECTORY ${target} PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
        endif()
    endforeach()
endfunction()

set(studio_standard_headers <algorithm> <cstdint> <filesystem> <functional> <map> <memory> <optional> <string> <string_view>
    <vector>)
studio_precompile(studio_base ${studio_standard_headers} <nlohmann/json.hpp>)
studio_precompile(studio_core ${studio_standard_headers} <nlohmann/json.hpp> <ATen/core/Tensor.h>
    <torch/csrc/autograd/custom_function.h>)
studio_precompile(studio_ui ${studio_standard_headers} <nlohmann/json.hpp> <QtWidgets/QtWidgets>)
