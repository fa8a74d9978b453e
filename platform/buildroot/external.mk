include $(sort $(wildcard $(BR2_EXTERNAL_ESIM_AGENT_PATH)/package/*/*.mk))
