# SPDX-License-Identifier: MIT
# Own imported targets for LibTorch: libtorch_cpu and libc10 alone, so that a program needs neither cuBLAS nor cuDNN
# to start. STUDIO_LIBTORCH is the folder with include/ and lib/.
set(STUDIO_LIBTORCH "${PROJECT_SOURCE_DIR}/.deps/site/torch" CACHE PATH "LibTorch folder (holds include/ and lib/)")
if(NOT EXISTS "${STUDIO_LIBTORCH}/include/ATen/ATen.h")
    message(FATAL_ERROR "LibTorch not found in '${STUDIO_LIBTORCH}'. Run ./run.sh once, or pass -DSTUDIO_LIBTORCH=DIR.")
endif()
add_library(studio_c10 SHARED IMPORTED)
set_target_properties(studio_c10 PROPERTIES IMPORTED_LOCATION "${STUDIO_LIBTORCH}/lib/libc10.so")
add_library(studio_torch SHARED IMPORTED)
set_target_properties(studio_torch PROPERTIES
    IMPORTED_LOCATION "${STUDIO_LIBTORCH}/lib/libtorch_cpu.so"
    INTERFACE_INCLUDE_DIRECTORIES "${STUDIO_LIBTORCH}/include"
    INTERFACE_SYSTEM_INCLUDE_DIRECTORIES "${STUDIO_LIBTORCH}/include"
    INTERFACE_LINK_LIBRARIES studio_c10
    INTERFACE_LINK_OPTIONS "-Wl,--allow-shlib-undefined")
