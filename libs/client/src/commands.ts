import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import type { Signer, TransactionResponse } from 'ethers';
import { signTypedData, type TypedData } from './confirmation.js';
import { CommandFailed, CommandLate, WrongSignatureRequest } from './errors.js';
import {
  AddLiquidityDocument,
  type AddLiquidityMutationVariables,
  CommandDocument,
  type CommandQuery,
  CreatePoolDocument,
  type CreatePoolMutationVariables,
  CreateTokenDocument,
  type CreateTokenMutationVariables,
  DeactivateTokenDocument,
  type DeactivateTokenMutationVariables,
  type ReceiptFragment,
  RemoveLiquidityDocument,
  type RemoveLiquidityMutationVariables,
  SubmitSignatureDocument,
  SubmitTransactionDocument,
  SwapDocument,
  type SwapMutationVariables,
} from './generated/operations.gen.js';
import { pause } from './retries.js';

/** By a command's name: what it is given. */
export interface CommandInputs {
  readonly createToken: CreateTokenMutationVariables['input'];
  readonly deactivateToken: DeactivateTokenMutationVariables['input'];
  readonly createPool: CreatePoolMutationVariables['input'];
  readonly addLiquidity: AddLiquidityMutationVariables['input'];
  readonly removeLiquidity: RemoveLiquidityMutationVariables['input'];
  readonly swap: SwapMutationVariables['input'];
}
export type CommandName = keyof CommandInputs;
export type Receipt = ReceiptFragment;
export type CommandState = NonNullable<CommandQuery['command']>;

/** Its idempotency key is the caller's: by it a command that was interrupted is gone on with, and done once. */
export type Given<Name extends CommandName> = CommandInputs[Name];

type GivingDocument<Name extends CommandName> = TypedDocumentNode<
  { readonly receipt: Receipt },
  { readonly input: CommandInputs[Name] }
>;
const DOCUMENTS: { readonly [Name in CommandName]: GivingDocument<Name> } = {
  createToken: CreateTokenDocument,
  deactivateToken: DeactivateTokenDocument,
  createPool: CreatePoolDocument,
  addLiquidity: AddLiquidityDocument,
  removeLiquidity: RemoveLiquidityDocument,
  swap: SwapDocument,
};

/** What commands are given by. */
export interface Asking {
  readonly ask: <Data, Variables extends object>(
    document: TypedDocumentNode<Data, Variables>,
    variables: Variables,
  ) => Promise<Data>;
  readonly signer: Signer;
}

export interface Awaited {
  /** Default: CONFIRMED, which a reorg may still take back. */
  readonly until?: 'CONFIRMED' | 'FINALIZED';
  /** Milliseconds; default: two minutes. */
  readonly withinMs?: number;
}

const LOOK_AGAIN_MS = 250;
const WITHIN_MS = 120_000;
const MINED_WITHIN_MS = 120_000;
/** A later event may still bring it further, and nobody waits for that. */
const FAILED: ReadonlySet<CommandState['status']> = new Set(['FAILED', 'EXPIRED', 'REVERTED', 'REJECTED']);

export async function give<Name extends CommandName>(
  asking: Asking,
  name: Name,
  given: Given<Name>,
): Promise<Receipt> {
  const document: GivingDocument<Name> = DOCUMENTS[name];
  return (await asking.ask(document, { input: given })).receipt;
}

/** Does with the wallet what a receipt asks for: signs and sends its transactions, or signs for a relayer; nothing where that is done. */
export async function carryOut({ ask, signer }: Asking, receipt: Receipt): Promise<void> {
  const { approvals, commandId, signatureRequest, transaction } = receipt;
  if (signatureRequest !== null && signatureRequest !== undefined) {
    const signature = await signTypedData(signer, signatureRequest as unknown as TypedData);
    await ask(SubmitSignatureDocument, { commandId, signature });
  } else if (transaction !== null && transaction !== undefined) {
    await requireChain(signer, transaction.chainId);
    // Counted from here on: providers keep what they were told of an account's nonce for a moment.
    let nonce = await signer.getNonce('pending');
    for (const approval of approvals) await mined(await send(signer, approval, nonce++));
    const sent = await send(signer, transaction, nonce);
    // Told at once: of what it knows to be on its way, the API asks nobody to send it again.
    await ask(SubmitTransactionDocument, { commandId, txHash: sent.hash });
    await mined(sent);
  }
}

type Transaction = Receipt['approvals'][number];

/** @throws WrongSignatureRequest */
async function requireChain(signer: Signer, chainId: number): Promise<void> {
  const network = await signer.provider?.getNetwork();
  if (network?.chainId !== BigInt(chainId))
    throw new WrongSignatureRequest(
      `The wallet is on chain ${network?.chainId}, and the command is for ${chainId}`,
    );
}

const send = (
  signer: Signer,
  { chainId, data, to, value }: Transaction,
  nonce: number,
): Promise<TransactionResponse> =>
  signer.sendTransaction({ to, data, value: BigInt(value), chainId: BigInt(chainId), nonce });

const mined = (sent: TransactionResponse): Promise<unknown> => sent.wait(1, MINED_WITHIN_MS);

/** @throws CommandFailed, CommandLate */
export async function untilStatus(
  { ask }: Asking,
  commandId: string,
  { until = 'CONFIRMED', withinMs = WITHIN_MS }: Awaited = {},
): Promise<CommandState> {
  const isThere = (status: CommandState['status']): boolean => status === 'FINALIZED' || status === until;
  for (const end = performance.now() + withinMs; ;) {
    const { command } = await ask(CommandDocument, { id: commandId });
    if (command !== null && command !== undefined) {
      if (isThere(command.status)) return command;
      if (FAILED.has(command.status)) {
        const why = command.failure?.reason ?? command.failure?.code ?? 'no reason was told';
        throw new CommandFailed(`${command.kind} is ${command.status}: ${why}`, command);
      }
    }
    if (performance.now() >= end) throw new CommandLate(`The command is not ${until} yet`, commandId);
    await pause(LOOK_AGAIN_MS);
  }
}
