import { createPublicKey, verify } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeAtomic } from '../../kit/atomic-file.ts';
import { configText, type SignedConfig, signedConfig } from '../../model/fleet.ts';
import type { Membership } from './membership.ts';

export interface Held {
  serial: number;
  plan: unknown;
}

/**
 * The configuration that a sensor holds. One is taken only where the hub's key signed it, for this sensor, under a higher number
 * than that held: nobody on the way can change it, hand it to another sensor, or bring an old one back.
 */
export class HeldConfig {
  readonly #path: string;
  readonly #membership: Membership;
  #held: Held | null = null;
  /** True where what was kept cannot be believed. */
  readonly damaged: boolean = false;

  constructor(folder: string, membership: Membership) {
    this.#path = join(folder, 'config.json');
    this.#membership = membership;
    if (!existsSync(this.#path)) return;
    try {
      this.#held = this.#check(JSON.parse(readFileSync(this.#path, 'utf8')));
    } catch {
      // The hub tells it anew.
      this.damaged = true;
    }
  }

  get current(): Held | null {
    return this.#held;
  }

  /** Takes a configuration on. False where it is not newer; throws where it must not be believed. */
  take(signed: SignedConfig): boolean {
    const next = this.#check(signed);
    if (this.#held && next.serial <= this.#held.serial) return false;
    writeAtomic(this.#path, JSON.stringify(signed));
    this.#held = next;
    return true;
  }

  #check(value: unknown): Held {
    const { text, signature } = signedConfig.parse(value);
    const { name, configKey } = this.#membership;
    const key = createPublicKey({ key: Buffer.from(configKey, 'base64'), format: 'der', type: 'spki' });
    if (!verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64')))
      throw new Error('the configuration is not signed by the hub');
    const { sensor, serial, plan } = configText.parse(JSON.parse(text));
    if (sensor !== name) throw new Error(`the configuration is for ${sensor}`);
    return { serial, plan };
  }
}
