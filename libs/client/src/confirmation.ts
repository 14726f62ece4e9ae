import type { Signer, TypedDataField } from 'ethers';
import { type DocumentNode, Kind, type OperationDefinitionNode, valueFromASTUntyped } from 'graphql';
import { type ApiRefusal, WrongSignatureRequest } from './errors.js';

/** What a wallet is to sign (EIP-712), as the API tells it. */
export interface TypedData {
  readonly domain: Readonly<Record<string, unknown>>;
  readonly types: Readonly<Record<string, TypedDataField[]>>;
  readonly message: Readonly<Record<string, unknown>>;
}

export function signTypedData(signer: Signer, { domain, message, types }: TypedData): Promise<string> {
  const { EIP712Domain: _domain, ...signed } = types;
  return signer.signTypedData(domain, signed, message);
}

/** Of an act's confirmation: of our own knowledge, so that nothing else is signed for one. */
const DOMAIN = { name: 'AB.LAND', version: '1' };
const TYPES: Record<string, TypedDataField[]> = {
  Act: ['site', 'account', 'act', 'arguments', 'nonce', 'expiresAt'].map((name) => ({
    name,
    type: name === 'account' ? 'address' : 'string',
  })),
};
const NONCE = /^[0-9a-f]{64}$/;

export interface ConfirmedAct {
  readonly document: DocumentNode;
  readonly variables: object;
  /** Host of the deployment, as it calls itself. */
  readonly site: string;
}

/**
 * The header by which an act is confirmed. What is signed is the act that was asked for, with the arguments that were given and no
 * others: of what the server tells, only the nonce and its end are taken.
 * @throws WrongSignatureRequest also where the server adds to the arguments what the schema gives where nothing was: name it then
 */
export async function confirmationOf(
  refused: ApiRefusal,
  { document, site, variables }: ConfirmedAct,
  signer: Signer,
): Promise<string> {
  const { expiresAt, nonce, ...told } = messageOf(refused);
  const account = await signer.getAddress();
  const { act, input } = actOf(document, variables);
  const meant = { site, account: account.toLowerCase(), act, arguments: canonical(input) };
  for (const [name, value] of Object.entries(meant))
    if (told[name] !== value)
      throw new WrongSignatureRequest(`The API asks to sign the ${name} ${told[name]}, and not ${value}`);
  const message = { ...meant, account, nonce, expiresAt };
  return `${nonce}.${await signer.signTypedData(DOMAIN, TYPES, message)}`;
}

interface Told extends Readonly<Record<string, string>> {
  readonly nonce: string;
  readonly expiresAt: string;
}

/** @throws WrongSignatureRequest */
function messageOf({ details }: ApiRefusal): Told {
  const typedData: unknown = details['typedData'];
  const message: unknown =
    typeof typedData === 'object' && typedData !== null && 'message' in typedData ? typedData.message : null;
  const fields = Object.entries(message ?? {}).filter(([, value]) => typeof value === 'string');
  const told = Object.fromEntries(fields) as Told;
  if (!NONCE.test(told.nonce ?? '') || told.expiresAt === undefined)
    throw new WrongSignatureRequest('The API does not say what to sign');
  return told;
}

const SIGN_IN =
  /^(?<site>\S+) wants you to sign in with your Ethereum account:\n(?<address>0x[0-9a-fA-F]{40})\n\n[^\n]*\n\nURI: (?<uri>\S+)\nVersion: 1\nChain ID: \d+\nNonce: \w+\nIssued At: \S+\nExpiration Time: \S+$/;

/**
 * A message of EIP-4361 is for the site and the wallet that sign in, and is nothing else.
 * @throws WrongSignatureRequest
 */
export function requireSignInMessage(message: string, site: string, address: string): void {
  const { address: named, site: of, uri = '' } = SIGN_IN.exec(message)?.groups ?? {};
  const isOurs = of === site && named === address && URL.canParse(uri) && new URL(uri).host === site;
  if (!isOurs)
    throw new WrongSignatureRequest(`The API asks to sign a message that signs nobody in at ${site}`);
}

/** The first mutation of a document, and its arguments. */
function actOf(
  document: DocumentNode,
  variables: object,
): { readonly act: string; readonly input: Readonly<Record<string, unknown>> } {
  const isOperation = (node: { readonly kind: Kind }): node is OperationDefinitionNode =>
    node.kind === Kind.OPERATION_DEFINITION;
  const [field] = document.definitions.find(isOperation)?.selectionSet.selections ?? [];
  if (field?.kind !== Kind.FIELD) throw new WrongSignatureRequest('The document has no mutation of its own');
  const input = (field.arguments ?? []).map(
    ({ name, value }) => [name.value, valueFromASTUntyped(value, { ...variables })] as const,
  );
  return { act: field.name.value, input: Object.fromEntries(input) };
}

/** JSON whose fields are in the order of their names, as the API writes arguments. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const entries = Object.entries(value)
    .filter(([, part]) => part !== undefined)
    .sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${entries.map(([name, part]) => `${JSON.stringify(name)}:${canonical(part)}`).join(',')}}`;
}
