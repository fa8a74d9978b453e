# shellcheck shell=dash
# UCI as esim-agent's XML, for the init script; OpenWrt's /lib/functions.sh is there already.
# A section is an element, an option an attribute with _ for -; webhook and mqtt stand in <report>.

esim_escaped() {
	printf '%s' "$1" | sed -e 's/&/\&amp;/g' -e 's/</\&lt;/g' -e 's/>/\&gt;/g' -e 's/"/\&quot;/g'
}

# What has been read of the present section; it is complete when the next one begins.
esim_begin() {
	esim_element=
	esim_attributes=
	esim_elements=
	esim_report_attributes=
	esim_destinations=
}
esim_begin

esim_end_section() {
	local line="<$esim_element$esim_attributes/>"
	case "$esim_element" in
	'' | esim-agent) ;;
	report) esim_report_attributes=$esim_attributes ;;
	webhook | mqtt) esim_destinations="$esim_destinations    $line
" ;;
	*) esim_elements="$esim_elements  $line
" ;;
	esac
	esim_element=
	esim_attributes=
}

config_cb() {
	esim_end_section
	esim_element=$1
}

option_cb() {
	local name
	name=$(printf '%s' "$1" | tr _ -)
	esim_attributes="$esim_attributes $name=\"$(esim_escaped "$2")\""
}

# esim_agent_xml PACKAGE: to standard output.
esim_agent_xml() {
	esim_begin
	config_load "$1"
	esim_end_section
	printf '<esim-agent>\n%s' "$esim_elements"
	if [ -n "$esim_destinations$esim_report_attributes" ]; then
		printf '  <report%s>\n%s  </report>\n' "$esim_report_attributes" "$esim_destinations"
	fi
	printf '</esim-agent>\n'
}
