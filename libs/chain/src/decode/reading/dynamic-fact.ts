import type { Interface } from 'ethers';
import type { Address } from '@abland/domain';
import { Arguments } from './arguments.js';
import type { FactReader, FactType, OwnFields } from './fact-reader.js';
import { LenientParser } from './lenient-parser.js';

/** A fact of an event with texts, bytes or lists: its log is kept beside it. Not yet of a contract. */
export type DynamicFact = (contract: Interface) => FactReader;

/**
 * @param event its name in the contract
 * @param read gives the fact's fields; `contract` emitted it
 */
export const dynamicFact =
  <Type extends FactType>(
    event: string,
    type: Type,
    read: (args: Arguments, contract: Address) => OwnFields<Type>,
  ): DynamicFact =>
  (contract) => {
    const fragment = contract.getEvent(event);
    if (fragment === null) throw new RangeError(`The contract has no event ${event}`);
    const parser = new LenientParser(fragment);
    return {
      event: fragment,
      read: (log, address) => ({
        type,
        fields: read(new Arguments(parser.parse(log)), address),
        whole: false,
      }),
    };
  };
