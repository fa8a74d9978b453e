// A customer's own page, which a link leads to, in a real Chromium that plays their phone.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {
  checkAccess, checkFits, iccid, languages, photograph, plain, reaches, scan, stageOfTests, until,
} from './stage.mjs';

const iphone = 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 '
  + '(KHTML, like Gecko) Version/17.4 Mobile/15E148 Safari/604.1';
const android = 'Mozilla/5.0 (Linux; Android 14; K) AppleWebKit/537.36 (KHTML, like Gecko) '
  + 'Chrome/120.0.0.0 Mobile Safari/537.36';
const phone = {viewport: {width: 390, height: 844}, deviceScaleFactor: 2, userAgent: iphone};

const stage = stageOfTests();

/// The daemon with its links, and the address of a link for the plain customer's eSIM.
async function give() {
  await stage.start({
    ESIM_AGENT_LINK_LISTEN: '127.0.0.1:0',
    ESIM_AGENT_LINK_URL: 'https://esim.example',
    ESIM_AGENT_LINK_TITLE: 'Airport eSIM',
    ESIM_AGENT_LINK_SUPPORT: '+49 30 1234567',
  });
  await stage.admin('POST', `/esims/${iccid}/RELEASED`);
  await stage.admin('POST', '/orders/K7QX9-2F4M1', '{"state":"released"}');
  const made = await stage.till('POST', '/v1/links', {customerUid: plain});
  assert.equal(made.status, 201);
  assert.match(made.url, /^https:\/\/esim\.example\/i\/[0-9A-F]{32}$/);
  return stage.links + new URL(made.url).pathname;
}

test('a link leads a phone from its button to what is left', async () => {
  const url = await give();
  const page = await stage.page(phone);
  await page.goto(url);
  await reaches(page, 'waiting');
  const button = page.getByRole('link', {name: 'Install on this iPhone'});
  const box = await button.boundingBox();
  assert.ok(box.y + box.height < 844 / 2, 'the button is seen first');
  assert.match(await button.getAttribute('href'), /^https:\/\/esimsetup\.apple\.com\//);
  assert.equal(await scan(page), '', 'the QR is folded away');
  await photograph(page, 'link-phone-en');
  await page.getByText('Another phone?').click();
  await page.locator('#code').scrollIntoViewIfNeeded();
  const code = await scan(page);
  assert.equal(code, `LPA:1$${stage.ready.smdp}$K7QX9-2F4M1`);
  await stage.phone(code);
  // It looks every 6 s, and Gigastore's last word counts for 7.
  await reaches(page, 'installed', 40000);
  const text = await page.locator('main').innerText();
  for (const words of ['3.41 GB', 'eSIM Worldwide 3 GB', 'Installed', '+49 30 1234567'])
    assert.ok(text.includes(words), words);
  assert.ok(!(await page.content()).includes('K7QX9'), 'the code is gone from the page');
  await until('a screen reader is told', async () =>
    (await page.locator('#live').innerText()) === 'Data left');
  await photograph(page, 'link-phone-installed-en');
  assert.deepEqual(page.elsewhere, []);
  assert.deepEqual(page.errors, []);
});

test('it is accessible on a small phone in every language, before and after', async () => {
  const url = await give();
  const look = async state => {
    for (const language of languages) {
      const page = await stage.page({viewport: {width: 360, height: 640}, locale: language,
        userAgent: android, colorScheme: language === 'ar' ? 'dark' : 'light'});
      await page.goto(url);
      await reaches(page, state);
      assert.equal(await page.getAttribute('html', 'lang'), language);
      // What axe looks at is the same in all languages of one direction.
      const check = ['en', 'ar'].includes(language) ? checkAccess : checkFits;
      await check(page, `${language} ${state}`);
      if (['de', 'ar', 'ja'].includes(language)) await photograph(page, `link-${state}-${language}`);
      await page.context().close();
    }
  };
  await look('waiting');
  await stage.admin('POST', `/esims/${iccid}/INSTALLED`);
  await until('Gigastore is asked again', async () =>
    (await (await fetch(url)).text()).includes('data-state="installed"'), 40000);
  await look('installed');
});

test('on a desktop the code is there to be scanned, also without scripts', async () => {
  const url = await give();
  for (const javaScriptEnabled of [true, false]) {
    const page = await stage.page({javaScriptEnabled});
    await page.goto(url);
    assert.match(await scan(page), /K7QX9-2F4M1$/);
    if (javaScriptEnabled) await checkAccess(page, 'desktop');
    await page.context().close();
  }
});

test('what a phone loads is small', async () => {
  const url = await give();
  const page = await stage.page(phone);
  const bodies = [];
  page.on('response', answer => bodies.push(answer.body()));
  await page.goto(url, {waitUntil: 'networkidle'});
  assert.ok(bodies.length >= 4, 'page, style and two scripts');
  const octets = (await Promise.all(bodies)).reduce((sum, body) => sum + body.length, 0);
  assert.ok(octets <= 60_000, `${octets} octets`);
});

test("the kiosk's page gives the link to the customer's phone once the eSIM is installed", async () => {
  await give();
  const opened = await stage.session();
  const page = await stage.page();
  await page.goto(stage.url);
  await reaches(page, 'waiting');
  await stage.admin('POST', `/esims/${iccid}/INSTALLED`);
  await reaches(page, 'installed');
  await photograph(page, 'installed-link-en');
  const link = await scan(page);
  assert.equal(link, opened.link);
  await checkAccess(page, 'kiosk with link');
  const own = await stage.page(phone);
  await own.goto(stage.links + new URL(link).pathname);
  await reaches(own, 'installed');
});
