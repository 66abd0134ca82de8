import type { Memory } from '../memory.ts';
import type { FileSystem } from './fs.ts';
import type { Hooks } from './hooks.ts';
import { loads, memory, upSeconds } from './machine.ts';

/** A time as login(1) and sshd write it: `Mon Jun  1 12:00:00 2026`. */
function loginDate(ms: number): string {
  return new Date(ms)
    .toUTCString()
    .replace(
      /^(...), (..) (...) (....) (.*) GMT$/,
      (_, weekday, day, month, year, time) =>
        `${weekday} ${month} ${String(Number(day)).padStart(2)} ${time} ${year}`,
    );
}

/** What a login shows before the first prompt: the message of the day and when one was last here. */
export function loginGreeting(hooks: Hooks, fs: FileSystem, attacker: Memory): string {
  const { persona } = hooks;
  const { system, kernel, hostname, arch } = persona;
  const last = attacker.get('last login') as string | undefined;
  attacker.set('last login', `${loginDate(hooks.now())} from ${hooks.src.ip}`);
  const seen =
    last ??
    `${loginDate(persona.bootedAt + 7 * 86_400_000 + 4_271_000)} from ${persona.address.replace(/\d+$/, '5')}`;
  const motd = fs.exists('/etc/motd') ? fs.read('/etc/motd').toString('latin1', 0, 8_192) : '';
  if (system.id === 'debian')
    return `Linux ${hostname} ${kernel.release} ${kernel.version} ${arch.name}\n${motd}Last login: ${seen}\n`;
  const m = memory(persona, hooks.now());
  const share = Math.round((100 * m.used) / m.total);
  return `Welcome to Ubuntu ${system.version} LTS (GNU/Linux ${kernel.release} ${arch.name})\n\n * Documentation:  https://help.ubuntu.com\n * Management:     https://landscape.canonical.com\n * Support:        https://ubuntu.com/pro\n\n System information as of ${loginDate(hooks.now()).replace(/ (\d+)$/, ' UTC $1')}\n\n  System load:  ${loads(hooks.now())[0].toFixed(2)}               Processes:             ${110 + persona.daemons.length}\n  Usage of /:   ${(persona.disk.usedShare * 100).toFixed(1)}%              Users logged in:       0\n  Memory usage: ${share}%                IPv4 address for eth0: ${persona.address}\n  Swap usage:   0%\n\n0 updates can be applied immediately.\n\n${upSeconds(persona.bootedAt, hooks.now()) > 86_400 * 30 ? '*** System restart required ***\n' : ''}${motd}Last login: ${seen}\n`;
}
