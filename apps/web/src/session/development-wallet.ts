import { secp256k1 } from '@noble/curves/secp256k1';
import { keccak_256 } from '@noble/hashes/sha3';

/** Signs as a wallet does by `personal_sign` (EIP-191), with a key that everybody knows. */
export function signAsDevelopment(message: string, privateKey: string): string {
  const text = new TextEncoder().encode(message);
  const before = new TextEncoder().encode(`\u0019Ethereum Signed Message:\n${text.length}`);
  const signature = secp256k1.sign(keccak_256(new Uint8Array([...before, ...text])), privateKey.slice(2));
  const v = (27 + (signature.recovery ?? 0)).toString(16);
  return `0x${signature.toCompactHex()}${v}`;
}
