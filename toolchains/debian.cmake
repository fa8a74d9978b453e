# What the targets share that Debian has a cross compiler and libraries for: `triplet`, `architecture`
# (as Debian calls it, for check.sh) and `emulator` are set by the file of the target. Libraries come from the sysroot that check.sh lays
# out (or from ESIM_AGENT_SYSROOT); tests run under qemu-user.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_C_COMPILER ${triplet}-gcc)
set(CMAKE_CXX_COMPILER ${triplet}-g++)
set(CMAKE_LIBRARY_ARCHITECTURE ${triplet})

if(DEFINED ENV{ESIM_AGENT_SYSROOT})
    set(sysroot $ENV{ESIM_AGENT_SYSROOT})
else()
    get_filename_component(sysroot ${CMAKE_CURRENT_LIST_DIR}/../build/sysroot-${triplet} ABSOLUTE)
endif()
# Programs and header-only libraries (Boost, CLI11, Catch2) are the machine's own.
set(CMAKE_FIND_ROOT_PATH ${sysroot})
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE BOTH)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE BOTH)
include_directories(SYSTEM ${sysroot}/usr/include/${triplet})
add_link_options(-Wl,-rpath-link,${sysroot}/usr/lib/${triplet}:${sysroot}/lib/${triplet})
set(ENV{PKG_CONFIG_LIBDIR} ${sysroot}/usr/lib/${triplet}/pkgconfig)
set(ENV{PKG_CONFIG_SYSROOT_DIR} ${sysroot})
set(CMAKE_CROSSCOMPILING_EMULATOR ${emulator} -L ${sysroot})
