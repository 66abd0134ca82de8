/** Television boxes that are sold with their debug port open: board, chip, Android. */
export interface Board {
  device: string;
  model: string;
  brand: string;
  maker: string;
  platform: string;
  hardware: string;
  abi: 'arm64-v8a' | 'armeabi-v7a';
  release: string;
  sdk: string;
  build: string;
  kernel: string;
  cpu: string;
  memoryKb: number;
  features: string;
}

const amlogic = {
  brand: 'Amlogic',
  maker: 'Amlogic',
  hardware: 'amlogic',
  features: 'features=cmd,shell_v2',
};
const rockchip = {
  brand: 'rockchip',
  maker: 'rockchip',
  hardware: 'rk30board',
  features: 'features=cmd,shell_v2',
};

export const boards: readonly Board[] = [
  {
    ...amlogic,
    device: 'p212',
    model: 'p212',
    platform: 'gxl',
    abi: 'armeabi-v7a',
    release: '7.1.2',
    sdk: '25',
    build: 'NHG47L',
    kernel: '3.14.29',
    cpu: 'ARMv7 Processor rev 4 (v7l)',
    memoryKb: 1_862_408,
  },
  {
    ...amlogic,
    device: 'p281',
    model: 'TX3 Mini',
    platform: 'gxl',
    abi: 'armeabi-v7a',
    release: '7.1.2',
    sdk: '25',
    build: 'NHG47L',
    kernel: '3.14.29',
    cpu: 'ARMv7 Processor rev 4 (v7l)',
    memoryKb: 878_156,
  },
  {
    ...rockchip,
    device: 'rk322x_box',
    model: 'rk322x-box',
    platform: 'rk322x',
    abi: 'armeabi-v7a',
    release: '7.1.2',
    sdk: '25',
    build: 'NHG47K',
    kernel: '3.10.104',
    cpu: 'ARMv7 Processor rev 5 (v7l)',
    memoryKb: 1_006_940,
  },
  {
    ...rockchip,
    device: 'rk3328_box',
    model: 'rk3328-box',
    platform: 'rk3328',
    abi: 'arm64-v8a',
    release: '7.1.2',
    sdk: '25',
    build: 'NHG47K',
    kernel: '3.10.104',
    cpu: 'AArch64 Processor rev 4 (aarch64)',
    memoryKb: 2_013_336,
  },
];
