import { debianAccounts } from './accounts.ts';
import { companyOf } from './company.ts';
import { rack } from './hardware.ts';
import { defineKind } from './kind.ts';
import { distribution, installedAt, serverDisk, snakeoil, systemdDaemons } from './linux.ts';

const boards = [
  { model: 'NVIDIA A100-SXM4-80GB', memoryMb: 81_920, counts: [4, 8] },
  { model: 'NVIDIA L40S', memoryMb: 46_068, counts: [2, 4] },
  { model: 'NVIDIA GeForce RTX 4090', memoryMb: 24_564, counts: [2, 4] },
] as const;

/** Ubuntu 22.04 with graphics processors and a chat page over its models, as a team sets it up in a hurry. */
export const aiBox = defineKind({
  name: 'ai-box',
  summary: 'Ubuntu 22.04 with NVIDIA processors and a chat page over its models',
  services: [
    { emulator: 'ssh' },
    { emulator: 'http', ports: [8_080], highPorts: [8_080] },
    { emulator: 'llm' },
    { emulator: 'mcp' },
    { emulator: 'vnc' },
  ],

  create(seed) {
    const { number, pick, token } = seed;
    const company = companyOf(seed);
    const system = distribution(seed, '22.04');
    const board = pick('gpu', boards);
    const admin = pick('admin', ['ubuntu', 'ml', 'research', 'gpu']);
    const hostname = pick('shape', [
      `gpu-0${1 + (number('index') % 6)}`,
      `${company.short}-ai`,
      `ml${1 + (number('index') % 9)}-${token('host', 4)}`,
      `dgx-${token('host', 3)}`.replace('dgx', 'train'),
    ]);
    const installed = installedAt(seed, system.bootedAt);
    return {
      ...system,
      ...rack(
        seed,
        {
          vendor: 'Supermicro',
          models: ['SYS-4029GP-TRT', 'SYS-420GP-TNR', 'SYS-740GP-TNRT'],
          oui: ['ac:1f:6b', '3c:ec:ef', '7c:c2:55'],
          cpu: 'Intel(R) Xeon(R) Gold 6226R CPU @ 2.90GHz',
          count: 64,
          bogoMips: 5_800.01,
        },
        [131_072, 262_144, 524_288],
      ),
      hostname,
      admin,
      users: debianAccounts('22.04', ['ollama'], admin),
      daemons: systemdDaemons('22.04', [
        {
          user: 'root',
          sizeKb: 14_208,
          command: '/usr/bin/x11vnc -auth guess -forever -loop -noxdamage -rfbport 5900',
          listens: ['tcp/5900'],
        },
        {
          user: 'root',
          sizeKb: 4_204,
          command: '/usr/bin/nvidia-persistenced --user root --persistence-mode --verbose',
        },
        { user: 'ollama', sizeKb: 612_204, command: '/usr/local/bin/ollama serve', listens: ['tcp/11434'] },
        {
          user: admin,
          sizeKb: 88_412,
          command: 'python3 tools_server.py --transport streamable-http --port 8000',
          listens: ['tcp/8000'],
        },
        {
          user: admin,
          sizeKb: 1_284_116,
          command: 'python3 -m uvicorn app.main:app --host 0.0.0.0 --port 8080',
          listens: ['tcp/8080'],
        },
        {
          user: admin,
          sizeKb: 41_208_332,
          command: 'python3 serve.py --model /data/models --host 127.0.0.1 --port 8001',
          listens: ['tcp/127.0.0.1:8001'],
        },
      ]),
      disk: serverDisk(seed, '22.04', [1_800, 3_600, 7_200]),
      owner: company.name,
      domain: company.domain,
      web: {
        server: 'uvicorn',
        family: 'uvicorn',
        site: 'ai-box',
        title: pick('title', ['Model Playground', 'Team Assistant', 'Chat Workbench', 'LLM Console']),
        modifiedAt: installed,
        php: '',
        lures: ['dotenv'],
      },
      certificate: snakeoil(hostname, installed),
      gpus: {
        model: board.model,
        memoryMb: board.memoryMb,
        count: pick('gpu-count', board.counts),
        driver: pick('driver', ['535.183.01', '550.90.07', '550.127.05']),
      },
    };
  },
});
