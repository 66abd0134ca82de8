export { type Analysis, type AnalysisOptions, type AnyDetector, createAnalysis } from './analysis.ts';
export { detectors } from './detectors/index.ts';
export { type Rule, ruleSchema } from './rule-schema.ts';
export { compileRules, loadRules } from './rules.ts';
