export { type Classified, type Classifier, createClassifier } from './classify.ts';
export { type Library, loadLibrary } from './load.ts';
export { createSessionStream } from './stream.ts';
