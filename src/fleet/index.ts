export { type Hub, openHub } from './hub.ts';
