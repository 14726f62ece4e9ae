import type { DomainEvent } from '@abland/kernel';
import {
  baseUnits,
  parseDecimals,
  parseDescription,
  parseMetadataURI,
  parseSupply,
  parseTokenName,
  parseTokenSymbol,
} from '../input/token.js';
import type { Requested } from '../request/events.js';
import { assertAddressFits, assertTextFits } from '../request/fitting.js';
import type { RequestKind } from '../request/kind.js';
import type { AmountText, Decimals } from '../vocabulary/values.js';

export type TokenCreationTerms = {
  readonly name: string;
  readonly symbol: string;
  readonly decimals: Decimals;
  /** Whole tokens, 1 to 10^27. */
  readonly supply: AmountText;
  /** Base units: supply times 10^decimals. */
  readonly totalSupply: AmountText;
  readonly description: string;
  readonly metadataURI: string;
};
export type TokenCreationRequested = DomainEvent<'TokenCreationRequested', Requested<TokenCreationTerms>>;

export interface TokenCreationAsk {
  readonly name: string;
  readonly symbol: string;
  readonly decimals: number;
  /** Whole tokens. */
  readonly supply: bigint;
  readonly description: string;
  /** Where the metadata lies; it is stored before the command comes. */
  readonly metadataURI: string;
}

/** A new token of the factory. */
export const tokenCreation: RequestKind<
  'CREATE_TOKEN',
  'TokenCreationRequested',
  TokenCreationAsk,
  TokenCreationTerms
> = {
  name: 'CREATE_TOKEN',
  requested: { type: 'TokenCreationRequested', version: 1 },
  accept(ask) {
    const decimals = parseDecimals(ask.decimals);
    const supply = parseSupply(ask.supply.toString(), 'supply');
    return {
      name: parseTokenName(ask.name),
      symbol: parseTokenSymbol(ask.symbol),
      decimals,
      supply: supply.toString(),
      totalSupply: baseUnits(supply, decimals).toString(),
      description: parseDescription(ask.description),
      metadataURI: parseMetadataURI(ask.metadataURI),
    };
  },
  answeredBy: ['TokenCreated'],
  outcome({ requester, terms }, fact) {
    if (fact.type !== 'TokenCreated') return null;
    const { tokenAddress, creator, name, symbol, totalSupply } = fact.data;
    assertAddressFits('creator', requester, creator);
    assertTextFits('name', terms.name, name);
    assertTextFits('symbol', terms.symbol, symbol);
    assertTextFits('totalSupply', terms.totalSupply, totalSupply);
    return { kind: 'CREATE_TOKEN', tokenAddress };
  },
};
