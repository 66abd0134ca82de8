import type { Persona } from '../persona.ts';

export interface Model {
  name: string;
  family: string;
  parameters: string;
  quantization: string;
  size: number;
  digest: string;
  modifiedAt: string;
}

const list = [
  ['llama3.1:8b', 'llama', '8.0B', 'Q4_K_M', 4_920_753_328],
  ['llama3.2:latest', 'llama', '3.2B', 'Q4_K_M', 2_019_393_189],
  ['qwen2.5:14b', 'qwen2', '14.8B', 'Q4_K_M', 8_988_124_069],
  ['qwen2.5-coder:7b', 'qwen2', '7.6B', 'Q4_K_M', 4_683_087_332],
  ['mistral:latest', 'llama', '7.2B', 'Q4_0', 4_113_301_824],
  ['deepseek-r1:14b', 'qwen2', '14.8B', 'Q4_K_M', 8_988_112_040],
  ['gemma2:9b', 'gemma2', '9.2B', 'Q4_0', 5_443_152_417],
  ['phi3:medium', 'phi3', '14.0B', 'Q4_0', 7_897_126_241],
] as const;

const pulled = new WeakMap<Persona, Model[]>();

/** The models that a machine has pulled: some of those that many have, other ones on each. */
export function modelsOf(persona: Persona): readonly Model[] {
  const models = pulled.get(persona) ?? drawn(persona);
  pulled.set(persona, models);
  return models;
}

function drawn({ token, bootedAt }: Persona): Model[] {
  const first = Number.parseInt(token('llm models', 4), 16);
  const count = 2 + (first % 3);
  return Array.from({ length: count }, (_, i) => {
    const [name, family, parameters, quantization, size] = list[(first + i * 3) % list.length]!;
    const at =
      bootedAt -
      (i * 9 + 1) * 86_400_000 -
      (Number.parseInt(token(`llm pulled ${name}`, 6), 16) % 80_000_000);
    return {
      name,
      family,
      parameters,
      quantization,
      size,
      digest: token(`llm digest ${name}`, 64),
      modifiedAt: new Date(at).toISOString().replace('Z', `${(first % 900_000) + 100_000}Z`),
    };
  });
}
