import type { Wire } from '../emulator.ts';
import { Room } from '../room.ts';
import { type FileSystem, FsError } from '../shell/fs.ts';
import { filesOf, hooksOf } from '../shell/index.ts';
import { Shell } from '../shell/run.ts';
import { commandsOf, type Packages } from './commands.ts';
import { deviceOf } from './device.ts';

export interface Box {
  fs: FileSystem;
  shell(): Shell;
}

/** The attacker's box: its files and a shell of root on it. */
export function boxOf(wire: Wire): Box {
  const device = deviceOf(wire.persona);
  let room = wire.memory.get('adb') as Room | undefined;
  if (!room) {
    room = new Room(wire.memory);
    wire.memory.set('adb', room);
  }
  let packages = room.get('packages') as Packages | undefined;
  if (!packages) {
    packages = { installed: new Set(), asked: '' };
    room.set('packages', packages);
  }
  const hooks = hooksOf(wire, { persona: device.persona });
  const fresh = !room.has('files');
  const fs = filesOf(hooks, room);
  if (fresh)
    for (const path of [
      '/data',
      '/data/app',
      '/data/local',
      '/data/local/tmp',
      '/sdcard',
      '/sdcard/Download',
      '/system',
      '/system/bin',
      '/system/app',
    ])
      attempt(() => fs.mkdir(path, 0o771));
  const commands = commandsOf(device, packages);
  return {
    fs,
    shell: () =>
      new Shell({
        fs,
        hooks,
        commands,
        name: '/system/bin/sh',
        cwd: '/',
        variables: [
          ['HOME', '/'],
          ['PATH', '/sbin:/vendor/bin:/system/sbin:/system/bin:/system/xbin:/usr/bin:/usr/sbin:/bin'],
          ['ANDROID_ROOT', '/system'],
          ['ANDROID_DATA', '/data'],
          ['USER', 'root'],
          ['TERM', 'dumb'],
        ],
      }),
  };
}

function attempt(act: () => void): void {
  try {
    act();
  } catch (error) {
    if (!(error instanceof FsError)) throw error;
  }
}
