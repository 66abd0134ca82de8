import { fileURLToPath } from 'node:url';

/**
 * Where a file of ours lies once it is compiled: processes and workers run that, also where the tests run the source. `path` is
 * that of the compiled file as seen from the caller's, whose `import.meta.url` is `from`.
 */
export function compiled(path: string, from: string): string {
  return fileURLToPath(new URL(path, from.replace(/^(.*)\/src\/(.*)\.ts$/, '$1/dist/src/$2.js')));
}
