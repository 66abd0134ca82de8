import { expect, it } from 'vitest';
import { ssh } from '../emulators/ssh.ts';
import { meet } from '../play.ts';

const options = { product: 'openssh-9.2p1-debian12', startups: false };

it('says nothing but its own name to who says nothing', async () => {
  const talk = meet(ssh, { options });
  expect(await talk.say('')).toBe('SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u10\r\n');
  expect(await talk.leave()).toBe('');
  expect(talk.faults).toEqual([]);
});

it('finds the end of the ident wherever the bytes are cut', async () => {
  const whole = 'SSH-2.0-cut\r\n';
  for (let at = 1; at < whole.length; at++) {
    const talk = meet(ssh, { options });
    await talk.say(whole.slice(0, at));
    await talk.say(whole.slice(at));
    await talk.leave();
    const told = talk.events.find(({ kind }) => kind === 'fingerprint');
    expect(told).toMatchObject({ method: 'ssh-version', value: 'SSH-2.0-cut' });
  }
});

it('refuses by chance, then always, who opens many connections without logging in', async () => {
  const first = meet(ssh, { options: { product: options.product } });
  await first.say('');
  const talks = [first];
  const heard: string[] = [];
  for (let i = 0; i < 150; i++) {
    const talk = meet(ssh, { options: { product: options.product }, memory: first.memory });
    heard.push(await talk.say(''));
    talks.push(talk);
  }
  const refused = heard.filter((text) => text === 'Exceeded MaxStartups\r\n');
  expect(heard.slice(0, 9).every((text) => text.startsWith('SSH-2.0-'))).toBe(true);
  expect(refused.length).toBeGreaterThan(10);
  for (const talk of talks) await talk.leave();
  const after = meet(ssh, { options: { product: options.product }, memory: first.memory });
  expect(await after.say('')).toMatch(/^SSH-2\.0-/);
  await after.leave();
});
