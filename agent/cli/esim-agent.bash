# Completion of esim-agent for bash.
# shellcheck shell=bash

_esim_agent() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
    local command='' each options
    for each in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
        case $each in
        qr | customer | inventory | package | top-up | show | list | search | update | activate | refund | install \
            | euicc | profile | notification | info | eid | enable | disable | delete | rename \
            | send | remove | link | create | revoke | run | status | report | flush | batch | doctor | watch)
            command+="$each "
            ;;
        esac
    done

    case $before in
    --config | --output | --bundle | --labels | --code-file | --confirmation-code-file)
        mapfile -t COMPREPLY < <(compgen -f -- "$word")
        return
        ;;
    --log-level) options='error warning info debug' ;;
    --format) options='utf8 ansi ascii svg png pbm raw escpos' ;;
    --link) options='lpa apple android gigastore' ;;
    --paper) options='58 80' ;;
    --match) options='exact prefix contains' ;;
    --uid | --customer | --iccid | --size | --limit | --wait | --email | --country | --from | --to \
        | --item | --price | --metatag) return ;;
    --start) options='now first-use on-demand' ;;
    *)
        options='--config --json --log-level --help'
        case $command in
        '') options+=' --version qr install batch customer inventory package link euicc profile notification'
            options+=' run status watch doctor report' ;;
        'qr ') options+=' --uid --code-file --iccid --format --link --output --size --paper --reveal' ;;
        'install ')
            options+=' --uid --code-file --iccid --confirmation-code-file --enable --no-enable --yes'
            ;;
        'euicc ') options+=' info eid' ;;
        'report ') options+=' list flush' ;;
        'doctor ') options+=' --bundle' ;;
        'watch ') options+=' --lines' ;;
        'batch ') options+=' --output --wait --labels' ;;
        'profile ') options+=' list enable disable delete rename' ;;
        'notification ') options+=' list send remove' ;;
        'profile delete ' | 'notification remove ') options+=' --yes' ;;
        'customer ') options+=' show list search create update' ;;
        'customer show ') options+=' --email --iccid --reveal' ;;
        'customer create ') options+=' --item --email --country --start --metatag --price --yes' ;;
        'customer list ') options+=' --limit' ;;
        'customer search ') options+=' --email --iccid --uid --match' ;;
        'customer update ') options+=' --email --country' ;;
        'link ') options+=' create list revoke' ;;
        'link create ') options+=' --iccid' ;;
        'link revoke ') options+=' --all' ;;
        'inventory ') options+=' list' ;;
        'package ') options+=' list show activate refund top-up' ;;
        'package top-up ')
            options+=' --item --with-profile --country --start --metatag --price --yes'
            ;;
        'package list ') options+=' --from --to --customer --email --iccid' ;;
        'package activate ' | 'package refund ') options+=' --yes' ;;
        esac
        ;;
    esac
    mapfile -t COMPREPLY < <(compgen -W "$options" -- "$word")
}
complete -F _esim_agent esim-agent
