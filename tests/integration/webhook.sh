#!/bin/bash
# Reports to receivers that are not ours: one in Django's manner, one whose URL is signed, one that
# breaks off and one that never ends. webhook.sh ESIM-AGENT ESIM-SANDBOX
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/integration/support.sh
. "$here/support.sh"

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout hook.key \
    -out hook.pem -days 2 -subj '/CN=hook' -addext 'subjectAltName=DNS:localhost' 2>/dev/null
"$here/receiver.py" hook.pem hook.key &
pids+=($!)
wait_for test -s port
start_sandbox
base=https://localhost:$(cat port)
(umask 077 && echo "whsec_$(openssl rand -base64 24)" >secret && echo "$base/signed?sig=S%2F1" >url)

hook() { echo "<webhook $1 ca-file=\"$directory/hook.pem\"/>"; }
hooks="$(hook "url=\"$base/django/\" secret-file=\"$directory/secret\"")"
hooks+="$(hook "url=\"$base/signed?sig=S%2F1\"")"
hooks+="$(hook "url-file=\"$directory/url\"")"
hooks+="$(hook "url=\"$base/abrupt/\" secret-file=\"$directory/secret\"")"
hooks+="$(hook "url=\"$base/endless/\" secret-file=\"$directory/secret\"")"
configure "$hooks"
log_level=debug start_agent

# has_all PATH TIMES: that receiver has every stage so often.
has_all() {
    for stage in fetched downloading installed enabled registered notified; do
        [ "$(grep -cF "$1 $stage" taken)" = "$2" ] || return 1
    done
}
wait_for has_all /django/ 1
wait_for has_all '/signed?sig=S%2F1' 2
wait_for has_all /abrupt/ 1
wait_for has_all /endless/ 1
# A signature in a URL is a secret.
grep -F 'S%2F1' agent.log && fail 'the log holds the signature'
echo 'webhooks: all passed'
