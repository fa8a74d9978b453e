// The kiosk's page in a real Chromium, against a real daemon and the sandbox. Run by ctest, or
// KIOSK_PROGRAMS=AGENT:SANDBOX node --test tests/browser/. With KIOSK_SCREENS=DIRECTORY the main
// states are photographed.
import assert from 'node:assert/strict';
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import net from 'node:net';
import http from 'node:http';
import path from 'node:path';
import {test} from 'node:test';
import {
  checkAccess, choose, iccid, languages, photograph, plain, reaches, run, scan, sees, stageOfTests, stateOf,
  until,
} from './stage.mjs';

const stage = stageOfTests();

const code = () => `LPA:1$${stage.ready.smdp}$K7QX9-2F4M1`;

test('a session goes from QR to installed while a phone scans it, and is over with Done', async () => {
  await stage.start();
  const page = await stage.page();
  await page.goto(stage.url);
  assert.equal(await stateOf(page), 'none');
  await photograph(page, 'welcome-landscape-en');
  const opened = await stage.session();
  await reaches(page, 'waiting');
  await photograph(page, 'waiting-landscape-en');
  const read = await scan(page);
  assert.equal(read, code());
  await stage.phone(read);
  await reaches(page, 'installed');
  assert.equal(await scan(page), '');
  assert.ok(!(await page.content()).includes('K7QX9'), 'the code is gone from the page');
  const asks = await page.locator('#more-time').evaluate(each => each.content.textContent);
  assert.ok(!asks.includes('code'), 'the code is no longer asked about');
  await photograph(page, 'installed-landscape-en');
  await page.getByRole('button', {name: 'Done'}).click();
  await reaches(page, 'none');
  const gone = await fetch(opened.url);
  assert.equal(gone.status, 410);
  assert.deepEqual(page.elsewhere, []);
  assert.deepEqual(page.errors, []);
  const reports = await (await fetch(stage.ready.admin + '/reports')).json();
  assert.ok(Array.isArray(reports.reports));
});

test('a phone is led to the Wi-Fi first, and from there to its eSIM', async () => {
  const password = path.join(stage.directory, 'wifi-password');
  writeFileSync(password, 'open; sesame\n', {mode: 0o600});
  await stage.start({
    ESIM_AGENT_KIOSK_WIFI_SSID: 'Airport guests', ESIM_AGENT_KIOSK_WIFI_PASSWORD_FILE: password,
  });
  for (const [javaScriptEnabled, language] of [[true, 'en'], [true, 'ar'], [false, 'de']]) {
    await stage.session();
    const page = await stage.page({javaScriptEnabled, locale: language});
    await page.goto(stage.url);
    await reaches(page, 'wifi');
    assert.equal(await scan(page), 'WIFI:T:WPA;S:Airport guests;P:open\\; sesame;;');
    assert.ok((await page.locator('main').innerText()).includes('open; sesame'));
    if (javaScriptEnabled) await checkAccess(page, `wifi ${language}`);
    if (javaScriptEnabled) await photograph(page, `wifi-landscape-${language}`);
    await page.locator('form[action^="/online"] button').click();
    await reaches(page, 'waiting');
    assert.equal(await scan(page), code());
    await page.locator('form[action^="/offline"] button').click();
    await reaches(page, 'wifi');
    assert.deepEqual(page.errors, []);
    await page.context().close();
  }
});

test('every language, upright and across, dark and light, is accessible and its QR reads', async () => {
  await stage.start();
  await stage.session();
  for (const language of languages)
    for (const upright of [false, true])
      for (const scheme of ['light', 'dark']) {
        const viewport = upright ? {width: 800, height: 1280} : {width: 1366, height: 768};
        const page = await stage.page({viewport, colorScheme: scheme, locale: language, reducedMotion: 'reduce'});
        const where = `${language}-${upright ? 'portrait' : 'landscape'}-${scheme}`;
        await page.goto(stage.url);
        assert.equal(await page.getAttribute('html', 'lang'), language);
        assert.equal(await page.getAttribute('html', 'dir'), language === 'ar' ? 'rtl' : 'ltr');
        assert.equal(await scan(page), code(), where);
        if (['de', 'ja', 'ar', 'hi', 'ko'].includes(language) && scheme === (language === 'ar' ? 'dark' : 'light'))
          await photograph(page, `waiting-${where}`);
        await checkAccess(page, where);
        assert.equal(await page.evaluate(() => getComputedStyle(document.querySelector('.scan .hand')).animationName), 'none');
        await page.context().close();
      }
});

test('the languages fill the screen, with and without scripts, and close without a choice', async () => {
  await stage.start();
  await stage.session();
  for (const javaScriptEnabled of [true, false])
    for (const [width, height] of [[1280, 800], [320, 240], [800, 480], [390, 844]]) {
      const where = `languages ${width}x${height} ${javaScriptEnabled}`;
      const page = await stage.page({javaScriptEnabled, viewport: {width, height}});
      await page.goto(stage.url);
      const place = () => until('the code is there', () => page.locator('#code').boundingBox());
      const before = await place();
      await page.locator('.globe').click();
      await page.locator('#languages').waitFor();
      assert.equal(await page.locator('#languages a[hreflang]').count(), languages.length, where);
      assert.equal(await scan(page), '', where);
      if (javaScriptEnabled) await checkAccess(page, where);
      if (javaScriptEnabled && width === 1280) await photograph(page, 'languages-landscape-en');
      await page.locator('#languages .close').click();
      await page.locator('#languages').waitFor({state: 'hidden'});
      assert.deepEqual(await place(), before, where);
      await choose(page, '한국어');
      await until('the page is Korean', async () => (await page.getAttribute('html', 'lang')) === 'ko');
      assert.equal(await scan(page), code(), where);
      await page.context().close();
    }
  const page = await stage.page();
  await page.clock.install();
  await page.goto(stage.url);
  await page.locator('.globe').click();
  await page.keyboard.press('Escape');
  await page.locator('#languages').waitFor({state: 'hidden'});
  await page.locator('.globe').click();
  await page.locator('#languages').waitFor();
  await page.clock.fastForward(31000);  // whoever opened them has left
  await page.locator('#languages').waitFor({state: 'hidden'});
  // Nor do they stand before what has just come.
  await stage.till('DELETE', '/v1/kiosk/sessions/' + (await stage.till('GET', '/v1/kiosk/sessions')).sessions[0].id);
  await reaches(page, 'none');
  await page.locator('.globe').click();
  await page.locator('#languages').waitFor();
  await stage.session();
  await reaches(page, 'waiting');
  await page.locator('#languages').waitFor({state: 'hidden'});
  assert.equal(await scan(page), code());
});

test('a shop\'s own look: logo, colour, words, another language, and nobody is sent to staff', async () => {
  const folder = path.join(stage.directory, 'brand');
  mkdirSync(path.join(folder, 'texts'), {recursive: true});
  writeFileSync(path.join(folder, 'logo.svg'), '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 160 40">'
    + '<style>text{font:700 24px sans-serif}</style><rect width="160" height="40" rx="8" fill="#8a1538"/>'
    + '<text x="20" y="29" style="fill:#fff">Sky Shop</text></svg>');
  writeFileSync(path.join(folder, 'welcome.svg'), '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 200">'
    + '<rect width="600" height="200" fill="#f3d9df"/><path d="M0 160q150-90 300 0t300 0v40H0z" fill="#8a1538"/></svg>');
  const settings = {accent: '#8a1538', support: '+49 30 1234567', openingHours: 'Mon–Fri 8–20', staffed: false};
  writeFileSync(path.join(folder, 'brand.json'), JSON.stringify(settings));
  const english = JSON.parse(readFileSync(new URL('../../agent/print/texts/en.json', import.meta.url)));
  const dutch = {...english, name: 'Nederlands', scan_title: 'Scan deze code met uw telefoon'};
  writeFileSync(path.join(folder, 'texts', 'nl.json'), JSON.stringify(dutch));
  writeFileSync(path.join(folder, 'texts', 'en.json'), JSON.stringify({welcome: 'Welcome to Sky Shop'}));
  await stage.start({ESIM_AGENT_KIOSK_BRAND: folder});
  for (const colorScheme of ['light', 'dark']) {
    const page = await stage.page({colorScheme});
    await page.goto(stage.url);
    const logo = page.getByRole('img', {name: 'Airport eSIM'});
    await until('the logo is drawn', () => logo.evaluate(each => each.complete && each.naturalWidth > 0));
    await page.getByRole('heading', {name: 'Welcome to Sky Shop'}).waitFor();
    await page.getByText('Opening hours: Mon–Fri 8–20').waitFor();
    assert.ok(!(await page.locator('#main').textContent()).includes('staff'));
    assert.equal(await page.locator('.greetings .shown').count(), 1);
    await checkAccess(page, `brand ${colorScheme}`);
    await photograph(page, `brand-welcome-${colorScheme}`);
    await choose(page, 'Nederlands');
    await stage.session();
    await reaches(page, 'waiting');
    await page.getByRole('heading', {name: dutch.scan_title}).waitFor();
    assert.equal(await scan(page), code());
    await checkAccess(page, `brand in a session ${colorScheme}`);
    await photograph(page, `brand-waiting-${colorScheme}`);
    assert.deepEqual([page.elsewhere, page.errors], [[], []]);
    await page.context().close();
    for (const each of (await stage.till('GET', '/v1/kiosk/sessions')).sessions)
      await stage.till('DELETE', '/v1/kiosk/sessions/' + each.id);
  }
  // A logo that is opened by itself is a picture, and may do nothing.
  const answer = await fetch(stage.url + 'brand/logo');
  assert.match(answer.headers.get('content-security-policy'), /sandbox/);
});

test('the page fits 320 pixels, 4K, and twice the text, and its fields open by a tap', async () => {
  await stage.start();
  await stage.session();
  for (const [width, height, scale] of [[320, 480, 1], [480, 320, 1], [3840, 2160, 1], [640, 400, 2]]) {
    const page = await stage.page({viewport: {width, height}, deviceScaleFactor: scale});
    await page.goto(stage.url);
    await page.getByText('Enter the code by hand').click();
    assert.equal(await page.getByLabel('SM-DP+ address').inputValue(), stage.ready.smdp);
    assert.equal(await page.getByLabel('Activation code', {exact: true}).inputValue(), 'K7QX9-2F4M1');
    await checkAccess(page, `${width}x${height}`);
    if (width === 3840) await photograph(page, 'waiting-4k-en');
    await page.context().close();
  }
});

test('on small screens the whole code and what to do are seen at once', async () => {
  await stage.start();
  await stage.session();
  for (const [width, height] of [[1024, 600], [800, 480], [480, 320], [320, 240]])
    for (const language of languages) {
      const where = `${width}x${height} ${language}`;
      const page = await stage.page({viewport: {width, height}});
      await page.goto(`${stage.url}?lang=${language}`);
      await reaches(page, 'waiting');
      assert.equal(await scan(page), code(), where);
      const outside = await page.evaluate(() => ['#code', 'h1', 'ol li:first-child'].filter(each => {
        const box = document.querySelector(each).getBoundingClientRect();
        return box.top < 0 || box.left < 0 || box.bottom > innerHeight || box.right > innerWidth;
      }));
      assert.deepEqual(outside, [], where);
      if (width === 800 && language === 'en') await photograph(page, 'waiting-800x480-en');
      await page.context().close();
    }
});

test('who picks a phone is told its own menus, in each language, with and without scripts', async () => {
  await stage.start();
  await stage.session();
  const menus = {iPhone: {en: 'Use QR Code', de: 'QR-Code verwenden', ar: 'استخدام رمز QR', ja: 'QRコードを使用'},
    Samsung: {en: 'SIM manager', de: 'SIM-Manager', ar: 'إدارة SIM', ja: 'SIMマネージャー'}};
  for (const javaScriptEnabled of [true, false])
    for (const [phone, words] of Object.entries(menus))
      for (const [language, menu] of Object.entries(words)) {
        if (!javaScriptEnabled && language !== 'ar') continue;
        const where = `${phone} ${language}`;
        const page = await stage.page({javaScriptEnabled, viewport: {width: 1280, height: 800}});
        await page.goto(`${stage.url}?lang=${language}`);
        // Null while the page takes its content anew.
        const place = () => until('the code is there', () => page.locator('#code').boundingBox());
        const before = await place();
        await page.locator('.phones').getByText(phone).click();
        await page.locator('.path').getByText(menu, {exact: true}).waitFor();
        assert.equal(await page.getAttribute('html', 'lang'), language, where);
        assert.equal(await page.locator('.phones [aria-current]').textContent(), phone);
        assert.deepEqual(await place(), before, where);
        assert.equal(await scan(page), code(), where);
        if (javaScriptEnabled) {
          await checkAccess(page, where);
          if (language !== 'en') await photograph(page, `phone-${phone.toLowerCase()}-${language}`);
        }
        await choose(page, 'Français');  // the phone stays picked
        await page.locator('.path').getByText(/QR/).waitFor();
        await page.locator('.phones').getByText(phone).click();           // and is given back
        await page.locator('.path').waitFor({state: 'detached'});
        await page.context().close();
      }
});

test('the next visitor inherits no picked phone', async () => {
  await stage.start();
  await stage.session();
  const page = await stage.page();
  await page.goto(stage.url);
  await page.locator('.phones').getByText('Samsung').click();
  await page.locator('.path').waitFor();
  await stage.session({onBusy: 'replace'});
  await page.locator('.path').waitFor({state: 'detached'});
  assert.equal(new URL(page.url()).search, '');
  await page.context().close();
});

test('sizes and dates are written as people of each language write them', async () => {
  await stage.start();
  await stage.session();
  const page = await stage.page();
  const facts = async language => {
    await page.goto(`${stage.url}?lang=${language}`);
    await reaches(page, 'waiting');
    return (await page.locator('.facts').textContent()).replace(/[\u2066-\u2069]/g, '').replace(/\u00a0|\u202f/g, ' ');
  };
  assert.match(await facts('de'), /420 MB · Gültig bis 01\.04\.2095.*3,41 GB/);
  assert.match(await facts('fr'), /420 Mo.*1 avr\. 2095.*3,41 Go/);
  assert.match(await facts('ja'), /2095\/04\/01/);
  assert.match(await facts('en'), /Valid for \(days\): 365/);
});

test('an error, an unknown state and the end are each told, accessibly, and without a QR', async () => {
  await stage.start();
  const opened = await stage.session();
  const page = await stage.page({locale: 'fr'});
  await page.goto(stage.url);
  await stage.admin('POST', `/esims/${iccid}/ERROR`);
  await reaches(page, 'failed');
  assert.equal(await scan(page), '');
  await checkAccess(page, 'failed');
  await photograph(page, 'failed-landscape-fr');
  await stage.admin('POST', `/esims/${iccid}/RELEASED`);
  await reaches(page, 'waiting');
  await page.goto(opened.url);
  await stage.till('DELETE', '/v1/kiosk/sessions/' + opened.id);
  await reaches(page, 'over');
  assert.equal(await scan(page), '');
  await checkAccess(page, 'over');
});

test('installed is told in portrait, from right to left too', async () => {
  await stage.start();
  await stage.session();
  const pages = [];
  for (const [language, scheme] of [['de', 'light'], ['ar', 'dark'], ['zh', 'light']]) {
    const page = await stage.page({viewport: {width: 800, height: 1280}, locale: language, colorScheme: scheme});
    await page.goto(stage.url);
    pages.push([language, page]);
  }
  await stage.admin('POST', `/esims/${iccid}/INSTALLED`);
  for (const [language, page] of pages) {
    await reaches(page, 'installed');
    await checkAccess(page, `installed ${language}`);
    await photograph(page, `installed-portrait-${language}`);
  }
});

test('when the server is gone the page hides the code and says so, and comes back by itself', async () => {
  await stage.start();
  await stage.session();
  const page = await stage.page();
  await page.goto(stage.url);
  assert.equal(await scan(page), code());
  await stage.stop('SIGKILL');
  await reaches(page, 'offline');
  assert.equal(await scan(page), '');
  assert.ok(!(await page.content()).includes('K7QX9'));
  await checkAccess(page, 'offline');
  await photograph(page, 'offline-landscape-en');
  await stage.start();
  await reaches(page, 'none');
  await stage.session();
  await reaches(page, 'waiting');
  assert.equal(await scan(page), code());
});

test('when the browser loses its network the code goes within seconds, and comes back', async () => {
  await stage.start();
  await stage.session();
  const page = await stage.page();
  await page.clock.install();
  await page.goto(stage.url);
  await page.context().setOffline(true);
  await page.clock.fastForward(30000);  // a connection that is dead without a word
  await reaches(page, 'offline');
  assert.equal(await scan(page), '');
  await page.context().setOffline(false);
  await page.clock.fastForward(5000);
  await reaches(page, 'waiting');
});

test('while Gigastore cannot be asked the code is hidden, until it can', async () => {
  await stage.start();
  await stage.session();
  const page = await stage.page();
  await page.goto(stage.url);
  await stage.admin('POST', '/faults', '503@/customers');
  await until('the page is unsure', async () => (await stateOf(page)) === 'unsure', 45000);
  assert.equal(await scan(page), '');
  await checkAccess(page, 'unsure');
  await stage.admin('DELETE', '/faults');
  await until('the page is sure', async () => (await stateOf(page)) === 'waiting', 45000);
});

test('once a session is ended nothing brings its code back: no button, history or cache', async () => {
  await stage.start();
  const opened = await stage.session();
  const page = await stage.page();
  await page.goto(stage.url);
  const entries = await page.evaluate(() => history.length);
  await page.getByRole('button', {name: 'End and hide the code'}).click();
  await reaches(page, 'none');
  assert.equal(await page.evaluate(() => history.length), entries);
  await page.goto('about:blank');
  await page.goBack();
  await reaches(page, 'none');
  assert.equal(await scan(page), '');
  await page.goto(opened.url);
  await page.goBack();
  await page.goForward();
  assert.equal(await scan(page), '');
  assert.ok(!(await page.content()).includes('K7QX9'));
});

test('what happens while nobody listens is not missed', async () => {
  await stage.start();
  const opened = await stage.session();
  const page = await stage.page();
  let blocked = 0;
  await page.route('**/events', route => (++blocked === 1 ? route.abort() : route.continue()));
  await page.goto(stage.url);
  assert.equal(await scan(page), code());
  await until('the first stream was refused', () => blocked >= 1);
  await stage.till('DELETE', '/v1/kiosk/sessions/' + opened.id);
  await reaches(page, 'none');
  assert.equal(await scan(page), '');
});

test('a session that begins while a visitor types is not covered by his answer', async () => {
  await stage.start({ESIM_AGENT_KIOSK_SELF_SERVICE: 'reference'});
  const page = await stage.page();
  await page.goto(stage.url);
  await page.getByLabel('Order reference or ICCID').fill('89999010000000099999');
  await page.getByRole('button', {name: 'Show my eSIM'}).click();
  await stage.session();
  await reaches(page, 'waiting');
  await page.waitForResponse(answer => answer.url().endsWith('/find') || answer.request().redirectedFrom() !== null);
  await reaches(page, 'waiting');
  assert.equal(await scan(page), code());
});

test('the language that one visitor chose is not the next one\'s', async () => {
  await stage.start();
  await stage.session();
  const page = await stage.page();
  await page.clock.install();
  await page.goto(stage.url);
  await choose(page, 'Deutsch');
  await page.getByRole('button', {name: 'Beenden und Code verbergen'}).click();
  await reaches(page, 'none');
  await page.clock.fastForward(11000);
  await until('the page is in English again', async () => (await page.getAttribute('html', 'lang')) === 'en');
});

test('two sessions in a row share neither language nor what was unfolded', async () => {
  await stage.start();
  await stage.session();
  const page = await stage.page();
  await page.goto(stage.url + '?lang=de');
  await reaches(page, 'waiting');
  await page.locator('summary').last().click();
  assert.equal(await page.locator('details[open]').count(), 1);
  const next = await stage.session({uid: stage.ready.customers.several, iccid: '899990100000000424106'});
  assert.ok(next.id);
  await until('the page is in English again', async () => (await page.getAttribute('html', 'lang')) === 'en');
  assert.equal(await page.locator('details[open]').count(), 0);
});

test('a till does not take the code from under somebody\'s camera unless it says so', async () => {
  await stage.start();
  const first = await stage.session();
  const other = {uid: stage.ready.customers.several, iccid: '899990100000000424106', onBusy: 'refuse'};
  const refused = await stage.till('POST', '/v1/kiosk/sessions', other);
  assert.equal(refused.title, 'screen_busy');
  assert.equal((await stage.till('GET', '/v1/kiosk/sessions')).sessions[0].id, first.id);
  const replaced = await stage.till('POST', '/v1/kiosk/sessions', {...other, onBusy: 'replace'});
  assert.ok(replaced.onScreen);
});

test('before its time is over the page asks whether somebody needs more', async () => {
  await stage.start({ESIM_AGENT_KIOSK_MINUTES: '1'});
  const opened = await stage.session();
  const page = await stage.page();
  await page.goto(stage.url);
  await page.getByRole('button', {name: 'More time'}).waitFor();
  const moved = await page.evaluate(() => {
    const place = () => JSON.stringify(document.getElementById('code').getBoundingClientRect());
    const note = document.querySelector('main .more-time');
    const withNote = place();
    note.style.display = 'none';
    const without = place();
    note.style.display = '';
    return withNote !== without;
  });
  assert.ok(!moved, 'nobody\'s camera loses the QR');
  await checkAccess(page, 'more time');
  const left = async () => (await stage.till('GET', '/v1/kiosk/sessions')).sessions[0].secondsLeft;
  await until('time has passed', async () => (await left()) < 59);
  await page.getByRole('button', {name: 'More time'}).click();
  await until('there is more time', async () => (await left()) >= 59);
  assert.equal((await stage.till('GET', '/v1/kiosk/sessions')).sessions[0].id, opened.id);
});

test('without scripts the QR is there, the page renews itself, and its buttons work', async () => {
  await stage.start();
  await stage.session();
  const page = await stage.page({javaScriptEnabled: false});
  await page.goto(stage.url);
  assert.equal(await scan(page), code());
  assert.match(await page.content(), /http-equiv="refresh"/);
  await choose(page, 'Deutsch');
  assert.equal(await page.getAttribute('html', 'lang'), 'de');
  await page.getByRole('button', {name: 'Beenden und Code verbergen'}).click();
  await reaches(page, 'none');
});

test('a phone that looks at the page itself gets a button; other screens do not', async () => {
  await stage.start();
  const opened = await stage.session();
  const phones = {
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X)': 'https://esimsetup.apple.com/',
    'Mozilla/5.0 (Linux; Android 14; Pixel 8)': 'https://esimsetup.android.com/',
    'Mozilla/5.0 (iPhone; CPU iPhone OS 15_1 like Mac OS X)': null,
    'Mozilla/5.0 (Linux; Android 9; SM-G960F)': null,
    'Mozilla/5.0 (X11; Linux aarch64)': null,
  };
  for (const [userAgent, link] of Object.entries(phones)) {
    const page = await stage.page({userAgent, viewport: {width: 390, height: 844}});
    await page.goto(opened.url);
    const button = page.locator('a.button');
    assert.equal(await button.count(), link ? 1 : 0, userAgent);
    if (link)
      assert.equal(await button.getAttribute('href'),
        `${link}esim_qrcode_provisioning?carddata=${encodeURIComponent(code())}`);
    if (link) await checkAccess(page, userAgent);
    assert.deepEqual(page.elsewhere, []);
    await page.goto(stage.url);
    assert.equal(await button.count(), 0, 'the kiosk itself must not get it');
    await page.context().close();
  }
});

test('self-service shows the eSIM to who knows its ICCID, and to nobody after him', async () => {
  await stage.admin('POST', `/esims/${iccid}/RELEASED`);
  await stage.start({ESIM_AGENT_KIOSK_SELF_SERVICE: 'reference'});
  const page = await stage.page();
  const again = page.waitForResponse(answer => answer.request().resourceType() === 'fetch');
  await page.goto(stage.url);
  await again;  // the page takes itself anew once it listens
  await until('a scanner can type', () => page.evaluate(() => document.activeElement?.id === 'find'));
  await checkAccess(page, 'self-service');
  await photograph(page, 'self-service-landscape-en');
  await page.getByLabel('Order reference or ICCID').fill('89999010000000099999');
  await page.getByRole('button', {name: 'Show my eSIM'}).click();
  await page.getByText('We found no eSIM').waitFor();
  assert.equal(await page.getByLabel('Order reference or ICCID').inputValue(), '89999010000000099999');
  await checkAccess(page, 'not found');
  await page.getByLabel('Order reference or ICCID').fill(iccid);
  await page.getByRole('button', {name: 'Show my eSIM'}).click();
  await reaches(page, 'waiting');
  assert.equal(await scan(page), code());
  assert.equal(page.url(), stage.url, 'the history has one entry');
  await page.getByRole('button', {name: 'End and hide the code'}).click();
  await reaches(page, 'none');
  assert.equal(await scan(page), '');
  await sees(page, page.getByLabel('Order reference or ICCID'));
});

test('what one visitor typed is not left for the next', async () => {
  await stage.start({ESIM_AGENT_KIOSK_SELF_SERVICE: 'reference'});
  const page = await stage.page();
  await page.clock.install();
  await page.goto(stage.url);
  const field = page.getByLabel('Order reference or ICCID');
  await field.fill('89999010000000099999');
  await page.getByRole('button', {name: 'Show my eSIM'}).click();
  await page.getByText('We found no eSIM').waitFor();
  await page.clock.fastForward(61000);
  await until('the field is empty', async () => (await field.inputValue()) === '');
});

/// A form as a browser sends it; gives status and body.
function find(text, connections) {
  return new Promise((resolve, reject) => {
    const request = http.request(stage.url + 'find',
      {method: 'POST', agent: connections, headers: {'Content-Type': 'application/x-www-form-urlencoded'}}, answer => {
        let body = '';
        answer.on('data', part => { body += part; });
        answer.on('end', () => resolve({status: answer.statusCode, body}));
      });
    request.on('error', reject);
    request.end('q=' + encodeURIComponent(text));
  });
}

test('10,000 guesses get one kind of answer each, nearly all of them that it was too fast', async () => {
  await stage.start({ESIM_AGENT_KIOSK_SELF_SERVICE: 'email'});
  const guesses = ['x', 'someone@example.org', plain.replace(/1$/, '9'), '8999901000000000000', '7e0c4f52-11aa-4d0e-8d2f-5a3f9c0e0005'];
  const first = await Promise.all(guesses.map(async each => {
    const begin = Date.now();
    const answer = await find(each);
    return {...answer, time: Date.now() - begin};
  }));
  for (const each of first) {
    assert.equal(each.status, 404);
    assert.equal(each.body, first[0].body, 'what was wrong is not told');
    assert.ok(each.time >= 1490, `${each.time} ms tell something`);
  }
  const connections = new http.Agent({keepAlive: true, maxSockets: 20});
  const kinds = new Map();
  await Promise.all(Array.from({length: 10000}, async (_, i) => {
    const {status, body} = await find(`guess-${String(i).padStart(8, '0')}`, connections);
    kinds.set(status + body, (kinds.get(status + body) ?? 0) + 1);
  }));
  connections.destroy();
  const counts = [...kinds.entries()].sort((left, right) => right[1] - left[1]);
  assert.ok(counts[0][0].startsWith('429'));
  assert.ok(counts[0][1] >= 9995, `${counts[0][1]} were turned away`);
  assert.ok(counts.length <= 2);
});

test('forms from another page, names from another DNS and other methods are refused', async () => {
  await stage.start();
  await stage.session();
  const ask = (method, headers, target = 'end') => new Promise((resolve, reject) => {
    const request = http.request(stage.url + target, {method, headers}, answer => {
      answer.resume();
      resolve(answer.statusCode);
    });
    request.on('error', reject);
    request.end();
  });
  assert.equal(await ask('POST', {Origin: 'https://elsewhere.example'}), 403);
  assert.equal(await ask('POST', {'Sec-Fetch-Site': 'cross-site'}), 403);
  for (const name of ['rebound.example', '127.0.0.1.evil.example', '127.evil.example:80'])
    assert.equal(await ask('GET', {Host: name}, ''), 421, name);
  assert.equal(await ask('GET', {Host: 'localhost:1234'}, ''), 200);
  assert.equal(await ask('HEAD', {}, ''), 200);
  assert.equal(await ask('PUT', {}), 405);
  assert.equal(await ask('GET', {}, 'agent.xml'), 404);
  assert.equal(await ask('GET', {}, 's/0123/'), 404);
  assert.equal(await ask('GET', {}, `s/${'0'.repeat(32)}/`), 410);
  assert.equal((await stage.till('GET', '/v1/kiosk/sessions')).sessions.length, 1);
});

test('1,000 idle connections and 500 that dawdle keep nobody out, and cost little memory', async () => {
  await stage.start();
  await stage.session();
  const memory = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${stage.daemon.pid}/status`, 'utf8'))[1]);
  const before = memory();
  const connections = [];
  for (let i = 0; i < 1500; ++i) {
    const one = net.connect(stage.port, '127.0.0.1');
    one.on('error', () => {});
    if (i >= 1000) one.write('GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ');
    connections.push(one);
    if (i % 50 === 0) await new Promise(resolve => one.on('connect', resolve).on('close', resolve));
  }
  const answer = await fetch(stage.url);
  assert.equal(answer.status, 200);
  assert.match(await answer.text(), /<svg/);
  const grown = memory() - before;
  assert.ok(grown < 20000, `${grown} kB more`);
  for (const one of connections) one.destroy();
});

test('all that a browser loads is under 60 kB, in every language', async () => {
  await stage.start();
  await stage.session();
  let files = 0;
  for (const name of ['page.css', 'page.js']) files += (await (await fetch(stage.url + name)).text()).length;
  for (const language of languages) {
    const page = await (await fetch(`${stage.url}?lang=${language}`)).arrayBuffer();
    assert.ok(files + page.byteLength < 60000, `${language}: ${files + page.byteLength}`);
  }
});
