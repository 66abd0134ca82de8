import type { Wire } from '../emulator.ts';
import { isObject } from '../emulators/api.ts';

/** How deep a manifest is searched, and how many containers of it are told. */
const limits = { depth: 12, containers: 16 } as const;

/** Tells what a manifest would run: each container's image, command and whether it reaches the host. */
export function tellWorkload(wire: Wire, manifest: unknown): void {
  let left: number = limits.containers;
  const text = JSON.stringify(manifest).slice(0, 65_536);
  const host = /"hostPath"|"hostPID":true|"hostNetwork":true|"privileged":true/.test(text);
  const visit = (value: unknown, depth: number): void => {
    if (depth > limits.depth || left <= 0) return;
    if (Array.isArray(value)) for (const one of value) visit(one, depth + 1);
    if (!isObject(value)) return;
    if (typeof value.image === 'string') {
      left--;
      const words = [value.command, value.args].flatMap((list) =>
        Array.isArray(list) ? list.map(String) : [],
      );
      wire.emit({
        kind: 'command',
        input: words.join(' '),
        ok: true,
        detail: { how: 'container', image: value.image.slice(0, 1_024), host },
      });
      wire.emit({ kind: 'download', url: `docker://${value.image}`, tool: 'kubernetes' });
    }
    for (const one of Object.values(value)) visit(one, depth + 1);
  };
  visit(manifest, 0);
}
