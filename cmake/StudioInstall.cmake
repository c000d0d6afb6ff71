# SPDX-License-Identifier: MIT
# What `cmake --install` puts where. The program finds share/finetune-studio from its own place (core/base/resource_paths.h),
# so the whole prefix can be moved.
include(GNUInstallDirs)
set(studio_share ${CMAKE_INSTALL_DATADIR}/finetune-studio)

set_target_properties(finetune-studio PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)

# An installed program on the machine that built it keeps finding LibTorch where it was found; scripts/package puts
# everything into lib/ instead.
file(REAL_PATH ${STUDIO_LIBTORCH_FOLDER}/lib studio_libtorch_libraries)
set_target_properties(finetune-studio PROPERTIES INSTALL_RPATH ${studio_libtorch_libraries})

install(TARGETS finetune-studio RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(DIRECTORY resources/demo DESTINATION ${studio_share})
# The starter model, from where run.sh put it; that is a link, which install(DIRECTORY) would not follow.
install(CODE "
    file(REAL_PATH \"${PROJECT_SOURCE_DIR}/.deps/starter\" starter)
    if(EXISTS \"\${starter}/config.json\")
        file(INSTALL \"\${starter}/\" DESTINATION \"\${CMAKE_INSTALL_PREFIX}/${studio_share}/starter\"
            PATTERN .gitattributes EXCLUDE)
    endif()")
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
if(STUDIO_GUI)
    # The window's translations are in the program itself.
    install(FILES resources/linux/finetune-studio.desktop DESTINATION ${CMAKE_INSTALL_DATADIR}/applications)
    install(FILES resources/icons/finetune-studio.svg DESTINATION ${CMAKE_INSTALL_DATADIR}/icons/hicolor/scalable/apps)
endif()
