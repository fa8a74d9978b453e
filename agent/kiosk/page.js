// What the page does beyond showing itself: it follows its server-sent events and takes its content
// anew whenever something has changed, hides the code as soon as nobody can say whether it is still
// good, and leaves nothing behind. Without scripts the page loads itself again instead.
'use strict';
(() => {
  const main = () => document.getElementById('main');
  const path = main().dataset.base;
  let events = null;
  let lastSign = Date.now();
  let isOffline = false;
  let endsAt = 0;
  let hasAsked = false;
  let turn = 0;
  let greeting = 0;

  const heading = () => main().querySelector('.state, h1')?.textContent ?? '';

  // In one language after the other, while nothing is open.
  const greet = () => main().querySelectorAll('.greetings span').forEach((each, i, all) =>
    each.classList.toggle('shown', i === greeting % all.length));

  const prepare = () => {
    const left = main().dataset.left;
    endsAt = left === undefined ? 0 : Date.now() + left * 1000;
    hasAsked = false;
    formatIn(main());
    greet();
  };

  const take = page => {
    if (!page.getElementById('main')) throw new Error('this is no page of ours');
    const isOpen = [...document.querySelectorAll('details')].map(each => each.open);
    const before = main().dataset.state;
    const session = main().dataset.session;
    const focus = document.activeElement?.closest('main') ? document.activeElement.textContent : '';
    const typed = main().querySelector('#find');
    const isTyping = typed !== null && document.activeElement === typed;
    main().replaceWith(page.getElementById('main'));
    const field = main().querySelector('#find');  // a visitor, or a scanner, may be at it
    if (typed && field) field.value = typed.value;
    if (isTyping) field?.focus();
    for (const old of document.querySelectorAll('body > template')) old.remove();
    document.body.append(...page.querySelectorAll('body > template'));
    document.documentElement.lang = page.documentElement.lang;
    document.documentElement.dir = page.documentElement.dir;
    const isNext = session && main().dataset.session && session !== main().dataset.session;
    if (before === main().dataset.state && !isNext) {
      document.querySelectorAll('details').forEach((each, i) => { each.open = isOpen[i] ?? each.open; });
      [...main().querySelectorAll('button, summary, a')].find(each => each.textContent === focus)?.focus();
    } else {
      closeLanguages();  // there is something to see
      announce(heading());
    }
    prepare();
    // The language that one visitor chose is not the next one's.
    if (isNext && location.search) return location.replace(path);
    if (before !== 'none' && main().dataset.state === 'none' && location.search)
      setTimeout(() => { if (main().dataset.state === 'none') location.replace(path); }, 10000);
  };

  const goOffline = () => {
    if (isOffline) return;
    isOffline = true;
    closeLanguages();
    main().dataset.state = 'offline';
    main().replaceChildren(document.getElementById('offline').content.cloneNode(true));
    announce(heading());
  };

  const load = async () => {
    const mine = ++turn;
    try {
      const answer = await fetch(path + location.search, {cache: 'no-store'});
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      if (mine !== turn) return;  // something newer is on its way
      take(page);
      isOffline = false;
      lastSign = Date.now();
    } catch {
      if (mine === turn) goOffline();
    }
  };

  const follow = () => {
    events?.close();
    events = new EventSource(path + 'events');
    // Whatever changed between the page and now, nobody told.
    events.onopen = () => { lastSign = Date.now(); load(); };
    events.addEventListener('alive', () => { lastSign = Date.now(); if (isOffline) load(); });
    events.addEventListener('change', () => { lastSign = Date.now(); load(); });
    events.onerror = () => {
      // The server closes it when a session ends; whether it is there at all, load() finds out.
      events.close();
      load();
      setTimeout(follow, 2000);
    };
  };

  document.addEventListener('submit', async event => {
    const form = event.target;
    event.preventDefault();
    const body = new URLSearchParams(new FormData(form));
    for (const button of form.querySelectorAll('button')) button.disabled = true;
    form.classList.add('busy');
    form.setAttribute('aria-busy', 'true');
    try {
      const answer = await fetch(form.action, {method: 'POST', body});
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      const isElsewhere = new URL(answer.url).pathname.startsWith('/s/') && !path.startsWith('/s/');
      if (isElsewhere) return location.replace(answer.url);
      ++turn;
      form.classList.remove('busy');
      take(page);
      const words = page.getElementById('live').textContent;
      if (words) announce(words, true);
      main().querySelector('#find')?.select();  // to be corrected, or typed over
      const sent = body.get('q');
      setTimeout(() => {  // not for the next visitor to read
        const field = main().querySelector('#find');
        if (field && field.value === sent) field.value = '';
      }, 60000);
    } catch {
      goOffline();
    }
  });

  copyFields(announce);

  setInterval(() => {
    if (Date.now() - lastSign > 25000) {
      lastSign = Date.now();
      goOffline();
      follow();
    }
    const left = endsAt - Date.now();
    const template = document.getElementById('more-time');
    if (endsAt && left < 60000 && !hasAsked && template && !isOffline) {
      hasAsked = true;
      closeLanguages();
      main().prepend(template.content.cloneNode(true));
    }
  }, 1000);

  // A page that a browser kept whole must not come back with its code.
  addEventListener('pageshow', event => { if (event.persisted) load(); });
  addEventListener('pagehide', () => { main().replaceChildren(); });

  setInterval(() => { ++greeting; greet(); }, 4000);

  prepare();
  follow();
})();
