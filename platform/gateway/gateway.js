// What a device may ask, and nothing else: whose eSIM it gets, that customer, and the connectivity of
// its own eSIMs. Runs in nginx (njs 0.7.9 or newer); esim-gateway.conf says who asks.
import crypto from 'crypto';

const CUSTOMER = /^\/gigastore\/activations\/customers\/([^\/]+)$/;
const CONNECTIVITY = /^\/gigastore\/esim\/([0-9A-Fa-f]+)\/status\/connectivity$/;

/** The SHA-256 of the bearer token, in hexadecimal digits; '' if there is none. */
function token_hash(r) {
    const found = /^Bearer ([!-~]+)$/.exec(r.headersIn.Authorization || '');
    return found ? crypto.createHash('sha256').update(found[1]).digest('hex') : '';
}

function refuse(r, status, detail) {
    r.headersOut['Content-Type'] = 'application/problem+json';
    if (status === 429 || status >= 500)
        r.headersOut['Retry-After'] = '30';
    r.return(status, JSON.stringify({type: 'about:blank', status: status, detail: detail}) + '\n');
}

const words_for = {
    401: 'This gateway does not know the device: see to its certificate or token',
    429: 'This device asks too often',
    503: 'The gateway is busy',
};

/** nginx's own refusals (error_page) end here. */
function page(r) {
    const status = Number(r.args.status);
    refuse(r, status, words_for[status]);
}

function parsed(text) {
    try {
        return JSON.parse(text);
    } catch (e) {
        return {};
    }
}

/**
 * Asks Gigastore with the reseller's token, once more with a new one if the old one is refused, and
 * hands on the answer: {status, body, type, wait}.
 */
function ask(r, path, args, then, renew) {
    r.subrequest('/esim-token', {args: renew ? 'renew=1' : ''}, (token) => {
        if (token.status !== 200)
            return then({status: token.status === 401 ? 502 : 503});
        r.variables.esim_bearer = parsed(token.responseText).accessToken;
        r.subrequest('/esim-upstream' + path, {args: args}, (reply) => {
            if (reply.status === 401 && !renew)
                return ask(r, path, args, then, true);
            then({
                status: reply.status === 401 ? 502 : reply.status,
                body: reply.responseText,
                type: reply.headersOut['Content-Type'],
                wait: reply.headersOut['Retry-After'],
            });
        });
    });
}

function pass_on(r, answer) {
    if (!answer.body)
        return refuse(r, answer.status < 500 ? 502 : answer.status, 'Gigastore cannot be asked now');
    if (answer.type)
        r.headersOut['Content-Type'] = answer.type;
    if (answer.wait)
        r.headersOut['Retry-After'] = answer.wait;
    r.return(answer.status, answer.body);
}

function customer_path(uid) {
    return '/gigastore/activations/customers/' + encodeURIComponent(uid);
}

function tell_customer(r, uid) {
    ask(r, customer_path(uid), r.variables.args, (answer) => pass_on(r, answer));
}

/** Whether the eSIM is the customer's is asked first. */
function tell_connectivity(r, uid, iccid) {
    ask(r, customer_path(uid), 'only_active_profiles=false', (answer) => {
        if (answer.status !== 200)
            return pass_on(r, answer);
        const esims = parsed(answer.body).relatedEsims || [];
        if (!esims.some((each) => each.iccid === iccid))
            return refuse(r, 403, 'That is no eSIM of this device\'s customer');
        ask(r, r.uri, '', (seen) => pass_on(r, seen));
    });
}

/** Whose eSIM the device gets; nobody's until devices.map has a line for it. */
function tell_assignment(r, uid) {
    r.headersOut['Content-Type'] = 'application/json';
    r.return(200, JSON.stringify({customerUid: uid || null}) + '\n');
}

function answer(r) {
    const uid = r.variables.esim_customer;
    if (!r.variables.esim_device)
        return refuse(r, 401, words_for[401]);
    if (r.method === 'GET' && r.uri === '/esim-agent/assignment')
        return tell_assignment(r, uid);
    const customer = r.method === 'GET' ? CUSTOMER.exec(r.uri) : null;
    const esim = r.method === 'GET' ? CONNECTIVITY.exec(r.uri) : null;
    if (!customer && !esim)
        return refuse(r, 403, 'Devices may not do that');
    if (!uid || (customer && customer[1] !== uid))
        return refuse(r, 403, 'This device belongs to another customer, or to none yet');
    if (customer)
        tell_customer(r, uid);
    else
        tell_connectivity(r, uid, esim[1]);
}

export default {answer, page, token_hash};
