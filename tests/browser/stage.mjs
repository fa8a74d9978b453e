// A sandbox, a daemon with a kiosk against it, and a real Chromium: what the browser tests play on.
import assert from 'node:assert/strict';
import {spawn, execFile} from 'node:child_process';
import {once} from 'node:events';
import {mkdtempSync, rmSync, writeFileSync, readFileSync} from 'node:fs';
import http from 'node:http';
import {createRequire} from 'node:module';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {after, afterEach, before} from 'node:test';
import {createInterface} from 'node:readline';
import {promisify} from 'node:util';

export const [agent, sandbox] = process.env.KIOSK_PROGRAMS.split(':');
const require = createRequire(path.join(import.meta.dirname ?? new URL('.', import.meta.url).pathname,
  '../../build/browser/'));
const {chromium} = require('playwright-core');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
export const run = promisify(execFile);

export const languages = ['en', 'de', 'fr', 'es', 'it', 'pt', 'pt-BR', 'tr', 'ru', 'ar', 'hi', 'zh', 'zh-Hant',
  'ja', 'ko'];
export const plain = '7e0c4f52-11aa-4d0e-8d2f-5a3f9c0e0001';
export const iccid = '89999010000000042007';

/// Asks until `is` gives something true; fails with what was waited for.
export async function until(what, is, limit = 15000) {
  const end = Date.now() + limit;
  for (;;) {
    const value = await is();
    if (value) return value;
    if (Date.now() > end) throw new Error(`never: ${what}`);
    await new Promise(resolve => setTimeout(resolve, 30));
  }
}

class Stage {
  async open() {
    this.directory = mkdtempSync(path.join(tmpdir(), 'esim-agent-test.browser'));
    this.sandbox = spawn(sandbox, ['--state', this.directory], {stdio: ['ignore', 'pipe', 'inherit']});
    const [line] = await once(createInterface(this.sandbox.stdout), 'line');
    this.ready = JSON.parse(line);
    this.browser = await chromium.launch({executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-dev-shm-usage']});
  }

  /// The daemon; `more` is added to its environment. Takes the port it had before, if it had one.
  async start(more = {}) {
    const kiosk = {
      ESIM_AGENT_KIOSK_LISTEN: `127.0.0.1:${this.port ?? 0}`,
      ESIM_AGENT_KIOSK_TITLE: 'Airport eSIM',
      ESIM_AGENT_KIOSK_POLL: '1',
      ESIM_AGENT_MODEM_CHANNEL: '',
      ESIM_AGENT_MODEM_DEVICE: '',
    };
    this.daemon = spawn(agent, ['--config', this.ready.config, 'run'],
      {env: {...process.env, ...kiosk, ...more}, stdio: ['ignore', 'ignore', 'pipe']});
    const lines = createInterface(this.daemon.stderr);
    this.log = '';
    const isRunning = new Promise((resolve, reject) => {
      lines.on('line', text => {
        this.log += text + '\n';
        const page = /page is at (http\S+)/.exec(text);
        if (page) this.url = page[1];
        const links = /links are served on port (\d+)/.exec(text);
        if (links) this.links = `http://127.0.0.1:${links[1]}`;
        if (text.endsWith(' running')) resolve();
      });
      lines.on('close', () => reject(new Error(this.log)));
    });
    await isRunning;
    this.port = new URL(this.url).port;
  }

  async stop(signal = 'SIGTERM') {
    if (this.daemon.exitCode !== null || this.daemon.signalCode !== null) return;
    this.daemon.kill(signal);
    await once(this.daemon, 'exit');
  }

  async close() {
    await this.browser.close();
    await this.stop();
    this.sandbox.kill();
    await once(this.sandbox, 'exit');
    rmSync(this.directory, {recursive: true});
  }

  /// The local API, as a shop's till asks it.
  till(method, target, body) {
    return new Promise((resolve, reject) => {
      const request = http.request(
        {socketPath: path.join(this.directory, 'control.sock'), method, path: target}, answer => {
          let text = '';
          answer.on('data', part => { text += part; });
          answer.on('end', () => resolve({status: answer.statusCode, ...JSON.parse(text)}));
        });
      request.on('error', reject);
      request.end(body ? JSON.stringify(body) : undefined);
    });
  }

  admin(method, target, body) {
    return fetch(this.ready.admin + target, {method, body});
  }

  async session(more = {}) {
    await this.admin('POST', `/esims/${iccid}/RELEASED`);
    const opened = await this.till('POST', '/v1/kiosk/sessions', {uid: plain, onBusy: 'replace', ...more});
    if (opened.status !== 201) throw new Error(JSON.stringify(opened));
    return opened;
  }

  /// A page in a window of its own, which fails the test if it asks anybody else for anything.
  async page(options = {}) {
    const context = await this.browser.newContext({viewport: {width: 1280, height: 800}, locale: 'en', ...options});
    const page = await context.newPage();
    page.elsewhere = [];
    page.errors = [];
    page.on('request', request => {
      const url = request.url();
      const isOurs = url.startsWith(this.url) || (this.links && url.startsWith(this.links));
      if (!isOurs && !url.startsWith('data:')) page.elsewhere.push(url);
    });
    page.on('pageerror', error => page.errors.push(String(error)));
    page.on('console', message => { if (message.type() === 'error') page.errors.push(message.text()); });
    return page;
  }

  /// The person's phone takes what is in a QR.
  async phone(code) {
    const file = path.join(this.directory, 'scanned');
    writeFileSync(file, code, {mode: 0o600});
    return run(sandbox, ['phone', '--state', this.directory, file]);
  }
}

/// The stage of a file's tests: opened before the first, cleared after each, closed after the last.
export function stageOfTests() {
  const stage = new Stage();
  before(() => stage.open());
  after(() => stage.close());
  afterEach(async () => {
    for (const context of stage.browser.contexts()) await context.close();
    await stage.stop();
    delete stage.port;
  });
  return stage;
}

/// What a scanner reads on a screen; empty if there is no QR.
export async function scan(page) {
  const picture = path.join(tmpdir(), `esim-agent-test.${process.pid}.png`);
  await page.screenshot({path: picture});
  try {
    const {stdout} = await run('zbarimg', ['--quiet', '--raw', '-Sdisable', '-Sqrcode.enable', picture]);
    return stdout.trim();
  } catch {
    return '';
  } finally {
    rmSync(picture);
  }
}

export const stateOf = page => page.locator('#main').getAttribute('data-state');
export const reaches = (page, state, limit) =>
  until(`the page shows '${state}'`, async () => (await stateOf(page)) === state, limit);

/// Until that is to be seen; what is there instead is in the failure.
export async function sees(page, locator) {
  try {
    await locator.waitFor();
  } catch (why) {
    const there = await page.evaluate(() => location.href + ' ' + document.getElementById('main').outerHTML);
    throw new Error(why.message + '\nThere is: ' + there, {cause: why});
  }
}

/// Chooses a language by the globe.
export async function choose(page, language) {
  await page.locator('.globe').click();
  await page.locator('#languages').getByText(language, {exact: true}).click();
}

/// A picture of a state, where they are wanted.
export async function photograph(page, name) {
  if (!process.env.KIOSK_SCREENS) return;
  await page.screenshot({path: path.join(process.env.KIOSK_SCREENS, name + '.png')});
}

/// Fails for what axe finds, and as checkFits() does.
export async function checkAccess(page, where) {
  await page.evaluate(axe);
  const found = await page.evaluate(() => globalThis.axe.run(document,
    {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}));
  assert.deepEqual(found.violations.map(each => [each.id, each.nodes.map(node => node.html)]), [], where);
  await checkFits(page, where);
}

/// Fails for what sticks out, and what is too small to be tapped.
export async function checkFits(page, where) {
  const width = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(width <= 0, `${where}: ${width} px stick out`);
  const small = await page.evaluate(() => [...document.querySelectorAll('a, button, summary, input')]
    .filter(each => each.checkVisibility())
    .map(each => [each.textContent, each.getBoundingClientRect()])
    .filter(([, box]) => box.height < 44 || box.width < 44)
    .map(([text, box]) => `${text} ${box.width}x${box.height}`));
  assert.deepEqual(small, [], `${where}: targets under 44 px`);
}
