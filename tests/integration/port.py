#!/usr/bin/env python3
"""A modem's control port as a pseudo-terminal, bridged to a proxy's abstract socket:
port.py PROXY LINK"""
import os
import select
import socket
import sys
import tty

ours, theirs = os.openpty()
tty.setraw(theirs)
link = sys.argv[2]
os.symlink(os.ttyname(theirs), link + ".new")
os.close(theirs)
modem = socket.socket(socket.AF_UNIX)
modem.connect("\0" + sys.argv[1])
os.rename(link + ".new", link)
while True:
    # Until somebody has it open, and again after that, the terminal is hung up.
    for ready in select.select([ours, modem], [], [], 0.05)[0]:
        try:
            if ready is modem:
                os.write(ours, modem.recv(4096) or sys.exit())
            else:
                modem.sendall(os.read(ours, 4096))
        except OSError:
            select.select([], [], [], 0.05)
