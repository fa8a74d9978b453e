# 32-bit MIPS, little-endian: most older routers.
set(CMAKE_SYSTEM_PROCESSOR mipsel)
set(triplet mipsel-linux-gnu)
set(architecture mipsel)
set(emulator qemu-mipsel-static)
include(${CMAKE_CURRENT_LIST_DIR}/debian.cmake)
