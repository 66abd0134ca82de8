import type { Persona } from '../../persona.ts';

/** What /proc/cpuinfo and lscpu tell of an x86 processor besides its name. */
export interface Processor {
  vendor: 'GenuineIntel' | 'AuthenticAMD';
  family: number;
  model: number;
  stepping: number;
  mhz: number;
  cacheKb: number;
  flags: string;
  bits: string;
}

const plain =
  'fpu vme de pse tsc msr pae mce cx8 apic sep mtrr pge mca cmov pat pse36 clflush mmx fxsr sse sse2 ss ht syscall nx rdtscp lm constant_tsc';
const server = `${plain} rep_good nopl xtopology cpuid tsc_known_freq pni pclmulqdq ssse3 fma cx16 pcid sse4_1 sse4_2 x2apic movbe popcnt tsc_deadline_timer aes xsave avx f16c rdrand hypervisor lahf_lm abm 3dnowprefetch fsgsbase bmi1 avx2 smep bmi2 erms invpcid rdseed adx smap clflushopt xsaveopt xsavec xgetbv1 arat`;
const small = `${plain} pni pclmulqdq ssse3 cx16 sse4_1 sse4_2 movbe popcnt aes rdrand lahf_lm`;

export function processorOf({ cpu }: Persona): Processor {
  const { model: name, bogoMips } = cpu;
  const mhz = bogoMips / 2;
  const atom = name.includes('Atom');
  if (atom || name.includes('Celeron'))
    return {
      vendor: 'GenuineIntel',
      family: 6,
      model: atom ? 95 : 122,
      stepping: 1,
      mhz,
      cacheKb: atom ? 2_048 : 4_096,
      flags: small,
      bits: '39 bits physical, 48 bits virtual',
    };
  const bits = '46 bits physical, 48 bits virtual';
  if (name.includes('AMD'))
    return {
      vendor: 'AuthenticAMD',
      family: 25,
      model: 1,
      stepping: 1,
      mhz,
      cacheKb: 512,
      flags: server,
      bits: '48 bits physical, 48 bits virtual',
    };
  const old = /E5-|E3-/.test(name);
  return {
    vendor: 'GenuineIntel',
    family: 6,
    model: old ? 79 : 85,
    stepping: old ? 1 : 7,
    mhz,
    cacheKb: old ? 30_720 : 36_608,
    flags: server,
    bits,
  };
}

/** /proc/cpuinfo. */
export function cpuinfo(persona: Persona): string {
  const { arch, cpu, product, token, system } = persona;
  const one = (n: number) => (arch.name === 'x86_64' ? x86(persona, n) : arm(persona, n));
  const cores = Array.from({ length: cpu.count }, (_, n) => one(n)).join('');
  if (arch.name === 'x86_64' || system.id === 'debian' || system.id === 'ubuntu') return cores;
  return `${cores}Hardware\t: ${product.vendor} ${product.model}\nRevision\t: 0000\nSerial\t\t: ${token('cpu-serial', 16)}\n`;
}

function x86(persona: Persona, n: number): string {
  const { cpu, system } = persona;
  const p = processorOf(persona);
  const head = `processor\t: ${n}\nvendor_id\t: ${p.vendor}\ncpu family\t: ${p.family}\nmodel\t\t: ${p.model}\nmodel name\t: ${cpu.model}\nstepping\t: ${p.stepping}\n`;
  const speed = `cpu MHz\t\t: ${p.mhz.toFixed(3)}\ncache size\t: ${p.cacheKb} KB\nphysical id\t: 0\nsiblings\t: ${cpu.count}\ncore id\t\t: ${n}\ncpu cores\t: ${cpu.count}\n`;
  const tail = `flags\t\t: ${p.flags}\nbogomips\t: ${cpu.bogoMips.toFixed(2)}\nclflush size\t: 64\n`;
  if (system.id !== 'debian' && system.id !== 'ubuntu')
    return `${head}${speed}fpu\t\t: yes\n${tail}address sizes\t: ${p.bits}\n\n`;
  return `${head}microcode\t: 0x1\n${speed}apicid\t\t: ${n}\ninitial apicid\t: ${n}\nfpu\t\t: yes\nfpu_exception\t: yes\ncpuid level\t: 13\nwp\t\t: yes\n${tail.replace('bogomips', 'bugs\t\t: spectre_v1 spectre_v2 spec_store_bypass swapgs\nbogomips')}cache_alignment\t: 64\naddress sizes\t: ${p.bits}\npower management:\n\n`;
}

function arm({ arch, cpu, system }: Persona, n: number): string {
  const wide = arch.elfClass === 64;
  const gnu = system.id === 'debian' || system.id === 'ubuntu';
  // A 64-bit kernel tells no model name; the boards' own kernels do.
  const name = gnu ? '' : `model name\t: ${cpu.model}\n`;
  return `processor\t: ${n}\n${name}BogoMIPS\t: ${cpu.bogoMips.toFixed(2)}\nFeatures\t: ${wide ? 'fp asimd evtstrm aes pmull sha1 sha2 crc32 cpuid' : 'half thumb fastmult vfp edsp neon vfpv3 tls vfpd32'}\nCPU implementer\t: 0x41\nCPU architecture: ${wide ? 8 : 7}\nCPU variant\t: 0x${wide ? 0 : 4}\nCPU part\t: 0x${wide ? 'd03' : 'c09'}\nCPU revision\t: ${wide ? 4 : 1}\n\n`;
}
