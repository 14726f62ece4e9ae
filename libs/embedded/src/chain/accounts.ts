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

/** Funded accounts of the embedded chain, in order of their derivation. */
export function developmentAccounts(): readonly DevelopmentAccount[] {
  const root = HDNodeWallet.fromPhrase(DEVELOPMENT_MNEMONIC, '', "m/44'/60'/0'/0");
  return Array.from({ length: ACCOUNT_COUNT }, (_, index) => {
    const { address, privateKey } = root.deriveChild(index);
    return { address, privateKey };
  });
}

function accountAt(index: number): DevelopmentAccount {
  const account = developmentAccounts().at(index);
  if (account === undefined) throw new RangeError(`No development account ${index}`);
  return account;
}

/** Deploys the contracts and owns them; kept apart so that its nonces, and so the addresses, depend on nothing else. */
export const deployerAccount = (): DevelopmentAccount => accountAt(-1);

/** Pays for relayed requests. */
export const relayerAccount = (): DevelopmentAccount => accountAt(-2);
