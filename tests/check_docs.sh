#!/bin/bash
# Holds the documents against the program: check_docs.sh PROGRAM. Run by ctest.
set -u
cd "$(dirname "$0")/.." || exit 1
program=$1
status=0
complain() {
    echo "$*" >&2
    status=1
}

xmllint --noout --schema agent/config/esim-agent.xsd agent/config/agent.xml 2>/dev/null \
    || complain 'the sample configuration does not fit the schema'
sed 's/<!-- \(<.*>\) -->/\1/; s|<gigastore url="https://api.giga.store"/>||' agent/config/agent.xml \
    | xmllint --noout --schema agent/config/esim-agent.xsd - 2>/dev/null \
    || complain 'the examples in the sample configuration do not fit the schema'
"$program" --config agent/config/agent.xml customer update x --country XXX 2>&1 | grep -q 'two-letter' \
    || complain 'the program does not take the sample configuration'

# Every key of the program is in schema, manual and sample; every variable in the manual.
while read -r element attribute variable; do
    xmllint --xpath "//*[@name='$element']//*[@name='$attribute']" agent/config/esim-agent.xsd \
        >/dev/null 2>&1 || complain "esim-agent.xsd lacks <$element $attribute>"
    sed -n "/^.Ss <$element>/,/^.El/p" agent/man/esim-agent.xml.5 | grep -qw -- "$attribute" \
        || complain "esim-agent.xml(5) lacks <$element $attribute>"
    grep -qw -- "$attribute" agent/config/agent.xml || complain "agent.xml lacks $attribute"
    grep -q "^.It Ev $variable$" agent/man/esim-agent.1 || complain "esim-agent(1) lacks $variable"
done < <(tr '\n' ' ' <agent/config/keys.cpp \
    | grep -oE '\( *"[a-z]+", *"[a-z-]+", *"ESIM_AGENT_[A-Z_]+"' | tr -d '(",')
# The same for destinations of reports, which have no variables.
destinations=0
while read -r element attribute; do
    destinations=$((destinations + 1))
    xmllint --xpath "//*[@name='$element']//*[@name='$attribute']" agent/config/esim-agent.xsd \
        >/dev/null 2>&1 || complain "esim-agent.xsd lacks <$element $attribute>"
    sed -n '/^.Ss <report>/,/^.Ss <control>/p' agent/man/esim-agent.xml.5 | grep -qw -- "$attribute" \
        || complain "esim-agent.xml(5) lacks <$element $attribute>"
    grep -q -- "<$element .*$attribute=" agent/config/agent.xml || complain "agent.xml lacks $attribute"
done < <(tr '\n' ' ' <agent/config/keys.cpp | grep -oE '\( *"(webhook|mqtt)", *"[a-z-]+"' \
    | tr -d '(",')
[ "$destinations" -gt 10 ] || complain 'no keys of destinations were found'
grep -c 'ESIM_AGENT_' agent/config/keys.cpp | grep -q '^[1-9]' || complain 'no keys were found'

# Every stage is in the tables for fleets, and every error that they name is one of ours.
while read -r stage; do
    grep -q "\`$stage\`" platform/fleet/README.md || complain "platform/fleet/README.md lacks $stage"
done < <(sed -n '/constexpr std::array names/,/};/p' agent/report/stage.cpp | grep -oE '"[a-z-]+"' | tr -d '"')
while read -r name; do
    grep -rq "\"$name\"" --include=error.cpp agent platform || complain "there is no error $name"
done < <(sed -n '/^| error name/,/^$/p' platform/fleet/README.md | cut -d'|' -f2 | grep -oE '[a-z_]{3,}' \
    | grep -vxE 'error|name|any|other')

# Every command and option of --help is in manual, README and completion.
commands=$(for c in '' qr customer 'customer show' 'customer list' 'customer search' \
    'customer update' package 'package list' 'package show' 'package activate' 'package refund' install \
    euicc 'euicc info' 'euicc eid' profile 'profile list' 'profile enable' 'profile disable' \
    'profile delete' 'profile rename' notification 'notification list' 'notification send' \
    'notification remove' link 'link create' 'link list' 'link revoke' run status watch doctor batch report 'report list' 'report flush'; do echo "$c "; done)
# shellcheck source=agent/cli/esim-agent.bash
. agent/cli/esim-agent.bash
# completed WORDS: what completion offers behind them.
completed() {
    # shellcheck disable=SC2086  # the words are to be split
    set -- $1
    COMP_WORDS=(esim-agent "$@" '')
    COMP_CWORD=$(($# + 1))
    _esim_agent
    printf '%s\n' "${COMPREPLY[@]}"
}
while read -r words; do
    # shellcheck disable=SC2086  # the words are to be split
    help=$("$program" $words --help)
    offered=$(completed "$words")
    for name in $(echo "$help" | sed '/^Exit status/,$d' | grep -oE -- '--[a-z-]+' | sort -u); do
        grep -q -- "Fl -${name#--}" <(sed 's/Fl h , -help/Fl -help/' agent/man/esim-agent.1) \
            || complain "esim-agent(1) lacks $name"
        grep -qx -- "$name" <<<"$offered" || complain "completion of '$words' lacks $name"
    done
    [ -z "$words" ] || grep -q -- "$words" README.md || complain "README lacks $words"
    [ -z "$words" ] || [[ $words =~ ^(customer|package|euicc|profile|notification|link|report)$ ]] \
        || grep -q "^.It Cm $words" agent/man/esim-agent.1 || complain "esim-agent(1) lacks $words"
done <<<"$commands"

for page in agent/man/*; do
    mandoc -T lint -W warning "$page" || complain "$page is no good manual page"
done
version=$("$program" --version | sed -n 1p)
grep -q "## \[${version#esim-agent }\]\|## \[Unreleased\]" CHANGELOG.md || complain 'CHANGELOG lacks this version'
shellcheck agent/cli/esim-agent.bash tests/*.sh tests/*/*.sh toolchains/*.sh .ci/run || complain 'shellcheck'
exit $status
