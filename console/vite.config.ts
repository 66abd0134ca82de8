import { defineConfig } from 'vite';

/** Everything as files of our own: the console's policy allows nothing inline and nothing from elsewhere. */
export default defineConfig({
  build: {
    outDir: '../dist/console',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2022',
    reportCompressedSize: false,
  },
});
