import { dataLength, keccak256, type Provider } from 'ethers';
import { readArtifact, type ContractName, type RuntimeCode } from './artifact.js';

/** The code with zeros for immutables, as the compiler gives it. */
function withoutImmutables(code: string, { immutables }: RuntimeCode): string {
  let masked = code;
  for (const { start, length } of immutables) {
    const end = 2 + 2 * (start + length);
    masked = masked.slice(0, 2 + 2 * start) + '00'.repeat(length) + masked.slice(end);
  }
  return masked;
}

/**
 * What is wrong with the code at an address, or null where it is the committed contract's, byte by byte but for what its
 * constructor wrote into it.
 */
export async function codeDifference(
  provider: Provider,
  name: ContractName,
  address: string,
): Promise<string | null> {
  const code = await provider.getCode(address);
  if (code === '0x') return `${name}: no code at ${address}`;
  const artifact = readArtifact(name);
  if (dataLength(code) !== dataLength(artifact.deployedBytecode)) {
    return `${name}: expected ${dataLength(artifact.deployedBytecode)} bytes of code at ${address}, found ${dataLength(code)}`;
  }
  const masked = withoutImmutables(code, artifact);
  if (masked === artifact.deployedBytecode) return null;
  return `${name}: other code at ${address}: expected hash ${keccak256(artifact.deployedBytecode)}, found ${keccak256(masked)}`;
}

/** Of the code with zeros for immutables, so that it is the same on every chain. */
export const runtimeCodeHash = (name: ContractName): string => keccak256(readArtifact(name).deployedBytecode);

/** Of the creation code, without the constructor's arguments. */
export const creationCodeHash = (name: ContractName): string => keccak256(readArtifact(name).bytecode);
