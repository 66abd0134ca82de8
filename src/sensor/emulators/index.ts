import type { Emulator } from '../emulator.ts';
import { adb } from './adb.ts';
import { catchall } from './catchall.ts';
import { docker } from './docker.ts';
import { http } from './http.ts';
import { https } from './https.ts';
import { rdp } from './rdp.ts';
import { redis } from './redis.ts';
import { smb } from './smb.ts';
import { telnet } from './telnet.ts';

/** Every service that a sensor can pretend to be, in the order that they are shown. */
export const emulators: readonly Emulator[] = [telnet, http, https, redis, docker, adb, smb, rdp, catchall];
