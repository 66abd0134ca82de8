import type { Command } from '../command.ts';
import { actors } from './actors.ts';
import { allow } from './allow.ts';
import { analyse } from './analyse.ts';
import { attack } from './attack.ts';
import { backup } from './backup.ts';
import { classify } from './classify.ts';
import { config } from './config.ts';
import { decisions } from './decisions.ts';
import { demo } from './demo.ts';
import { doctor } from './doctor.ts';
import { domains } from './domains.ts';
import { enforce } from './enforce.ts';
import { exportEvents } from './export.ts';
import { feeds } from './feeds.ts';
import { findings } from './findings.ts';
import { fleet } from './fleet.ts';
import { importLogs } from './import.ts';
import { indicators } from './indicators.ts';
import { intake } from './intake.ts';
import { propagate } from './propagate.ts';
import { replay } from './replay.ts';
import { restore } from './restore.ts';
import { resume } from './resume.ts';
import { sensor } from './sensor.ts';
import { serve } from './serve.ts';
import { status } from './status.ts';
import { stop } from './stop.ts';
import { token } from './token.ts';
import { up } from './up.ts';
import { why } from './why.ts';

/** In the order in which `caltrop help` shows them. */
export const commands: readonly Command[] = [
  up,
  demo,
  sensor,
  fleet,
  status,
  doctor,
  importLogs,
  exportEvents,
  classify,
  why,
  decisions,
  findings,
  actors,
  indicators,
  feeds,
  domains,
  propagate,
  replay,
  allow,
  stop,
  resume,
  token,
  attack,
  backup,
  restore,
  config,
  intake,
  analyse,
  serve,
  enforce,
];
