# virga_library(<folder> [DEPENDS <folder>...] [LINK <target>...] [FAST <file>...])
#
# One static library a folder, from all its .cpp files (not below), and one doctest program from its *_test.cpp files.
# The dependency rule of docs/architecture.md is enforced here: a folder's headers are reached only through an include
# directory of their own (a link to the folder), which only those who name the folder under DEPENDS inherit. So a
# forbidden #include does not compile.
#
# FAST names the files, without .cpp, that the requests of the data plane pass through; "all" is every one. A release is compiled
# for speed there and for size elsewhere, which is a third smaller.
function(virga_library folder)
    cmake_parse_arguments(ARG "" "" "DEPENDS;LINK;SOURCES;FAST" ${ARGN})
    string(REPLACE "/" "_" target "virga_${folder}")
    file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${folder}/*.cpp)
    file(GLOB tests CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${folder}/*_test.cpp)
    if(tests)
        list(REMOVE_ITEM sources ${tests})
    endif()
    if(NOT sources AND NOT ARG_SOURCES)
        set(sources ${PROJECT_SOURCE_DIR}/cmake/empty.cpp)
    endif()
    add_library(${target} STATIC ${sources} ${ARG_SOURCES})

    foreach(source ${sources})
        get_filename_component(name ${source} NAME_WE)
        if(NOT name IN_LIST ARG_FAST AND NOT "all" IN_LIST ARG_FAST)
            set_property(SOURCE ${source} APPEND PROPERTY COMPILE_OPTIONS $<$<CONFIG:Release>:-Os>)
        endif()
    endforeach()
    foreach(name ${ARG_FAST})
        if(NOT name STREQUAL "all" AND NOT EXISTS ${PROJECT_SOURCE_DIR}/${folder}/${name}.cpp)
            message(FATAL_ERROR "${folder} has no ${name}.cpp, which FAST names")
        endif()
    endforeach()

    get_filename_component(parent ${folder} DIRECTORY)
    set(root ${PROJECT_BINARY_DIR}/include/${target})
    file(MAKE_DIRECTORY ${root}/${parent})
    file(CREATE_LINK ${PROJECT_SOURCE_DIR}/${folder} ${root}/${folder} SYMBOLIC)
    target_include_directories(${target} PUBLIC ${root})

    foreach(dependency ${ARG_DEPENDS})
        string(REPLACE "/" "_" dependency "virga_${dependency}")
        target_link_libraries(${target} PUBLIC ${dependency})
    endforeach()
    target_link_libraries(${target} PUBLIC ${ARG_LINK} PRIVATE virga_warnings)

    if(tests AND VIRGA_TESTS)
        add_executable(${target}_test ${tests} ${PROJECT_SOURCE_DIR}/tests/unit/main.cpp)
        target_link_libraries(${target}_test PRIVATE ${target} virga_warnings)
        target_compile_definitions(${target}_test PRIVATE VIRGA_SOURCE_DIR="${PROJECT_SOURCE_DIR}" VIRGA_VECTORS="${VIRGA_PROTOCOL_VECTORS}")
        add_test(NAME ${folder} COMMAND ${target}_test)
    endif()
endfunction()
