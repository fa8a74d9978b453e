#!/bin/bash
# Recipes for firmware, as far as they can be tried without the SDKs. OpenWrt's feed: UCI becomes the
# XML that it says, by busybox's shell; the init script starts what it should; the Makefiles name what
# there is. Buildroot and Yocto: versions, options, licence. check_recipes.sh ESIM-AGENT
set -u
program=$1
cd "$(dirname "$0")/.." || exit 1
feed=$PWD/platform/openwrt
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
complain() { echo "check_recipes: $*" >&2; failed=1; }

# What OpenWrt's functions.sh does with `uci export`, which is shell code.
cat >"$work/functions.sh" <<'SHELL'
config_load() { . "$UCI/$1"; config_cb ''; }
config() { section=${2:-}; config_cb "$1" "$section"; }
option() { [ "$section.$1" != main.enabled ] || main_enabled=$2; option_cb "$1" "$2"; }
config_get_bool() { eval "$1=\${main_enabled:-\$4}"; }
for each in open_instance close_instance set_param add_reload_trigger; do
    eval "procd_$each() { echo $each \"\$@\" >>\"\$UCI/calls\"; }"
done
SHELL
# convert CONFIG: the XML that the init script makes of it.
convert() {
    cp "$1" "$work/esim-agent"
    UCI=$work busybox ash -eu -c ". $work/functions.sh; . $feed/esim-agent/files/uci-to-xml.sh
        esim_agent_xml esim-agent" 2>&1
}
cat >"$work/all" <<'UCI'
config esim-agent 'main'
	option enabled '1'

config gigastore
	option url 'https://gateway.example/a?b=1&c="<>"'
	option client_certificate_file '/etc/esim-agent/device.pem'

config report
	option max_count '5'

config webhook
	option url 'https://fleet.example/esim'
	option secret_file '/etc/esim-agent/secret'

config modem 'modem'
	option least_segment '64'

config mqtt
	option url 'mqtts://broker.example'
UCI
cat >"$work/expected" <<'XML'
<esim-agent>
  <gigastore url="https://gateway.example/a?b=1&amp;c=&quot;&lt;&gt;&quot;" client-certificate-file="/etc/esim-agent/device.pem"/>
  <modem least-segment="64"/>
  <report max-count="5">
    <webhook url="https://fleet.example/esim" secret-file="/etc/esim-agent/secret"/>
    <mqtt url="mqtts://broker.example"/>
  </report>
</esim-agent>
XML
convert "$work/all" >"$work/got"
diff "$work/expected" "$work/got" >&2 || complain 'UCI does not become that XML'

# What is shipped is a configuration, and so is everything that the sample has.
convert "$feed/esim-agent/files/esim-agent.config" >"$work/agent.xml"
"$program" --config "$work/agent.xml" customer update x --country XXX 2>&1 | grep -q 'two-letter' ||
    complain "the shipped configuration is refused: $("$program" --config "$work/agent.xml" customer update x --country XXX 2>&1)"
{
    echo 'config esim-agent main'
    sed -e 's/<!--//; s/-->//' agent/config/agent.xml | grep -oE '<[a-z-]+ [^>]*/>' |
        awk '!seen[$1]++' |
        sed -E 's/^<([a-z-]+) /\nconfig \1\n/; s|/>$||; s/ *([a-z-]+)="([^"]*)"/\n\toption \1 '"'\\2'"'/g' |
        sed -E ':again; s/^(\toption [a-z_]*)-/\1_/; t again'
} >"$work/sample"
convert "$work/sample" >"$work/sample.xml"
xmllint --noout --schema agent/config/esim-agent.xsd "$work/sample.xml" 2>"$work/why" ||
    complain "the sample through UCI does not fit the schema: $(cat "$work/why")"
[ "$(grep -c . "$work/sample.xml")" -gt 12 ] || complain 'the sample was not found'

# The init script, with its directories in a place of its own.
start() { # ENABLED
    rm -f "$work/calls"
    mkdir -p "$work/root"
    sed "s/enabled '1'/enabled '$1'/" "$work/all" >"$work/esim-agent"
    sed -e "s|=/var/run|=$work/root/run|; s|/etc/esim-agent|$work/root/etc|g" \
        "$feed/esim-agent/files/esim-agent.init" >"$work/init"
    mkdir -p "$work/usr/share/esim-agent" "$work/root/run"
    cp "$feed/esim-agent/files/uci-to-xml.sh" "$work/usr/share/esim-agent/"
    UCI=$work IPKG_INSTROOT=$work busybox ash -eu -c \
        ". $work/functions.sh; . $work/init; start_service; service_triggers" ||
        complain 'the init script fails'
}
start 1
grep -q "set_param command /usr/bin/esim-agent --config $work/root/etc/agent.xml run" \
    "$work/calls" || complain 'the daemon is not started'
[ "$(stat -c %a "$work/root/run/esim-agent/agent.xml")" = 600 ] || complain 'its XML is readable by others'
cmp -s "$work/root/etc/agent.xml" "$work/got" || complain 'commands find another configuration'
grep -q 'add_reload_trigger esim-agent' "$work/calls" || complain 'a change of UCI reloads nothing'
start 0
! grep -q open_instance "$work/calls" || complain 'it is started although it is off'

# The Makefiles, by a make that knows none of OpenWrt's rules: what a package is, and its files.
mkdir -p "$work/include"
touch "$work/rules.mk" "$work/include/cmake.mk"
cat >"$work/include/package.mk" <<'MAKE'
define BuildPackage
$(info package $(1) $(PKG_NAME) $(PKG_VERSION))
$(info $(call Package/$(1)))
$(foreach file,$(filter ./files/% /%,$(call Package/$(1)/install,ROOT)),$(info file $(file)))
all:
endef
MAKE
for package in esim-agent tinyxml2 cli11; do
    (cd "$feed/$package" && make -s TOPDIR="$work" INCLUDE_DIR="$work/include" all) \
        >"$work/said" 2>&1 || complain "$package/Makefile: $(cat "$work/said")"
    grep -q "^package $package $package [0-9]" "$work/said" || complain "$package is no package"
    while read -r file; do
        (cd "$feed/$package" && test -f "$file") || complain "$package: $file is not there"
    done < <(grep -E '^file (\./files|.*/platform)/' "$work/said" | cut -d' ' -f2)
done
version=$(sed -n 's/^project(esim-agent VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt)
grep -q "^PKG_VERSION:=$version$" "$feed/esim-agent/Makefile" || complain "its version is not $version"
while read -r option; do
    grep -q "^config $option$" "$feed/esim-agent/Config.in" || complain "Config.in lacks $option"
    grep -q "^option($option " CMakeLists.txt || complain "CMake has no $option"
done < <(grep -oE 'CONFIG_ESIM_AGENT_[A-Z]+' "$feed/esim-agent/Makefile" | sed s/CONFIG_// | sort -u)

# Buildroot's package, by a make that knows cmake-package alone.
buildroot=$PWD/platform/buildroot
cat >"$work/buildroot.mk" <<MAKE
define cmake-package
\$(info opts \$(ESIM_AGENT_CONF_OPTS))
\$(info needs \$(ESIM_AGENT_DEPENDENCIES))
\$(info version \$(ESIM_AGENT_VERSION))
all:
endef
include $buildroot/package/esim-agent/esim-agent.mk
MAKE
make -s -f "$work/buildroot.mk" BR2_EXTERNAL_ESIM_AGENT_PATH="$buildroot" \
    BR2_PACKAGE_ESIM_AGENT_MQTT=y all >"$work/said" 2>&1 || complain "Buildroot: $(cat "$work/said")"
grep -q '^needs .* mosquitto' "$work/said" || complain 'Buildroot: MQTT needs no mosquitto'
grep -q '^opts .*-DESIM_AGENT_MQTT=ON' "$work/said" || complain 'Buildroot: MQTT is not built in'
grep -q '^opts .*-DESIM_AGENT_PCSC=OFF' "$work/said" || complain 'Buildroot: PC/SC is built in'
grep -q "^version $version$" "$work/said" || complain "Buildroot: its version is not $version"

yocto=platform/yocto/meta-esim-agent/recipes-esim/esim-agent/esim-agent_$version.bb
[ -f "$yocto" ] || complain "there is no $yocto"
grep -q "md5=$(md5sum LICENSE | cut -d' ' -f1)" "$yocto" || complain 'Yocto: the licence is another'
# Every option that they name is CMake's, and every one of CMake's that a device may want is theirs.
for recipe in "$yocto" "$buildroot/package/esim-agent/esim-agent.mk" "$feed/esim-agent/Makefile"; do
    while read -r option; do
        grep -q "^option($option " CMakeLists.txt || complain "$recipe: CMake has no $option"
    done < <(grep -oE -- '-DESIM_AGENT_[A-Z]+=' "$recipe" | sed 's/-D//; s/=//' | sort -u)
    for option in QMI MBIM MODEMMANAGER HOOK MQTT PCSC KIOSK PNG; do
        grep -qE "(ESIM_AGENT_|\\b)$option\\b" "$recipe" || complain "$recipe lacks $option"
    done
done
[ "$failed" = 0 ] && echo 'recipes: all passed'
exit "$failed"
