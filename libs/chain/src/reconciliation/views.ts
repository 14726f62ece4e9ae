import type { HexData, Reconciled, ReconciledValues } from '@abland/domain';
import { getAddress, type Interface } from 'ethers';
import type { ContractQuestion } from '../asking/call-at-block.js';
import { INTERFACES } from '../contracts/interfaces.js';

const { ABLiquidityManager, ABToken, ABTokenFactory } = INTERFACES;

/** A function of a contract that tells something, and what it is told of. */
interface Asked {
  readonly contract: Interface;
  readonly view: string;
  readonly given: readonly string[];
  /** By what read models call the one value that it tells, where that is not the function's name. */
  readonly called?: string;
}

/** @param names what read models have of it: a contract is asked for no setting that it never told of */
function askedOf({ account, kind, poolId }: Reconciled, names: readonly string[]): readonly Asked[] {
  const pool = poolId ?? '';
  const owner = account ?? '';
  switch (kind) {
    case 'POOL':
      return [{ contract: ABLiquidityManager, view: 'getPool', given: [pool] }];
    case 'POSITION':
      return [
        { contract: ABLiquidityManager, view: 'liquidityOf', given: [pool, owner], called: 'liquidity' },
      ];
    case 'SUPPLY':
      return [{ contract: ABToken, view: 'totalSupply', given: [] }];
    case 'BALANCE':
      return [{ contract: ABToken, view: 'balanceOf', given: [owner], called: 'balance' }];
    case 'SETTINGS':
      return names.map((view) => ({ contract: setBy(view), view, given: [] }));
    default:
      return kind satisfies never;
  }
}

/** What both have they have alike. */
const setBy = (setting: string): Interface =>
  ABLiquidityManager.hasFunction(setting) ? ABLiquidityManager : ABTokenFactory;

/** What the chain is asked of one thing, and how its answers are read. */
export interface View {
  readonly calls: readonly ContractQuestion[];
  /** @throws where one does not hold what the view returns */
  read(returned: readonly HexData[]): ReconciledValues;
}

export function viewOf(of: Reconciled, names: readonly string[]): View {
  const asked = askedOf(of, names);
  return {
    calls: asked.map(({ contract, given, view }) => ({
      to: of.contract,
      data: contract.encodeFunctionData(view, given),
    })),
    read: (returned) => {
      const named = asked.map((one, index) => valuesOf(one, returned[index] ?? '0x'));
      return Object.assign({}, ...named) as ReconciledValues;
    },
  };
}

/** Several values have the names that the contract gives them. */
function valuesOf({ called, contract, view }: Asked, returned: HexData): ReconciledValues {
  const values = contract.decodeFunctionResult(view, returned);
  const outputs = contract.getFunction(view)?.outputs ?? [];
  return Object.fromEntries(
    outputs.map(({ name, type }, index) => [
      outputs.length === 1 ? (called ?? view) : name,
      type === 'address' ? getAddress(String(values[index])) : String(values[index]),
    ]),
  );
}
