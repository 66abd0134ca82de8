import { aiBox } from './ai-box.ts';
import { androidTv } from './android-tv.ts';
import { debian12Database } from './debian12-database.ts';
import { dockerHost } from './docker-host.ts';
import { homeRouter } from './home-router.ts';
import type { Kind } from './kind.ts';
import { kubernetesNode } from './kubernetes-node.ts';
import { mailServer } from './mail-server.ts';
import { plc } from './plc.ts';
import { storageBox } from './storage-box.ts';
import { ubuntu20Web } from './ubuntu20-web.ts';
import { ubuntu22Web } from './ubuntu22-web.ts';
import { windowsServer } from './windows-server.ts';

/** Every kind of machine that a sensor can be. The first is what it is unless told otherwise. */
export const kinds: readonly Kind[] = [
  storageBox,
  homeRouter,
  ubuntu22Web,
  ubuntu20Web,
  debian12Database,
  windowsServer,
  kubernetesNode,
  plc,
  aiBox,
  androidTv,
  mailServer,
  dockerHost,
];

export function kindNamed(name: string): Kind {
  const kind = kinds.find((one) => one.name === name);
  if (!kind) throw new Error(`there is no persona ${name}`);
  return kind;
}
