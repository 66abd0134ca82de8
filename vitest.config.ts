import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      ...['src/**/*.test.ts', 'attack/**/*.test.ts', 'bench/**/*.test.ts', 'eval/**/*.test.ts'],
      'test/**/*.test.ts',
    ],
    globalSetup: ['test/setup/build.ts'],
    pool: 'threads',
    isolate: false,
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
