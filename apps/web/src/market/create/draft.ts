import {
  parseDecimals,
  parseDescription,
  parseSupply,
  parseTokenName,
  parseTokenSymbol,
} from '@abland/domain';

/** A token as it is typed. */
export interface Draft {
  readonly name: string;
  readonly symbol: string;
  /** Whole tokens. */
  readonly supply: string;
  readonly decimals: string;
  readonly description: string;
  readonly execution: 'WALLET' | 'RELAYED';
}

export const EMPTY_DRAFT: Draft = {
  ...{ name: '', symbol: '', supply: '1000000', decimals: '18' },
  ...{ description: '', execution: 'WALLET' },
};

const RULES: Partial<Record<keyof Draft, (draft: Draft) => unknown>> = {
  name: ({ name }) => parseTokenName(name),
  symbol: ({ symbol }) => parseTokenSymbol(symbol),
  supply: ({ supply }) => parseSupply(supply),
  decimals: ({ decimals }) => parseDecimals(/^\d+$/.test(decimals.trim()) ? Number(decimals) : NaN),
  description: ({ description }) => parseDescription(description),
};

/** What is wrong with it, by field: the codes that the server would refuse it with, by the rules that it goes by. */
export function checkDraft(draft: Draft): Partial<Record<keyof Draft, string>> {
  const problems: Partial<Record<keyof Draft, string>> = {};
  for (const [field, rule] of Object.entries(RULES)) {
    try {
      rule(draft);
    } catch (error) {
      problems[field as keyof Draft] = String((error as { readonly code?: unknown }).code);
    }
  }
  return problems;
}
