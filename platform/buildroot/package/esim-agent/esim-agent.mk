################################################################################
#
# esim-agent
#
################################################################################

ESIM_AGENT_VERSION = 0.1.0
ESIM_AGENT_SITE = $(BR2_EXTERNAL_ESIM_AGENT_PATH)/../..
ESIM_AGENT_SITE_METHOD = local
ESIM_AGENT_OVERRIDE_SRCDIR_RSYNC_EXCLUSIONS = --exclude build --exclude .git
ESIM_AGENT_LICENSE = Apache-2.0
ESIM_AGENT_LICENSE_FILES = LICENSE
ESIM_AGENT_DEPENDENCIES = host-pkgconf boost cli11 libqrencode openssl tinyxml2

# No kiosk: its pages and fonts are for screens.
ESIM_AGENT_CONF_OPTS = \
	-DCMAKE_BUILD_TYPE=MinSizeRel \
	-DESIM_AGENT_KIOSK=OFF \
	-DESIM_AGENT_PNG=OFF \
	-DBUILD_TESTING=OFF

# $(1): the option, $(2): the package that it needs
define esim-agent-option
ifeq ($$(BR2_PACKAGE_ESIM_AGENT_$(1)),y)
ESIM_AGENT_CONF_OPTS += -DESIM_AGENT_$(1)=ON
ESIM_AGENT_DEPENDENCIES += $(2)
else
ESIM_AGENT_CONF_OPTS += -DESIM_AGENT_$(1)=OFF
endif
endef
$(eval $(call esim-agent-option,QMI,))
$(eval $(call esim-agent-option,MBIM,))
$(eval $(call esim-agent-option,HOOK,))
$(eval $(call esim-agent-option,MODEMMANAGER,dbus))
$(eval $(call esim-agent-option,MQTT,mosquitto))
$(eval $(call esim-agent-option,PCSC,pcsc-lite))

define ESIM_AGENT_USERS
	esim-agent -1 esim-agent -1 * /var/lib/esim-agent - dialout eSIM agent
endef

define ESIM_AGENT_INSTALL_INIT_SYSV
	$(INSTALL) -D -m 755 $(BR2_EXTERNAL_ESIM_AGENT_PATH)/package/esim-agent/S90esim-agent \
		$(TARGET_DIR)/etc/init.d/S90esim-agent
endef

define ESIM_AGENT_PERMISSIONS
	/etc/esim-agent d 750 0 esim-agent - - - - -
	/var/lib/esim-agent d 700 esim-agent esim-agent - - - - -
endef

$(eval $(cmake-package))
