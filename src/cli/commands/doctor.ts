import { execFileSync } from 'node:child_process';
import { existsSync, statfsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { configSchema } from '../../config.ts';
import { readConfig } from '../../kit/config-file.ts';
import { Fault } from '../../kit/fault.ts';
import { checkPersonas } from '../../pipeline/persona-check.ts';
import { connectClient } from '../client.ts';
import { defineCommand } from '../command.ts';

interface Check {
  what: string;
  good: boolean;
  /** What was found, and what to do where it is not good. */
  says: string;
}

export const doctor = defineCommand({
  name: 'doctor',
  usage: '[--config FILE]',
  summary: 'Look for what is wrong, or will be: configuration, tools, isolation, disk, what runs.',
  async run({ configPath, data, out }) {
    const checks: Check[] = [];
    const check = (what: string, good: boolean, says: string) => checks.push({ what, good, says });
    const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
    check(
      'node',
      major > 20 || (major === 20 && minor >= 19),
      `${process.versions.node}; 20.19 or later is needed`,
    );
    let enforced: string[] = [];
    try {
      const config = readConfig(configSchema, configPath, process.env);
      enforced = Object.entries(config.enforcement).flatMap(([name, { enabled }]) => (enabled ? [name] : []));
      check('configuration', true, configPath ?? 'none: all defaults');
      if (config.sensor.enabled)
        for (const { kind, hosts, complaints } of checkPersonas(config, data, Date.now()))
          check(
            'persona',
            complaints.length === 0,
            complaints.length
              ? `${kind} on ${hosts.join(', ')} gives itself away: ${complaints.map(({ says }) => says).join('; ')}`
              : `${kind} on ${hosts.join(', ')} does not contradict itself`,
          );
      if (!config.lake.url)
        check(
          'embedded lake',
          installed('chdb'),
          installed('chdb')
            ? 'chdb is installed'
            : 'chdb is missing: run npm ci with optional packages, or set lake.url',
        );
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      for (const { path, expected } of error.remedies)
        check('configuration', false, `${path}: expected ${expected}`);
    }
    for (const [tool, needed] of [
      ['nft', 'nftables'],
      ['ipset', 'ipset'],
    ] as const) {
      if (enforced.includes(needed))
        check(tool, has(tool), has(tool) ? 'installed' : `install the package ${needed}`);
    }
    check(
      'sensor isolation',
      has('unshare') && has('setpriv'),
      has('unshare') && has('setpriv')
        ? 'unshare and setpriv are there'
        : 'install util-linux: without it the sensor has no namespace of its own',
    );
    const free = existsSync(data)
      ? statfsSync(data).bavail * statfsSync(data).bsize
      : statfsSync('.').bavail * statfsSync('.').bsize;
    check('disk', free > 2 * 1024 ** 3, `${(free / 1024 ** 3).toFixed(1)} GiB free`);
    const api = await connectClient(data);
    if (!api) check('running', true, 'no system runs on this data directory');
    else {
      const { troubles } = await api.ask<{ troubles: string[] }>('GET', '/api/v1/status');
      check('running', true, 'yes');
      for (const trouble of troubles) check('trouble', false, trouble);
      const audit = await api.ask<{ ok: boolean; fault?: string }>('GET', '/api/v1/audit');
      check('audit', audit.ok, audit.ok ? 'the chain is whole' : (audit.fault ?? 'the chain is broken'));
    }
    out.table(
      checks,
      [
        ['', ({ good }) => (good ? 'ok' : 'BAD')],
        ['CHECK', ({ what }) => what],
        ['FOUND', ({ says }) => says],
      ],
      'Nothing was checked.',
    );
    return checks.every(({ good }) => good) ? 0 : 1;
  },
});

function installed(name: string): boolean {
  try {
    createRequire(import.meta.url).resolve(name);
    return true;
  } catch {
    return false;
  }
}

function has(tool: string): boolean {
  try {
    execFileSync('/bin/sh', ['-c', `command -v ${tool}`], {
      stdio: 'ignore',
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
    });
    return true;
  } catch {
    return false;
  }
}
