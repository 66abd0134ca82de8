import type { Wire } from '../emulator.ts';

/** How deep and how far a query is searched for scripts. */
const limits = { depth: 32, nodes: 5_000, scripts: 16 } as const;

/** Every script in a query, wherever it stands: `script_fields`, `script_score`, updates (CVE-2014-3120, CVE-2015-1427, CVE-2015-5531). */
export function scriptsIn(query: unknown): string[] {
  const found: string[] = [];
  let nodes = 0;
  const visit = (value: unknown, depth: number, within: boolean): void => {
    if (depth > limits.depth || ++nodes > limits.nodes || found.length >= limits.scripts) return;
    if (typeof value === 'string') {
      if (within) found.push(value);
    } else if (Array.isArray(value)) for (const one of value) visit(one, depth + 1, within);
    else if (value && typeof value === 'object')
      for (const [name, one] of Object.entries(value))
        visit(
          one,
          depth + 1,
          /^(script|source|inline|exp|mvel|groovy)$/.test(name) &&
            (within || name === 'script' || typeof one === 'string'),
        );
  };
  visit(query, 0, false);
  return found;
}

/** Tells a script, and the commands that it would have a shell run. */
export function tellScripts(wire: Wire, query: unknown): number {
  const scripts = scriptsIn(query);
  for (const script of scripts) {
    const command = [...script.matchAll(/exec\w*\(\s*"((?:[^"\\]|\\.){1,4096})"/g)].map(([, text]) =>
      text!.replace(/\\(.)/g, '$1'),
    );
    wire.emit({
      kind: 'command',
      input: command.join('; ') || script,
      ok: false,
      detail: { script: script.slice(0, 4_096) },
    });
  }
  return scripts.length;
}
