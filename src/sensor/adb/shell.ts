import type { Wire } from '../emulator.ts';
import { Memory } from '../memory.ts';
import { type FileSystem, FsError } from '../shell/fs.ts';
import { filesOf, type Hooks } from '../shell/index.ts';
import { Shell } from '../shell/run.ts';
import { commandsOf, type Packages } from './commands.ts';
import { deviceOf } from './device.ts';

/** The part of an attacker's memory that belongs to the box: its files are not those of the other services. */
class Room extends Memory {
  readonly #whole: Memory;
  constructor(whole: Memory) {
    super();
    this.#whole = whole;
  }
  override take(bytes: number): boolean {
    return this.#whole.take(bytes);
  }
  override give(bytes: number): void {
    this.#whole.give(bytes);
  }
}

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
  const hooks: Hooks = {
    persona: device.persona,
    src: wire.src,
    dst: wire.dst,
    emit: (body) => wire.emit(body),
    keep: (bytes) => wire.keep(bytes),
    write: () => {},
    readLine: async () => null,
    pause: (ms) => wire.pause(ms),
    now: () => wire.now(),
    random: () => wire.random(),
  };
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
