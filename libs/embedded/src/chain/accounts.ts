import { HDNodeWallet } from 'ethers';

/** The mnemonic every EVM development tool ships, so that wallets already know these accounts. Never for real money. */
export const DEVELOPMENT_MNEMONIC = 'test test test test test test test test test test test junk';

const ACCOUNT_COUNT = 20;
/** 10,000 ether each. */
export const DEVELOPMENT_BALANCE_WEI = 10_000n * 10n ** 18n;

export interface DevelopmentAccount {
  readonly address: string;
  readonly privateKey: string;
}

const root = (): HDNodeWallet => HDNodeWallet.fromPhrase(DEVELOPMENT_MNEMONIC, '', "m/44'/60'/0'/0");

/** Funded accounts of the embedded chain, in order of their derivation. */
export function developmentAccounts(): readonly DevelopmentAccount[] {
  const parent = root();
  return Array.from({ length: ACCOUNT_COUNT }, (_, index) => {
    const { address, privateKey } = parent.deriveChild(index);
    return { address, privateKey };
  });
}

/** Deploys the contracts and owns them; kept apart so that its nonces, and so the addresses, depend on nothing else. */
export function deployerAccount(): DevelopmentAccount {
  const { address, privateKey } = root().deriveChild(ACCOUNT_COUNT - 1);
  return { address, privateKey };
}
