# The public protocol vectors as tables for their tests; only when their folder is given. Included after the protocol library.
if(VIRGA_PROTOCOL_VECTORS AND TARGET virga_apis_protocol_test)
    file(GLOB files CONFIGURE_DEPENDS ${VIRGA_PROTOCOL_VECTORS}/*/*.json)
    set(output ${PROJECT_BINARY_DIR}/models/vectors.cpp)
    add_custom_command(OUTPUT ${output} COMMAND ${Python3_EXECUTABLE} ${VIRGA_TABLE_GENERATOR} --vectors ${VIRGA_PROTOCOL_VECTORS} ${output}
                       DEPENDS ${files} ${VIRGA_TABLE_GENERATOR} COMMENT "Tables of the protocol vectors" VERBATIM)
    target_sources(virga_apis_protocol_test PRIVATE ${output})
    target_compile_definitions(virga_apis_protocol_test PRIVATE VIRGA_VECTOR_TABLES)
endif()
