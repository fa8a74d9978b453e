// What a customer's page does beyond showing itself: while it waits it takes itself anew every few
// seconds, and tells when the eSIM is installed. Without scripts the page loads itself again.
'use strict';
(() => {
  const main = () => document.getElementById('main');
  const isWaiting = () => ['waiting', 'unsure', 'failed'].includes(main().dataset.state);

  const look = async () => {
    if (document.hidden || !isWaiting()) return;
    try {
      const answer = await fetch(location.href, {cache: 'no-store'});
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      const next = page.getElementById('main');
      // The same state stays as it is: somebody may be scanning or reading it.
      if (!next || next.dataset.state === main().dataset.state) return;
      if (next.dataset.state === 'unsure') return;
      main().replaceWith(next);
      formatIn(main());
      announce(main().querySelector('h1')?.textContent ?? '');
    } catch {
      // No network for a moment: a phone that installs its eSIM may change networks.
    }
  };

  // Back from the phone's settings, it has changed most likely.
  document.addEventListener('visibilitychange', look);
  addEventListener('pageshow', event => { if (event.persisted) location.reload(); });
  setInterval(look, 6000);
  copyFields(announce);
  formatIn(main());
})();
