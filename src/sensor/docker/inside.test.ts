import { describe, expect, it } from 'vitest';
import { docker } from '../emulators/docker.ts';
import { Memory } from '../memory.ts';
import { bodyOf, meet } from '../play.ts';

const request = (method: string, target: string, body?: unknown, more = '') => {
  const text = body === undefined ? '' : JSON.stringify(body);
  const type = text ? 'Content-Type: application/json\r\n' : '';
  return `${method} ${target} HTTP/1.1\r\nHost: h\r\n${type}${more}Content-Length: ${text.length}\r\n\r\n${text}`;
};

/** One attacker of one machine: containers of any image, what they print, and a terminal in them. */
function attacker(kind = 'docker-host') {
  const memory = new Memory();
  const once = async (text: string) => {
    const talk = meet(docker, { memory, kind });
    const said = await talk.say(text);
    return { said: said + (await talk.leave()), events: talk.events.map(bodyOf), faults: talk.faults };
  };
  const create = async (image: string, Cmd: string[], more: Record<string, unknown> = {}) => {
    await once(request('POST', `/images/create?fromImage=${image}`));
    const { said } = await once(request('POST', '/containers/create', { Image: image, Cmd, ...more }));
    return /"Id":"([0-9a-f]{64})"/.exec(said)![1]!;
  };
  return {
    memory,
    once,
    create,
    /** What a command in a new container of an image prints, as `docker logs` shows it. */
    async printed(image: string, script: string, host: Record<string, unknown> = {}) {
      const id = await create(image, ['sh', '-c', script], { HostConfig: host });
      await once(request('POST', `/containers/${id}/start`));
      const { said } = await once(request('GET', `/containers/${id}/logs?stdout=1&stderr=1`));
      const body = said.slice(said.indexOf('\r\n\r\n') + 4);
      return { id, text: plain(body) };
    },
    /** `docker run -it`: what is typed after the start, and what comes back. */
    async typed(image: string, command: string[], lines: string[], host: Record<string, unknown> = {}) {
      const id = await create(image, command, { Tty: true, OpenStdin: true, HostConfig: host });
      const attached = meet(docker, { memory, kind });
      await attached.say(
        request(
          'POST',
          `/containers/${id}/attach?stream=1&stdin=1&stdout=1`,
          undefined,
          'Connection: Upgrade\r\nUpgrade: tcp\r\n',
        ),
      );
      await once(request('POST', `/containers/${id}/start`));
      let text = '';
      for (const line of lines) text += await attached.say(`${line}\r`);
      text += await attached.leave();
      return { id, text, events: attached.events.map(bodyOf) };
    },
  };
}

/** The frames of a stream, or of its chunks, without their heads. */
function plain(body: string): string {
  const unchunked = body.replace(/(?:^|\r\n)[0-9a-f]+\r\n/g, '');
  return unchunked.replace(/[\x01\x02]\0\0\0[\s\S]{4}/g, '').replace(/\r\n0?\r?\n?$/, '');
}

describe('a container', () => {
  it.each([
    ['alpine', 'cat /etc/alpine-release', /^3\.20\.3\n/],
    [
      'alpine:3.22',
      'cat /etc/os-release; busybox | head -1',
      /VERSION_ID=3\.22\.1\n[\s\S]*BusyBox v1\.37\.0 \(2025-05-26 20:04:45 UTC\)/,
    ],
    [
      'alpine',
      'bash; apt-get; cat /etc/debian_version',
      /^sh: bash: not found\nsh: apt-get: not found\ncat: can't open/,
    ],
    ['alpine', 'ls /lib/ld-musl*', /^\/lib\/ld-musl-x86_64\.so\.1\n/],
    ['alpine', 'id; uname -o', /^uid=0\(root\) gid=0\(root\) groups=0\(root\),1\(bin\).*\nLinux\n/],
    ['alpine', 'apk add --no-cache curl >/dev/null; which curl', /^\/usr\/bin\/curl\n/],
    [
      'alpine',
      'apk add curl=8.1 >/dev/null; apk add constructor 2>&1 | tail -2',
      /^ {2}constructor \(no such package\):\n {4}required by: world\[constructor\]/,
    ],
    ['constructor', 'echo $0', /^sh\n/],
    ['debian:12', 'cat /etc/os-release', /^PRETTY_NAME="Debian GNU\/Linux 12 \(bookworm\)"\n/],
    ['debian', 'curl; which dpkg bash', /^sh: 1: curl: not found\n\/usr\/bin\/dpkg\n\/usr\/bin\/bash\n/],
    ['ubuntu:22.04', 'cat /etc/lsb-release', /^DISTRIB_ID=Ubuntu\nDISTRIB_RELEASE=22\.04\n/],
    ['busybox', 'uname -o; ls /etc/os-release', /^GNU\/Linux\nls: \/etc\/os-release: No such file/],
    [
      'redis',
      'which redis-server redis-cli; . /etc/os-release; echo $ID',
      /^\/usr\/local\/bin\/redis-server\n\/usr\/local\/bin\/redis-cli\ndebian\n/,
    ],
    ['python:3-alpine', 'which python3; cat /etc/alpine-release', /^\/usr\/local\/bin\/python3\n3\.20/],
  ])('of %s answers %s as its image does', async (image, script, answer) => {
    expect((await attacker().printed(image, script)).text).toMatch(answer);
  });

  it('has its own name, hosts, first process and nothing of the machine', async () => {
    const { id, text } = await attacker().printed(
      'alpine',
      'hostname; tail -1 /etc/hosts; ls /.dockerenv; cat /proc/1/cmdline; ls /etc/systemd /home; head -1 /proc/mounts; ps',
    );
    const short = id.slice(0, 12);
    expect(text).toContain(`${short}\n172.17.0.2\t${short}\n/.dockerenv\nsh\0-c\0hostname`);
    expect(text).toContain('ls: /etc/systemd: No such file or directory');
    expect(text).toMatch(/\noverlay \/ overlay rw,relatime,lowerdir=\/var\/lib\/docker\/overlay2\/l\//);
    expect(text).toMatch(
      /PID {3}USER {5}TIME {2}COMMAND\n {4}1 root {6}0:00 sh -c hostname.*\n {4}7 root {6}0:00 ps\n/,
    );
    expect(text).not.toMatch(/systemd-journald|dockerd/);
  });

  it('shows few processes also where the tools are those of GNU', async () => {
    const { text } = await attacker().printed('ubuntu:22.04', 'ps aux | wc -l; ps -e -o pid,comm');
    expect(text).toMatch(/^[34]\n/);
    expect(text).not.toContain('systemd');
  });

  it('gives the machine to who binds its root, and keeps what was written there', async () => {
    const one = attacker();
    const { text } = await one.printed(
      'alpine',
      'cat /mnt/etc/hostname; echo "* * * * * root sh -c x" >> /mnt/etc/crontab; chroot /mnt sh -c "hostname; cat /etc/os-release; tail -1 /etc/crontab; which apt-get"',
      { Binds: ['/:/mnt'] },
    );
    expect(text).toMatch(/NAME="Ubuntu"[\s\S]*\n\* \* \* \* \* root sh -c x\n\/usr\/bin\/apt-get\n/);
    const again = await one.printed('debian', 'tail -1 /host/etc/crontab; ls /mnt; cat /etc/crontab', {
      Binds: ['/:/host:ro'],
    });
    expect(again.text).toMatch(/^\* \* \* \* \* root sh -c x\ncat: \/etc\/crontab: No such file/);
    const refused = await one.printed(
      'debian',
      'echo x > /host/etc/passwd; rm -rf /host; mkdir /host/proc/x',
      {
        Binds: ['/:/host:ro'],
      },
    );
    expect(refused.text).toContain('Read-only file system');
    const other = await attacker().printed('alpine', 'tail -1 /mnt/etc/crontab', { Binds: ['/:/mnt'] });
    expect(other.text).not.toContain('root sh -c x');
  });

  it('has a terminal whose words are in the log, and lets out into the machine', async () => {
    const one = attacker();
    const { id, text, events } = await one.typed(
      'alpine',
      ['sh'],
      ['', 'cat /etc/alpine-release', 'chroot /host bash', 'cat /etc/os-release', 'exit', 'pwd', 'exit'],
      { Binds: ['/:/host'] },
    );
    expect(text).toContain('/ # cat /etc/alpine-release\r\n3.20.3\r\n');
    expect(text).toContain('NAME="Ubuntu"');
    expect(text).toMatch(/exit\r\n\/ # pwd\r\n\/\r\n/);
    expect(events).toContainEqual(expect.objectContaining({ kind: 'command', input: 'cat /etc/os-release' }));
    const { said } = await one.once(request('GET', `/containers/${id}/logs?stdout=1`));
    expect(said).toContain('3.20.3');
    const nsenter = await one.typed(
      'debian',
      ['nsenter', '-t', '1', '-m', '-u', 'sh'],
      ['hostname', 'exit'],
      {
        Privileged: true,
        PidMode: 'host',
      },
    );
    expect(nsenter.text).not.toContain(nsenter.id.slice(0, 12));
  });

  it.each([
    [['cat', '/etc/alpine-release'], 'exited'],
    [['tail', '-1', '/etc/hosts'], 'exited'],
    [['sleep', '2'], 'exited'],
    [['cat'], 'running'],
    [['tail', '-f', '/dev/null'], 'running'],
    [['sleep', '1d'], 'running'],
  ])('with %j is then %s', async (command, state) => {
    const one = attacker();
    const id = await one.create('alpine', command);
    await one.once(request('POST', `/containers/${id}/start`));
    const { said } = await one.once(request('GET', `/containers/${id}/json`));
    expect(said).toContain(`"State":{"Status":"${state}"`);
  });

  it('runs on beside what is asked of it, and finds no program that its image lacks', async () => {
    const one = attacker();
    const id = await one.create('alpine', ['sleep', '1000']);
    await one.once(request('POST', `/containers/${id}/start`));
    const exec = async (Cmd: string[]) => {
      const made = await one.once(request('POST', `/containers/${id}/exec`, { AttachStdout: true, Cmd }));
      const { said } = await one.once(
        request('POST', `/exec/${/"Id":"([0-9a-f]{64})"/.exec(made.said)![1]}/start`, {}),
      );
      return said.slice(said.indexOf('\r\n\r\n') + 4);
    };
    expect(await exec(['ps'])).toMatch(/ 1 root {6}0:00 sleep 1000\n/);
    expect(await exec(['bash'])).toContain('exec: "bash": executable file not found in $PATH');
    await exec(['sh', '-c', 'echo kept > /tmp/x']);
    expect(await exec(['cat', '/tmp/x'])).toContain('kept\n');
  });

  it('costs its attacker what it holds, and gives it back', async () => {
    const one = attacker();
    await one.once(request('GET', '/_ping'));
    const before = one.memory.used;
    const id = await one.create('alpine', ['sh', '-c', 'head -c 50000 /dev/zero > /tmp/x'], {});
    await one.once(request('POST', `/containers/${id}/start`));
    expect(one.memory.used).toBeGreaterThan(before + 2_000);
    await one.once(request('DELETE', `/containers/${id}?force=1`));
    await one.once(request('DELETE', '/images/alpine'));
    expect(one.memory.used).toBeLessThan(before + 2_000);
  });
});
