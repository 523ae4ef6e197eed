# hawk_library(NAME SOURCES... [DEPENDS libs...]): one directory of src as a static library. DEPENDS are the arrows of the
# stage table in ARCHITECTURE.md, written once, here: scripts/check reads them and compares every #include with them.
add_library(hawk_options INTERFACE)
target_include_directories(hawk_options INTERFACE ${CMAKE_SOURCE_DIR}/src)
target_link_libraries(hawk_options INTERFACE hawk_fmt)
target_compile_options(hawk_options INTERFACE -Wall -Wextra -Wshadow -Wnon-virtual-dtor -Wswitch)
if(HAWK_WERROR)
  target_compile_options(hawk_options INTERFACE -Werror)
endif()
if(HAWK_SANITIZE)
  target_compile_options(hawk_options INTERFACE -fsanitize=address,undefined -fno-omit-frame-pointer)
  target_link_options(hawk_options INTERFACE -fsanitize=address,undefined)
endif()
if(HAWK_STATIC)
  target_compile_options(hawk_options INTERFACE -ffunction-sections -fdata-sections)
  target_link_options(hawk_options INTERFACE -static-libstdc++ -static-libgcc -Wl,--gc-sections)
endif()

# Most of the time goes into parsing headers: eight files are compiled as one. What files hide from each other in unnamed
# namespaces must therefore not clash within a library.
option(HAWK_UNITY "compile several source files at once" ON)

# What nearly every file includes is parsed once, with hawk_support, and reused by the others.
set(hawk_common_headers <algorithm> <array> <cstdint> <fmt/format.h> <functional> <map> <memory> <optional> <string>
                        <string_view> <utility> <variant> <vector>)

function(hawk_library name)
  cmake_parse_arguments(arg "" "" "SOURCES;DEPENDS" ${ARGN})
  add_library(hawk_${name} STATIC ${arg_SOURCES})
  target_link_libraries(hawk_${name} PUBLIC hawk_options)
  set_target_properties(hawk_${name} PROPERTIES UNITY_BUILD ${HAWK_UNITY} UNITY_BUILD_BATCH_SIZE 8)
  if(name STREQUAL support)
    target_precompile_headers(hawk_${name} PRIVATE ${hawk_common_headers})
  else()
    target_precompile_headers(hawk_${name} REUSE_FROM hawk_support)
  endif()
  foreach(dependency ${arg_DEPENDS})
    target_link_libraries(hawk_${name} PUBLIC ${dependency})
  endforeach()
endfunction()
