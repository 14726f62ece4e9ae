import { encodeCreateToken } from '@abland/chain';
import {
  parseDecimals,
  parseDescription,
  parseSupply,
  parseTokenName,
  parseTokenSymbol,
} from '@abland/domain';
import { knownCreationFee } from '../../market/known-market.js';
import type { CreateTokenInput } from '../types/command.inputs.js';
import type { EdgeKind, KindPorts } from './kind.js';

type Wanted = ReturnType<typeof parse>;

export const createToken = ({
  readModel,
  metadata,
}: KindPorts): EdgeKind<'CREATE_TOKEN', CreateTokenInput, Wanted> => ({
  name: 'CREATE_TOKEN',
  mutation: 'createToken',
  parse,
  ask: (wanted) => Promise.resolve({ ...wanted, metadataURI: metadata.uriOf(wanted) }),
  keep: (wanted) => metadata.store(wanted),
  async plan({ commandId, terms }, chain) {
    const creationFeeWei = await knownCreationFee(readModel, chain);
    const { name, symbol, decimals, metadataURI } = terms;
    const totalSupply = BigInt(terms.totalSupply);
    const args = { name, symbol, totalSupply, decimals, metadataURI, creationFeeWei };
    return {
      call: encodeCreateToken(chain.tokenFactory, args, commandId),
      gasMax: 5_000_000n,
    };
  },
});

const parse = (input: CreateTokenInput) => ({
  name: parseTokenName(input.name),
  symbol: parseTokenSymbol(input.symbol),
  supply: parseSupply(input.supply, 'supply'),
  decimals: parseDecimals(input.decimals),
  description: parseDescription(input.description),
});
