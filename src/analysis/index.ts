export { type Analysis, type AnalysisOptions, type AnyDetector, createAnalysis } from './analysis.ts';
export { detectors } from './detectors/index.ts';
export { createEvidence } from './evidence.ts';
export { loadRules } from './rules.ts';
