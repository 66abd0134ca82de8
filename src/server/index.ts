export { type App, createApp } from './app.ts';
export { serveConsole } from './console.ts';
export { listen } from './listen.ts';
