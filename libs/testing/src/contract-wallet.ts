import { AbiCoder, concat, dataLength, getCreate2Address, keccak256 } from 'ethers';

/** Creates a contract with this code. */
const creationOf = (code: string): string => {
  const length = dataLength(code).toString(16).padStart(4, '0');
  return concat([`0x61${length}80600a5f395ff3`, code]);
};

/**
 * Creation code of a wallet whose signatures are those of one account: its ERC-1271 answers for a hash and 65 bytes what the precompiled
 * `ecrecover` says of them, and zeros to all else.
 */
export const walletCreation = (owner: string): string =>
  creationOf(
    concat([
      '0x6004355f52', // the hash
      '0x60a43560f81c602052', // v
      '0x606435604052', // r
      '0x608435606052', // s
      '0x6020608060805f60015afa50', // staticcall(gas, 1, 0, 128, 128, 32)
      `0x60805173${owner.slice(2)}14`,
      '0x631626ba7e60e01b025f5260205ff3', // the selector where it is the owner
    ]),
  );

/** Creation code of a factory: of 32 bytes of salt and creation code it makes a contract by CREATE2. */
export const factoryCode = (): string => creationOf('0x602036038060205f375f35905f5ff55f5260205ff3');

export interface FutureWallet {
  readonly factory: string;
  readonly salt: string;
  readonly owner: string;
}

/** Of a wallet, whether it was made or not. */
export const walletAddress = ({ factory, owner, salt }: FutureWallet): string =>
  getCreate2Address(factory, salt, keccak256(walletCreation(owner)));

/** A signature in the frame of ERC-6492. */
export const framedSignature = ({
  factory,
  owner,
  salt,
  signature,
}: FutureWallet & { readonly signature: string }): string =>
  concat([
    AbiCoder.defaultAbiCoder().encode(
      ['address', 'bytes', 'bytes'],
      [factory, concat([salt, walletCreation(owner)]), signature],
    ),
    `0x${'6492'.repeat(16)}`,
  ]);
