SUMMARY = "Puts the eSIM of a Gigastore customer on this device"
DESCRIPTION = "Fetches the activation code of a Gigastore customer's eSIM, installs the profile on the \
eUICC behind a modem, and reports what becomes of it."
LICENSE = "Apache-2.0"
LIC_FILES_CHKSUM = "file://LICENSE;md5=3b83ef96387f14655fc854ddc3c6bd57"

inherit cmake pkgconfig systemd useradd externalsrc

EXTERNALSRC = "${ESIM_AGENT_SOURCE}"

DEPENDS = "boost cli11 libtinyxml2 openssl qrencode"
RDEPENDS:${PN} += "ca-certificates"

# No kiosk: its pages and fonts are for screens.
EXTRA_OECMAKE = " \
    -DCMAKE_BUILD_TYPE=MinSizeRel \
    -DESIM_AGENT_KIOSK=OFF \
    -DESIM_AGENT_PNG=OFF \
    -DBUILD_TESTING=OFF \
    -DESIM_AGENT_SYSTEMD_DIR=${systemd_system_unitdir} \
"

PACKAGECONFIG ??= "qmi mbim hook"
PACKAGECONFIG[qmi] = "-DESIM_AGENT_QMI=ON,-DESIM_AGENT_QMI=OFF"
PACKAGECONFIG[mbim] = "-DESIM_AGENT_MBIM=ON,-DESIM_AGENT_MBIM=OFF"
PACKAGECONFIG[hook] = "-DESIM_AGENT_HOOK=ON,-DESIM_AGENT_HOOK=OFF"
PACKAGECONFIG[modemmanager] = "-DESIM_AGENT_MODEMMANAGER=ON,-DESIM_AGENT_MODEMMANAGER=OFF,dbus"
PACKAGECONFIG[mqtt] = "-DESIM_AGENT_MQTT=ON,-DESIM_AGENT_MQTT=OFF,mosquitto"
PACKAGECONFIG[pcsc] = "-DESIM_AGENT_PCSC=ON,-DESIM_AGENT_PCSC=OFF,pcsc-lite"

USERADD_PACKAGES = "${PN}"
USERADD_PARAM:${PN} = "--system --user-group --no-create-home --home-dir /var/lib/esim-agent \
    --shell /sbin/nologin --groups dialout esim-agent"

SYSTEMD_SERVICE:${PN} = "esim-agent.service"

do_install:append() {
    install -d -m 0750 -g esim-agent ${D}${sysconfdir}/esim-agent
    # Until it is configured it is not started, and does not fail either.
    install -d ${D}${systemd_system_unitdir}/esim-agent.service.d
    printf '[Unit]\nConditionPathExists=%s/esim-agent/agent.xml\n' ${sysconfdir} \
        >${D}${systemd_system_unitdir}/esim-agent.service.d/configured.conf
}

FILES:${PN} += " \
    ${datadir}/bash-completion \
    ${datadir}/dbus-1 \
    ${datadir}/polkit-1 \
    ${nonarch_libdir}/sysusers.d \
    ${nonarch_libdir}/tmpfiles.d \
    ${systemd_system_unitdir} \
"
