import { AbiCoder, getAddress, id, zeroPadValue } from 'ethers';
import type { BlockLog, FollowedContracts } from '../blocks/chain-block.js';

/** A small deployment and what it emits. */
export const CONTRACTS: FollowedContracts = {
  tokenFactory: getAddress(`0x${'a1'.repeat(20)}`),
  liquidityManager: getAddress(`0x${'b2'.repeat(20)}`),
  forwarder: null,
  governance: null,
  checkpoint: null,
};
export const TOKEN = `0x${'c3'.repeat(20)}`;
export const FOREIGN_TOKEN = `0x${'d4'.repeat(20)}`;
export const USER = `0x${'e5'.repeat(20)}`;
export const TX = `0x${'77'.repeat(32)}`;
export const COMMAND = '6f9619ff-8b86-5011-b42d-00c04fc964ff';
const ZERO = `0x${'00'.repeat(20)}`;

const word = (address: string): string => zeroPadValue(address, 32);
const encode = (types: readonly string[], values: readonly unknown[]): string =>
  AbiCoder.defaultAbiCoder().encode(types, values);

export function transferLog(token: string, logIndex: number): BlockLog {
  return {
    address: token,
    topics: [id('Transfer(address,address,uint256)'), word(ZERO), word(USER)],
    data: encode(['uint256'], [5n]),
    txHash: TX,
    logIndex,
  };
}

export function creationLog(logIndex: number): BlockLog {
  return {
    address: CONTRACTS.tokenFactory.toLowerCase(),
    topics: [id('TokenCreated(address,address,string,string,uint256)'), word(TOKEN), word(USER)],
    data: encode(['string', 'string', 'uint256'], ['Sample', 'SMP', 5n]),
    txHash: TX,
    logIndex,
  };
}

export function feeLog(logIndex: number): BlockLog {
  return {
    address: CONTRACTS.tokenFactory.toLowerCase(),
    topics: [id('CreationFeeUpdated(uint256,uint256)')],
    data: encode(['uint256', 'uint256'], [1n, 2n]),
    txHash: TX,
    logIndex,
  };
}
