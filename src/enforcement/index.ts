export { helperEnforcer } from './client.ts';
export type { Enforcer, EnforcerPlugin } from './enforcer.ts';
export { enforcers } from './enforcers/index.ts';
export { Runner, type RunnerParts } from './runner.ts';
export { type RunnerOptions, runnerOptions } from './runner-options.ts';
export { spawnHelper } from './spawn-helper.ts';
