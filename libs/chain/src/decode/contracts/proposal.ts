import { AbiCoder, keccak256, toBeHex, ZeroHash } from 'ethers';
import type { Address, Hash } from '@abland/domain';
import type { Arguments } from '../reading/arguments.js';

/** With the log itself beside it, a fact must stay below what one append of the log can hold. */
const CALLDATA_BYTES_MAX = 131_072;

/** @throws RangeError where there is more calldata than an event can hold */
export function proposalCreated(args: Arguments, governor: Address) {
  const calldatas = args.bytesList('calldatas');
  const bytes = calldatas.reduce((sum, calldata) => sum + calldata.length / 2 - 1, 0);
  if (bytes > CALLDATA_BYTES_MAX) throw new RangeError(`The proposal has ${bytes} bytes of calldata`);
  const call = { targets: args.addresses('targets'), values: args.amounts('values'), calldatas };
  const descriptionHash = keccak256(args.bytes('description'));
  return {
    proposalId: args.amount('proposalId'),
    proposer: args.address('proposer'),
    ...call,
    signatures: args.untrustedTexts('signatures'),
    voteStart: args.integer('voteStart'),
    voteEnd: args.integer('voteEnd'),
    description: args.untrustedText('description'),
    descriptionHash,
    operationId: operationIdOf(governor, call, descriptionHash),
  };
}

/** As TimelockController.hashOperationBatch reckons it, with the salt that GovernorTimelockControl gives. */
function operationIdOf(
  governor: Address,
  call: {
    readonly targets: readonly string[];
    readonly values: readonly string[];
    readonly calldatas: readonly string[];
  },
  descriptionHash: Hash,
): Hash {
  const salt = toBeHex((BigInt(governor) << 96n) ^ BigInt(descriptionHash), 32);
  return keccak256(
    AbiCoder.defaultAbiCoder().encode(
      ['address[]', 'uint256[]', 'bytes[]', 'bytes32', 'bytes32'],
      [call.targets, call.values, call.calldatas, ZeroHash, salt],
    ),
  );
}
