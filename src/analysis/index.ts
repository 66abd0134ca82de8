export { type Analysis, type AnalysisOptions, type AnyDetector, createAnalysis } from './analysis.ts';
export { detectors } from './detectors/index.ts';
export { loadRules } from './rules.ts';
