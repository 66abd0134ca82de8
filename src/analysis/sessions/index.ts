export type { Join, Merge } from './actors.ts';
export { SessionBuilder } from './builder.ts';
export { type Classified, type Classifier, createClassifier, type Remembered } from './classify.ts';
export { fingerprintsOf } from './fingerprints.ts';
export { type Library, loadLibrary } from './load.ts';
export type { Session } from './session.ts';
export { createSessionStream } from './stream.ts';
