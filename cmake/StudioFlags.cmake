# SPDX-License-Identifier: MIT
# Every project-wide switch, carried by one target.
add_library(studio_flags INTERFACE)
target_include_directories(studio_flags INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(studio_flags INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual)
# g++ 12 sees copies past the end where std::string and std::filesystem::path are inlined, and where depends on the options
# and on the precompiled header; the sanitizers watch the real ones.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(studio_flags INTERFACE
        -Wno-array-bounds -Wno-restrict -Wno-stringop-overflow -Wno-stringop-overread)
endif()
if(STUDIO_WERROR)
    target_compile_options(studio_flags INTERFACE -Werror)
endif()
target_compile_definitions(studio_flags INTERFACE
    QT_NO_KEYWORDS QT_NO_CAST_FROM_ASCII QT_NO_FOREACH STUDIO_VERSION="${PROJECT_VERSION}")
foreach(sanitizer IN LISTS STUDIO_SANITIZE)
    target_compile_options(studio_flags INTERFACE -fsanitize=${sanitizer} -fno-omit-frame-pointer)
    target_link_options(studio_flags INTERFACE -fsanitize=${sanitizer})
endforeach()
