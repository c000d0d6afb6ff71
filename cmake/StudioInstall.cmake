# SPDX-License-Identifier: MIT
# What `cmake --install` puts where. The program finds share/finetune-studio from its own place (core/base/resource_paths.h),
# so the whole prefix can be moved.
include(GNUInstallDirs)
set(studio_share ${CMAKE_INSTALL_DATADIR}/finetune-studio)

# In the build tree bin/ and share/ lie as they do when installed.
set_target_properties(finetune-studio PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)

# Where the archive is made (scripts/package), the libraries lie in lib/; an installed program on the machine that built it
# keeps finding LibTorch where it was found.
if(STUDIO_RELOCATABLE)
    set_target_properties(finetune-studio PROPERTIES INSTALL_RPATH "$ORIGIN/../lib")
else()
    set_target_properties(finetune-studio PROPERTIES INSTALL_RPATH_USE_LINK_PATH ON)
endif()

install(TARGETS finetune-studio RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(DIRECTORY resources/demo DESTINATION ${studio_share})
# The starter model is taken from where run.sh put it (a link, hence the slash).
install(DIRECTORY .deps/starter/ DESTINATION ${studio_share}/starter OPTIONAL
    PATTERN ".gitattributes" EXCLUDE)
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
if(STUDIO_GUI)
    install(DIRECTORY ${PROJECT_BINARY_DIR}/share/finetune-studio/translations DESTINATION ${studio_share}
        FILES_MATCHING PATTERN "*.qm")
    install(FILES resources/linux/finetune-studio.desktop DESTINATION ${CMAKE_INSTALL_DATADIR}/applications)
    install(FILES resources/icons/finetune-studio.svg DESTINATION ${CMAKE_INSTALL_DATADIR}/icons/hicolor/scalable/apps)
endif()
