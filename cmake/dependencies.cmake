# What hawk links with, each behind one imported target. Everything comes from the distribution's packages.
find_package(FLEX REQUIRED)
find_package(BISON 3.8 REQUIRED)
find_package(fmt REQUIRED)
find_package(GTest REQUIRED)
find_package(PkgConfig REQUIRED)

find_program(LLVM_CONFIG NAMES llvm-config-19 REQUIRED)
find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()
find_program(MOLD mold)
if(MOLD)
  add_link_options(-fuse-ld=mold)
endif()

function(llvm_config output)
  execute_process(COMMAND ${LLVM_CONFIG} ${ARGN} OUTPUT_VARIABLE text OUTPUT_STRIP_TRAILING_WHITESPACE
                  COMMAND_ERROR_IS_FATAL ANY)
  separate_arguments(text UNIX_COMMAND "${text}")
  set(${output} ${text} PARENT_SCOPE)
endfunction()

# LLVM: the BPF back end and the passes. Statically for the release binary, shared for quick development links.
add_library(hawk_llvm INTERFACE)
llvm_config(llvm_include --includedir)
target_include_directories(hawk_llvm SYSTEM INTERFACE ${llvm_include})
if(HAWK_STATIC)
  llvm_config(llvm_libraries --link-static --libfiles bpf passes core support target)
  target_link_libraries(hawk_llvm INTERFACE ${llvm_libraries} /usr/lib/${CMAKE_LIBRARY_ARCHITECTURE}/libzstd.a
                        /usr/lib/${CMAKE_LIBRARY_ARCHITECTURE}/libz.a /usr/lib/${CMAKE_LIBRARY_ARCHITECTURE}/libtinfo.a)
else()
  llvm_config(llvm_libraries --link-shared --libfiles)
  target_link_libraries(hawk_llvm INTERFACE ${llvm_libraries})
endif()

# libbpf and elfutils.
add_library(hawk_bpf INTERFACE)
if(HAWK_STATIC)
  set(archive_dir /usr/lib/${CMAKE_LIBRARY_ARCHITECTURE})
  target_link_libraries(hawk_bpf INTERFACE ${archive_dir}/libbpf.a ${archive_dir}/libdw.a ${archive_dir}/libelf.a
                        ${archive_dir}/libzstd.a ${archive_dir}/liblzma.a ${archive_dir}/libbz2.a ${archive_dir}/libz.a)
else()
  target_link_libraries(hawk_bpf INTERFACE bpf dw elf z)
endif()
