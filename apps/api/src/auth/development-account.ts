/** Of the mnemonic that every EVM development tool ships. */
export interface DevelopmentAccount {
  readonly address: string;
  readonly privateKey: string;
}
