export { lockFolder } from '../kit/lock.ts';
export { type Database, openDatabase, type StatePlace } from './database.ts';
export { fitState } from './disk.ts';
export { createNeverBlockStore, type NeverBlockStore } from './never-block-store.ts';
export { createRoster } from './roster.ts';
export { createSessionStore, type SessionBatch, type SessionStore } from './session-store.ts';
export { type Batch, createStore, type Filter, type Store, type StoredDecision } from './store.ts';
export { createTokens, type Tokens } from './tokens.ts';
