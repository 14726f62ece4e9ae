import { HDNodeWallet } from 'ethers';

/** The mnemonic that every EVM development tool ships: what is derived from it is everybody's. */
const MNEMONIC = 'test test test test test test test test test test test junk';
const PATH = "m/44'/60'/0'/0";
/** As many as those tools fund. */
const ACCOUNT_COUNT = 20;

/** An account of the mnemonic, with its key. */
export interface DevelopmentAccount {
  readonly address: string;
  readonly privateKey: string;
}

/** Those that pay for nothing of ours: the first, and those after the one that pays for relayed commands. */
export function developmentAccountsOf(count: number): readonly DevelopmentAccount[] {
  const parent = HDNodeWallet.fromPhrase(MNEMONIC, '', PATH);
  return Array.from({ length: count }, (_, index) => {
    const { address, privateKey } = parent.deriveChild(index === 0 ? 0 : index + 1);
    return { address, privateKey };
  });
}

/** Private keys of the accounts that development chains fund, as numbers. Derived anew each time: some 10 ms. */
export function developmentKeys(): ReadonlySet<bigint> {
  const parent = HDNodeWallet.fromPhrase(MNEMONIC, '', PATH);
  return new Set(
    Array.from({ length: ACCOUNT_COUNT }, (_, index) => BigInt(parent.deriveChild(index).privateKey)),
  );
}
