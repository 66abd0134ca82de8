import { aiBox } from './ai-box.ts';
import { androidTv } from './android-tv.ts';
import { buildingController } from './building-controller.ts';
import { debian12Database } from './debian12-database.ts';
import { dockerHost } from './docker-host.ts';
import { fillingStation } from './filling-station.ts';
import { homeRouter } from './home-router.ts';
import type { Kind } from './kind.ts';
import { kubernetesNode } from './kubernetes-node.ts';
import { mailServer } from './mail-server.ts';
import { officeGateway } from './office-gateway.ts';
import { pbx } from './pbx.ts';
import { plc } from './plc.ts';
import { printServer } from './print-server.ts';
import { printer } from './printer.ts';
import { s7Controller } from './s7-controller.ts';
import { storageBox } from './storage-box.ts';
import { substation } from './substation.ts';
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
  pbx,
  printServer,
  printer,
  officeGateway,
  s7Controller,
  substation,
  buildingController,
  fillingStation,
];

export function kindNamed(name: string): Kind {
  const kind = kinds.find((one) => one.name === name);
  if (!kind) throw new Error(`there is no persona ${name}`);
  return kind;
}
