// Dates and sizes as people of the page's language write them.
'use strict';
globalThis.formatIn = root => {
  const language = document.documentElement.lang;
  const day = new Intl.DateTimeFormat(language, {dateStyle: 'medium', timeZone: 'UTC'});
  for (const each of root.querySelectorAll('time')) {
    each.textContent = day.format(new Date(each.dateTime));
  }
  for (const each of root.querySelectorAll('data[data-unit]')) {
    const size = new Intl.NumberFormat(language,
      {style: 'unit', unit: each.dataset.unit, maximumFractionDigits: 2});
    each.textContent = size.format(each.value);
  }
  for (const button of root.querySelectorAll('[data-copy]')) button.hidden = false;
};

// Buttons that copy a field; `announce` says that it is done.
globalThis.copyFields = announce => document.addEventListener('click', async event => {
  const button = event.target.closest('[data-copy]');
  if (!button) return;
  const field = document.getElementById(button.dataset.copy);
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    field.select();
    document.execCommand('copy');
  }
  announce(button.dataset.done, true);
});

// What the screen reader reads, from the page's live region; `isSeen` shows it to everybody. An
// empty place first: the same words twice would not be read again.
globalThis.announce = (words, isSeen = false) => {
  const live = document.getElementById('live');
  live.textContent = '';
  live.classList.remove('toast');
  setTimeout(() => { live.textContent = words; live.classList.toggle('toast', isSeen); }, 50);
  if (isSeen) setTimeout(() => { if (live.textContent === words) announce(''); }, 4000);
};

// The languages fill the screen: Escape closes them, and so does nobody's choosing one.
(() => {
  const close = globalThis.closeLanguages = () => { if (location.hash === '#languages') location.replace('#'); };
  let patience = 0;
  const wait = () => { clearTimeout(patience); patience = setTimeout(close, 30000); };
  addEventListener('hashchange', wait);
  wait();
  addEventListener('keydown', event => { if (event.key === 'Escape') close(); });
})();
