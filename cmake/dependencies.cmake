# What hawk links with, each behind one target: hawk_llvm for src/codegen, hawk_bpf for src/runtime. Everything comes
# from the distribution's packages (scripts/setup). HAWK_STATIC takes the archives, else the shared libraries.
find_package(FLEX REQUIRED)
find_package(BISON 3.8 REQUIRED)
find_package(fmt REQUIRED)
find_package(GTest REQUIRED)
include(CheckCSourceCompiles)

find_program(CCACHE ccache)
if(CCACHE)
  # Precompiled headers are cached too.
  set(CCACHE_COMMAND ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE_COMMAND})
endif()
find_program(MOLD mold)
if(MOLD)
  add_link_options(-fuse-ld=mold)
endif()

# find_libraries(OUTPUT NAMES...): absolute paths of lib NAME.a or .so, in the order given.
function(find_libraries output)
  set(found)
  foreach(name ${ARGN})
    if(HAWK_STATIC)
      find_library(HAWK_LIBRARY_${name} NAMES lib${name}.a REQUIRED)
    else()
      find_library(HAWK_LIBRARY_${name} NAMES ${name} REQUIRED)
    endif()
    mark_as_advanced(HAWK_LIBRARY_${name})
    list(APPEND found ${HAWK_LIBRARY_${name}})
  endforeach()
  set(${output} ${found} PARENT_SCOPE)
endfunction()

add_library(hawk_fmt STATIC ${CMAKE_CURRENT_LIST_DIR}/fmt_library.cpp)
target_compile_options(hawk_fmt PRIVATE -w)  # GCC 13 suspects overflows in it that are none

find_program(LLVM_CONFIG NAMES llvm-config-19 REQUIRED)
function(llvm_config output)
  execute_process(COMMAND ${LLVM_CONFIG} ${ARGN} OUTPUT_VARIABLE text OUTPUT_STRIP_TRAILING_WHITESPACE
                  COMMAND_ERROR_IS_FATAL ANY)
  separate_arguments(text UNIX_COMMAND "${text}")
  set(${output} ${text} PARENT_SCOPE)
endfunction()

# The BPF back end and the passes; this machine's back end and ORC for clauses that run inside hawk. llvm-config's --system-libs names what all of LLVM needs; these components need less.
add_library(hawk_llvm INTERFACE)
llvm_config(llvm_include --includedir)
target_include_directories(hawk_llvm SYSTEM INTERFACE ${llvm_include})
if(HAWK_STATIC)
  llvm_config(native --host-target)
  string(REGEX REPLACE "-.*" "" native "${native}")
  string(REGEX REPLACE "^(x86_64|i.86)$" "x86" native "${native}")
  llvm_config(llvm_libraries --link-static --libfiles bpf passes bitwriter core support target orcjit native ${native}disassembler)
  find_libraries(llvm_needs zstd z tinfo)
else()
  llvm_config(llvm_libraries --link-shared --libfiles)
endif()
target_link_libraries(hawk_llvm INTERFACE ${llvm_libraries} ${llvm_needs} ${CMAKE_DL_LIBS})

# libbpf and elfutils. Debian 13's libelf.a and libdw.a cannot be linked (they need libeu.a, which no package has): there,
# elfutils stays a shared library.
add_library(hawk_bpf INTERFACE)
find_libraries(bpf_libraries bpf dw elf)
if(HAWK_STATIC)
  find_libraries(bpf_needs zstd lzma bz2 z)
  set(CMAKE_REQUIRED_LIBRARIES ${bpf_libraries} ${bpf_needs})
  check_c_source_compiles("#include <libelf.h>
                           int main(void) { return elf_begin(0, ELF_C_READ, 0) != 0; }" HAWK_STATIC_ELFUTILS)
  if(NOT HAWK_STATIC_ELFUTILS)
    set(bpf_libraries ${HAWK_LIBRARY_bpf} dw elf)
  endif()
else()
  find_libraries(bpf_needs z)
endif()
target_link_libraries(hawk_bpf INTERFACE ${bpf_libraries} ${bpf_needs})
