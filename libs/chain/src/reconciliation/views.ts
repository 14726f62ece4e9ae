import type { HexData, Reconciled, ReconciledValues } from '@abland/domain';
import { getAddress, Interface } from 'ethers';
import type { ContractQuestion } from '../asking/call-at-block.js';

/** What the contracts are asked, as they declare it. */
const VIEWS = new Interface([
  'function getPool(bytes32 poolId) view returns (address tokenA, address tokenB, uint256 reserveA, uint256 reserveB, uint256 totalLiquidity)',
  'function liquidityOf(bytes32 poolId, address user) view returns (uint256 liquidity)',
  'function totalSupply() view returns (uint256 totalSupply)',
  'function balanceOf(address account) view returns (uint256 balance)',
  'function owner() view returns (address owner)',
  'function pendingOwner() view returns (address pendingOwner)',
  'function feeRecipient() view returns (address feeRecipient)',
  'function guardian() view returns (address guardian)',
  'function paused() view returns (bool paused)',
  'function swapFee() view returns (uint256 swapFee)',
  'function protocolFee() view returns (uint256 protocolFee)',
  'function creationFee() view returns (uint256 creationFee)',
]);

type Question = readonly [view: string, ...given: readonly string[]];

/** @param names what read models have of it: a contract is asked for no setting that it never told of */
function questions({ account, kind, poolId }: Reconciled, names: readonly string[]): readonly Question[] {
  switch (kind) {
    case 'POOL':
      return [['getPool', poolId ?? '']];
    case 'POSITION':
      return [['liquidityOf', poolId ?? '', account ?? '']];
    case 'SUPPLY':
      return [['totalSupply']];
    case 'BALANCE':
      return [['balanceOf', account ?? '']];
    case 'SETTINGS':
      return names.map((name) => [name] as const);
    default:
      return kind satisfies never;
  }
}

/** What the chain is asked of one thing, and how its answers are read. */
export interface View {
  readonly calls: readonly ContractQuestion[];
  /** Null where there is no such contract. @throws where one does not hold what the view returns */
  read(returned: readonly HexData[]): ReconciledValues | null;
}

export function viewOf(of: Reconciled, names: readonly string[]): View {
  const asked = questions(of, names);
  return {
    calls: asked.map(([view, ...given]) => ({
      to: of.contract,
      data: VIEWS.encodeFunctionData(view, given),
    })),
    read: (returned) => {
      if (returned.length > 0 && returned.every((data) => data === '0x')) return null;
      const named = asked.map(([view], index) => valuesOf(view, returned[index] ?? '0x'));
      return Object.assign({}, ...named) as ReconciledValues;
    },
  };
}

function valuesOf(view: string, returned: HexData): ReconciledValues {
  const values = VIEWS.decodeFunctionResult(view, returned);
  const outputs = VIEWS.getFunction(view)?.outputs ?? [];
  return Object.fromEntries(
    outputs.map(({ name, type }, index) => [
      name,
      type === 'address' ? getAddress(String(values[index])) : String(values[index]),
    ]),
  );
}
