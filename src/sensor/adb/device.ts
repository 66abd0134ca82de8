import type { Persona } from '../persona.ts';
import { type Board, boards } from './boards.ts';

/** The Android box that a sensor shows on its debug port. */
export interface Device {
  board: Board;
  persona: Persona;
  properties: ReadonlyMap<string, string>;
  /** What it says of itself when a client connects. */
  banner: string;
}

const made = new WeakMap<Persona, Device>();

/** The box of a persona: always the same for the same sensor. */
export function deviceOf(persona: Persona): Device {
  let device = made.get(persona);
  if (!device) {
    device = make(persona);
    made.set(persona, device);
  }
  return device;
}

/** What the board of a box gives it, from its seed; `builtAt` is when its firmware was made. */
export function deviceTraits(token: Persona['token'], builtAt: number) {
  const board = boards[Number.parseInt(token('adb-board', 6), 16) % boards.length]!;
  const built = builtOn(token, builtAt);
  return {
    board,
    serial: token('adb-serial', 16),
    hostname: 'localhost',
    arch: board.abi === 'arm64-v8a' ? aarch64 : armv7,
    kernel: {
      release: board.kernel,
      version: `#1 SMP PREEMPT ${built.toUTCString().slice(0, 11)} ${built.toISOString().slice(0, 4)}`,
    },
    cpu: { model: board.cpu, count: 4, bogoMips: 48 },
    memoryKb: board.memoryKb - (Number.parseInt(token('adb-memory', 4), 16) % 30_000),
  };
}

const aarch64: Persona['arch'] = { name: 'aarch64', elfMachine: 183, elfClass: 64, littleEndian: true };
const armv7: Persona['arch'] = { name: 'armv7l', elfMachine: 40, elfClass: 32, littleEndian: true };

const builtOn = (token: Persona['token'], builtAt: number) =>
  new Date(builtAt - Number.parseInt(token('adb-built', 4), 16) * 600_000);

function make(persona: Persona): Device {
  const { board, serial, ...traits } = deviceTraits(persona.token, persona.web.modifiedAt);
  const user = ['eng.ubuntu', 'eng.root', 'android', 'build'][
    Number.parseInt(persona.token('adb-user', 2), 16) % 4
  ]!;
  const built = builtOn(persona.token, persona.web.modifiedAt);
  const stamp = built.toISOString().slice(0, 10).replaceAll('-', '');
  const fingerprint = `${board.brand}/${board.device}/${board.device}:${board.release}/${board.build}/${stamp}:userdebug/test-keys`;
  const properties = new Map(
    Object.entries({
      'dalvik.vm.heapsize': '256m',
      'gsm.version.ril-impl': '',
      'init.svc.adbd': 'running',
      'net.bt.name': 'Android',
      'net.hostname': `android-${serial}`,
      'persist.sys.timezone': 'Asia/Shanghai',
      'ro.adb.secure': '0',
      'ro.board.platform': board.platform,
      'ro.boot.hardware': board.hardware,
      'ro.build.date': built.toUTCString(),
      'ro.build.description': `${board.device}-userdebug ${board.release} ${board.build} ${stamp} test-keys`,
      'ro.build.fingerprint': fingerprint,
      'ro.build.id': board.build,
      'ro.build.tags': 'test-keys',
      'ro.build.type': 'userdebug',
      'ro.build.user': user,
      'ro.build.version.release': board.release,
      'ro.build.version.sdk': board.sdk,
      'ro.debuggable': '1',
      'ro.hardware': board.hardware,
      'ro.product.brand': board.brand,
      'ro.product.board': board.device,
      'ro.product.cpu.abi': board.abi,
      'ro.product.cpu.abilist':
        board.abi === 'arm64-v8a' ? 'arm64-v8a,armeabi-v7a,armeabi' : 'armeabi-v7a,armeabi',
      'ro.product.device': board.device,
      'ro.product.locale': 'en-US',
      'ro.product.manufacturer': board.maker,
      'ro.product.model': board.model,
      'ro.product.name': board.device,
      'ro.secure': '1',
      'ro.serialno': serial,
      'service.adb.tcp.port': '5555',
      'sys.boot_completed': '1',
    }),
  );
  return {
    board,
    properties,
    banner: `device::ro.product.name=${board.device};ro.product.model=${board.model};ro.product.device=${board.device};${board.features}`,
    persona: {
      ...persona,
      ...traits,
      system: { id: 'firmware', name: 'Android', version: board.release, codename: board.build },
    },
  };
}
