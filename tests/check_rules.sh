#!/bin/sh
# The rules a compiler cannot check (CONTRIBUTING.md). Run by ctest; prints offenders.
set -u
cd "$(dirname "$0")/.." || exit 1
status=0
product=$(find agent platform qr -name '*.[ch]pp')
everything=$(find agent platform qr tests -name '*.[ch]pp')

# forbid "why" PATTERN FILES: no line of these files may match.
forbid() {
    why=$1
    pattern=$2
    shift 2
    # shellcheck disable=SC2048,SC2086  # file names without blanks, given as one word
    if grep -nE -e "$pattern" $* /dev/null; then
        echo "^^^ $why" >&2
        status=1
    fi
}
files() { find "$@" -name '*.[ch]pp'; }
# Those of the product outside of the places named.
outside() { echo "$product" | tr ' ' '\n' | grep -vE "^($1)"; }

forbid 'platform knows neither agent nor qr'    '#include "(agent|qr|tests)/'    "$(files platform)"
forbid 'qr knows neither agent nor platform'    '#include "(agent|platform|tests)/' "$(files qr)"
forbid 'the product knows no tests'             '#include "tests/'               "$product"
# Arrows point down only: a room includes rooms of a lower rank, and its own (CONTRIBUTING.md).
# Two of one rank do not know each other, but the local API speaks for kiosk and links, and reports go
# where the configuration says.
rank_of() {
    case $1 in
    app) echo 10 ;; cli) echo 9 ;; control | kiosk | link) echo 8 ;; web) echo 7 ;;
    provision | print) echo 6 ;;
    report | config) echo 5 ;; esim | sale) echo 4 ;; lpa | gigastore) echo 3 ;; net) echo 2 ;;
    base) echo 1 ;; *) echo 0 ;;
    esac
}
for room in agent/*/; do
    room=$(basename "$room")
    # shellcheck disable=SC2013  # words without blanks
    for known in $(grep -rhoE '#include "agent/[a-z]+/' "agent/$room" --include='*.?pp' \
        | sed 's|.*agent/||; s|/||' | sort -u); do
        case $room-$known in "$room-$room" | control-kiosk | control-link | report-config) continue ;; esac
        [ "$(rank_of "$room")" -gt "$(rank_of "$known")" ] && continue
        grep -rn "#include \"agent/$known/" "agent/$room" >&2
        echo "^^^ $room/ is not above $known/" >&2
        status=1
    done
done
forbid 'only app/ and cli/ know cli/'       '#include "agent/cli/'           "$(outside 'agent/cli/|agent/app/')"
forbid 'net/ knows no API'                      '#include "agent/(gigastore|config)/' "$(files agent/net)"
forbid 'gigastore/ knows no configuration'      '#include "agent/config/'        "$(files agent/gigastore)"

forbid 'CLI11 stays in agent/cli/parse*'         '#include <CLI/'                 "$(outside 'agent/cli/parse')"
forbid 'tinyxml2 stays where XML is'       '#include <tinyxml2'             "$(outside 'platform/apn_database.cpp|agent/config/|agent/provision/wanted.cpp|qr/svg.cpp')"
forbid 'libqrencode stays in qr/'               '#include <qrencode'             "$(outside 'qr/')"
forbid 'libfribidi stays in qr/'                '#include <fribidi'             "$(outside 'qr/')"
forbid 'libpng stays in qr/'                    '#include <png'                  "$(outside 'qr/')"
forbid 'Beast stays in net/'                    'boost/beast'                    "$(outside 'agent/net/http_message.cpp|platform/boost.cpp')"
forbid 'TLS streams stay in net/'               'boost/asio/ssl'                 "$(outside 'agent/net/|platform/boost.cpp')"
forbid 'OpenSSL stays in net/, lpa/, base/' '#include <openssl/'         "$(outside 'agent/net/|agent/lpa/certificate.cpp|agent/base/base64.cpp|agent/base/digest.cpp')"
forbid 'PC/SC stays in platform/pcsc/'          '#include <winscard'             "$(outside 'platform/pcsc/')"
forbid 'lpa/ knows neither API nor configuration' '#include "agent/(gigastore|config)/' "$(files agent/lpa)"
for channel in at mbim pcsc qmi socket; do
    others=$(echo at mbim pcsc qmi socket | tr ' ' '\n' | grep -vx "$channel" | paste -sd '|')
    forbid 'channels do not know each other' "#include \"platform/($others)/" "$(files platform/$channel)"
done
forbid 'the sandbox has coding and crypto of its own' '#include "agent/(lpa|base|net)/' \
    "$(files tests/sandbox | grep -v phone.cpp)"

forbid 'this blocks the loop, or throws' \
    '\b(sleep|usleep|sleep_for|sleep_until|system|popen|stoi|stol|stoul|atoi|gethostbyname)\(' "$(outside 'nothing')"
forbid 'this blocks the loop' '\.(wait|connect|handshake|resolve|read_some|write_some)\(' "$product"
forbid 'every coroutine has an owner' 'asio::detached|<boost/asio/detached' "$product"
forbid 'no structured bindings of awaited values (GCC 15)' 'auto&? \[.*co_await' "$everything"
forbid 'no co_await in a conditional expression (GCC 12 destroys its temporaries twice)' '[?:] co_await' "$everything"
forbid 'using namespace std, for all or in a header' 'using namespace std;' "$everything"
forbid 'no verification switched off' 'verify_none|SSL_VERIFY_NONE' "$everything"
forbid 'tests do not sleep' 'sleep_for|[^a-z_]sleep\(' "$(files tests)"

# Secrets: their text goes to the wire, to a file or into another secret; never to a stream,
# a log line or a failure's words. What shows a code to a user: `qr --reveal` and `customer show --reveal`.
forbid 'a secret is streamed raw' '<<.*reveal\(\)|(log|fprintf|failure|print).*reveal\(\)' "$(outside 'agent/cli/commands/(qr|customer).cpp')"

# No brace beside co_await in one statement: GCC 12 destroys the aggregate twice. A brace that
# opens a block (after ")", "else", "do", "try") ends a statement like ";" does.
# shellcheck disable=SC2086
perl -0777 -ne '
    s{//[^\n]*}{}g;
    s{"(\\.|[^"\\\n])*"}{""}g;
    s{(\)|\belse|\bdo|\btry|\bconst)\s*\{}{$1;}g;
    for my $statement (split /;/) {
        $statement =~ s/^[\s}]+//;
        next unless $statement =~ /co_await/ && $statement =~ /[{]/;
        $statement =~ s/\s+/ /g;
        print "$ARGV: $statement\n";
        $found = 1;
    }
    END { exit($found ? 1 : 0) }
' $everything || { echo '^^^ no brace beside co_await (GCC 12)' >&2; status=1; }

for test in tests/unit/test_*.cpp tests/integration/test_*.cpp; do
    grep -q "${test#tests/}" tests/CMakeLists.txt || { echo "$test is in no target" >&2; status=1; }
done
for source in $product; do
    case $source in *.hpp) continue ;; esac
    grep -q "$source" CMakeLists.txt || { echo "$source is in no target" >&2; status=1; }
done
exit $status
