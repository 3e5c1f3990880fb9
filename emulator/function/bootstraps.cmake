# The bootstraps of managed runtimes, as strings in the binary.
foreach(name bootstrap.mjs bootstrap.py)
    set(source ${PROJECT_SOURCE_DIR}/emulator/function/bootstrap/${name})
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${source})
    string(REPLACE "bootstrap." "VIRGA_BOOTSTRAP_" variable ${name})
    file(READ ${source} ${variable})
endforeach()
configure_file(${PROJECT_SOURCE_DIR}/emulator/function/bootstraps.cpp.in ${PROJECT_BINARY_DIR}/bootstraps.cpp @ONLY)
set(VIRGA_BOOTSTRAP_SOURCES ${PROJECT_BINARY_DIR}/bootstraps.cpp)
