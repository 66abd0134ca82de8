import { readFileSync } from 'node:fs';

/** The version in package.json: two folders up from the source, three from what is compiled. */
export const version: string = (() => {
  for (const up of ['../package.json', '../../package.json']) {
    try {
      const found = JSON.parse(readFileSync(new URL(up, import.meta.url), 'utf8')) as {
        name?: string;
        version?: string;
      };
      if (found.name === 'caltrop' && found.version) return found.version;
    } catch {}
  }
  return '0.0.0';
})();
