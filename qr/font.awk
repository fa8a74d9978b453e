# Picks the glyphs that the program can need out of GNU Unifont: those of the texts, and for a
# kiosk's title Latin, Hebrew, and Arabic and Persian as they join.
# awk -f font.awk TEXT... UNIFONT.HEX; bytes are decoded here, since not every awk knows UTF-8.
BEGIN {
    for (i = 1; i < 256; ++i) octet[sprintf("%c", i)] = i
    for (i = 32; i < 384; ++i) needed[sprintf("%04X", i)] = 1
    for (i = 1488; i < 1515; ++i) needed[sprintf("%04X", i)] = 1
    for (i = 1632; i < 1642; ++i) needed[sprintf("%04X", i)] = needed[sprintf("%04X", i + 144)] = 1
    for (i = 65136; i < 65277; ++i) needed[sprintf("%04X", i)] = 1
    split("FB56 FB57 FB58 FB59 FB7A FB7B FB7C FB7D FB8A FB8B FB8E FB8F FB90 FB91 FB92 FB93 FB94 " \
        "FB95 FBFC FBFD FBFE FBFF", persian, " ")
    for (i in persian) needed[persian[i]] = 1
    needed["2026"] = needed["FFFD"] = 1
}
FILENAME !~ /[.]hex$/ {
    code = more = 0
    for (i = 1; i <= length($0); ++i) {
        value = octet[substr($0, i, 1)]
        if (value < 128) { code = value; more = 0 }
        else if (value < 192) { code = code * 64 + value - 128; --more }
        else if (value < 224) { code = value - 192; more = 1 }
        else if (value < 240) { code = value - 224; more = 2 }
        else { code = value - 240; more = 3 }
        if (more == 0) needed[sprintf("%04X", code)] = 1
    }
    next
}
{
    split($0, parts, ":")
    if (!(parts[1] in needed)) next
    digits = length(parts[2]) / 16  # two a row for narrow ones, else four
    rows = ""
    for (i = 0; i < 16; ++i)
        rows = rows "0x" substr(parts[2], i * digits + 1, digits) (digits == 2 ? "00, " : ", ")
    printf "    {0x%s, %d, {%s}},\n", parts[1], digits * 4, rows
}
