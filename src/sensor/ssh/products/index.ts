import { dropbear2022 } from './dropbear-2022.83.ts';
import { openssh82Ubuntu20 } from './openssh-8.2p1-ubuntu20.ts';
import { openssh89Ubuntu22 } from './openssh-8.9p1-ubuntu22.ts';
import { openssh92Debian12 } from './openssh-9.2p1-debian12.ts';
import type { Product } from './product.ts';

export type { Product } from './product.ts';

/** Every SSH server that can be shown, the newest first. */
export const products: readonly Product[] = [
  openssh92Debian12,
  openssh89Ubuntu22,
  openssh82Ubuntu20,
  dropbear2022,
];

export function productNamed(name: string): Product {
  const product = products.find((one) => one.name === name);
  if (!product) throw new Error(`there is no SSH product ${name}`);
  return product;
}
