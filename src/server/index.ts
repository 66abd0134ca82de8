export { type App, createApp, createFleetApp } from './app.ts';
export { serveConsole } from './console.ts';
export { listen } from './listen.ts';
