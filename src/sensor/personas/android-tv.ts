import { deviceTraits } from '../adb/device.ts';
import { accounts } from './accounts.ts';
import { day, defineKind, epoch } from './kind.ts';

/** Television box with Android 7.1.2 whose debug port was never closed (`adb/boards.ts` has the boards). */
export const androidTv = defineKind({
  name: 'android-tv',
  summary: 'Android television box with its debug port open',
  services: [{ emulator: 'adb' }],

  create({ token, number, pick }) {
    const bootedAt = epoch - (number('boot') % (40 * day));
    const builtAt = Date.UTC(2019, 2, 1) + (number('build') % (700 * day));
    const { board, serial, ...traits } = deviceTraits(token, builtAt);
    return {
      ...traits,
      system: { id: 'firmware', name: 'Android', version: board.release, codename: board.build },
      ssh: '',
      bootedAt,
      mac: `${pick('oui', ['b0:02:47', 'a8:e3:ee', '44:2c:05'])}:${token('mac', 6).match(/../g)!.join(':')}`,
      product: { vendor: board.maker, model: board.model, firmware: board.build, serial },
      address: `192.168.${pick('net', [0, 1, 8, 31])}.${20 + (number('host') % 200)}`,
      admin: 'shell',
      users: accounts(`root:0:0:root:/:/system/bin/sh
system:1000:1000:system:/:/system/bin/sh
shell:2000:2000:shell:/:/system/bin/sh
media:1013:1013:media:/:/system/bin/sh
nobody:9999:9999:nobody:/:/system/bin/sh`),
      daemons: [
        { user: 'root', sizeKb: 1_908, command: '/sbin/ueventd' },
        {
          user: 'root',
          sizeKb: 1_344,
          command: '/sbin/adbd --root_seclabel=u:r:su:s0',
          listens: ['tcp/5555'],
        },
        { user: 'system', sizeKb: 8_216, command: '/system/bin/surfaceflinger' },
        { user: 'media', sizeKb: 14_408, command: '/system/bin/mediaserver' },
        { user: 'root', sizeKb: 42_716, command: 'zygote' },
        { user: 'system', sizeKb: 118_204, command: 'system_server' },
      ],
      disk: {
        device: '/dev/block/data',
        fileSystem: 'ext4',
        sizeKb: pick('flash', [4_687_104, 12_046_336]),
        usedShare: 0.2 + (number('used') % 40) / 100,
      },
      owner: '',
      domain: 'lan',
      web: { server: '', family: 'nginx', site: '', title: '', modifiedAt: builtAt, php: '', lures: [] },
      certificate: {
        subject: { name: traits.hostname },
        names: [],
        from: Math.floor(builtAt / 1_000) * 1_000,
        termMs: 20 * 365 * day,
        renewed: false,
        authority: false,
      },
    };
  },
});
