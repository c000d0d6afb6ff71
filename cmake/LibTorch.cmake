# SPDX-License-Identifier: MIT
# Finds LibTorch and declares own imported targets: libtorch_cpu and libc10 alone, so that a program needs neither
# cuBLAS nor cuDNN to start. libtorch_cuda is loaded while the program runs, where there is a GPU. An installed CUDA
# toolkit is never looked at.
#
# STUDIO_LIBTORCH is the folder with include/ and lib/. Unless it is given, these are tried in turn and the first that a
# small program compiles and links against is taken: CMAKE_PREFIX_PATH (variable and environment), the active Python
# environment's torch (VIRTUAL_ENV, CONDA_PREFIX), and what run.sh fetched into .deps/site/torch.
set(STUDIO_LIBTORCH "" CACHE PATH "LibTorch folder (holds include/ and lib/); found by itself where empty")

# The folders, most wanted first, that look like a LibTorch.
function(studio_libtorch_candidates result)
    set(folders "")
    set(prefixes ${CMAKE_PREFIX_PATH})
    if(DEFINED ENV{CMAKE_PREFIX_PATH})
        string(REPLACE ":" ";" environment "$ENV{CMAKE_PREFIX_PATH}")
        list(APPEND prefixes ${environment})
    endif()
    foreach(prefix IN LISTS prefixes)
        # torch.utils.cmake_prefix_path is …/torch/share/cmake.
        string(REGEX REPLACE "/share/cmake(/Torch)?/*$" "" prefix "${prefix}")
        list(APPEND folders "${prefix}" "${prefix}/libtorch")
    endforeach()
    foreach(variable VIRTUAL_ENV CONDA_PREFIX)
        if(NOT "$ENV{${variable}}" STREQUAL "")
            file(GLOB environment "$ENV{${variable}}/lib/python3*/site-packages/torch")
            list(APPEND folders ${environment})
        endif()
    endforeach()
    if(NOT STUDIO_LIBTORCH_OWN_ONLY)
        list(APPEND folders "${PROJECT_SOURCE_DIR}/.deps/site/torch")
    endif()
    set(found "")
    foreach(folder IN LISTS folders)
        if(EXISTS "${folder}/include/ATen/ATen.h" AND EXISTS "${folder}/lib/libtorch_cpu.so")
            list(APPEND found "${folder}")
        endif()
    endforeach()
    list(REMOVE_DUPLICATES found)
    set(${result} "${found}" PARENT_SCOPE)
endfunction()

# Compiles and links a program that names the newest functions the core calls.
function(studio_libtorch_compiles folder result)
    try_compile(works ${CMAKE_BINARY_DIR}/check_libtorch
        SOURCES ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/check_libtorch.cpp
        CMAKE_FLAGS "-DINCLUDE_DIRECTORIES=${folder}/include"
        LINK_OPTIONS -Wl,--allow-shlib-undefined
        LINK_LIBRARIES "${folder}/lib/libtorch_cpu.so" "${folder}/lib/libc10.so"
        OUTPUT_VARIABLE output
        CXX_STANDARD 20 CXX_STANDARD_REQUIRED ON)
    if(NOT works)
        file(WRITE ${CMAKE_BINARY_DIR}/check_libtorch.log "${folder}\n${output}")
    endif()
    set(${result} ${works} PARENT_SCOPE)
endfunction()

if(STUDIO_LIBTORCH)
    if(NOT EXISTS "${STUDIO_LIBTORCH}/include/ATen/ATen.h" OR NOT EXISTS "${STUDIO_LIBTORCH}/lib/libtorch_cpu.so")
        message(FATAL_ERROR "STUDIO_LIBTORCH is '${STUDIO_LIBTORCH}', but there is no include/ATen/ATen.h and "
            "lib/libtorch_cpu.so in it. Give LibTorch's own folder, or leave it out and run ./run.sh.")
    endif()
    set(studio_libtorch_folders "${STUDIO_LIBTORCH}")
else()
    studio_libtorch_candidates(studio_libtorch_folders)
endif()

set(STUDIO_LIBTORCH_FOLDER "")
foreach(folder IN LISTS studio_libtorch_folders)
    if("${STUDIO_LIBTORCH_CHECKED}" STREQUAL "${folder}")
        set(works TRUE)
    else()
        studio_libtorch_compiles("${folder}" works)
    endif()
    if(works)
        set(STUDIO_LIBTORCH_FOLDER "${folder}")
        set(STUDIO_LIBTORCH_CHECKED "${folder}" CACHE INTERNAL "the LibTorch that the check compiled with")
        break()
    endif()
    message(STATUS "LibTorch in ${folder}: passed over, the check does not compile "
        "(see ${CMAKE_BINARY_DIR}/check_libtorch.log)")
endforeach()
if(NOT STUDIO_LIBTORCH_FOLDER)
    if(STUDIO_LIBTORCH_OWN_ONLY)
        return()
    endif()
    message(FATAL_ERROR "No LibTorch that this program compiles with was found. Run ./run.sh once, which fetches it, "
        "or pass -DSTUDIO_LIBTORCH=DIR.")
endif()
message(STATUS "LibTorch: ${STUDIO_LIBTORCH_FOLDER}")

# at::parallel_for is a template of the headers: without OpenMP it compiles to a plain loop. The runtime is the one that
# LibTorch brings (one pool of threads), else the system's.
file(GLOB studio_openmp_runtime "${STUDIO_LIBTORCH_FOLDER}/lib/libgomp*.so*")
if(NOT studio_openmp_runtime)
    find_package(OpenMP REQUIRED COMPONENTS CXX)
    set(studio_openmp_runtime ${OpenMP_CXX_LIBRARIES})
endif()
add_library(studio_c10 SHARED IMPORTED)
set_target_properties(studio_c10 PROPERTIES IMPORTED_LOCATION "${STUDIO_LIBTORCH_FOLDER}/lib/libc10.so")
add_library(studio_torch SHARED IMPORTED)
set_target_properties(studio_torch PROPERTIES
    IMPORTED_LOCATION "${STUDIO_LIBTORCH_FOLDER}/lib/libtorch_cpu.so"
    INTERFACE_INCLUDE_DIRECTORIES "${STUDIO_LIBTORCH_FOLDER}/include"
    INTERFACE_SYSTEM_INCLUDE_DIRECTORIES "${STUDIO_LIBTORCH_FOLDER}/include"
    INTERFACE_COMPILE_OPTIONS "$<$<NOT:$<BOOL:${STUDIO_FUZZ}>>:-fopenmp>" # clang would want a runtime of its own
    INTERFACE_LINK_LIBRARIES "studio_c10;${studio_openmp_runtime}"
    INTERFACE_LINK_OPTIONS "-Wl,--allow-shlib-undefined")
