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

/**
 * The header by which an act is confirmed: what is signed is what was asked, whatever the server says.
 * @throws WrongSignatureRequest
 */
export async function confirmationOf(
  refused: ApiRefusal,
  asked: { readonly document: DocumentNode; readonly variables: object },
  signer: Signer,
): Promise<string> {
  const typedData = refused.details['typedData'] as TypedData;
  const { account, act, arguments: told, nonce } = typedData.message;
  const given = actOf(asked.document, asked.variables);
  const isMeant =
    act === given.act &&
    String(account).toLowerCase() === (await signer.getAddress()).toLowerCase() &&
    isWithin(given.input, JSON.parse(String(told)));
  if (!isMeant) throw new WrongSignatureRequest(`The API asks to sign ${String(act)} with ${String(told)}`);
  return `${String(nonce)}.${await signTypedData(signer, typedData)}`;
}

/** The first mutation of a document, and its arguments. */
function actOf(document: DocumentNode, variables: object): { readonly act: string; readonly input: unknown } {
  const isOperation = (node: { readonly kind: Kind }): node is OperationDefinitionNode =>
    node.kind === Kind.OPERATION_DEFINITION;
  const [field] = document.definitions.find(isOperation)?.selectionSet.selections ?? [];
  if (field?.kind !== Kind.FIELD) throw new WrongSignatureRequest('The document has no mutation of its own');
  const input = (field.arguments ?? []).map(
    ({ name, value }) => [name.value, valueFromASTUntyped(value, { ...variables })] as const,
  );
  return { act: field.name.value, input: Object.fromEntries(input) };
}

/** Whether all that was given is told: the server adds what the schema gives where nothing was. */
function isWithin(given: unknown, told: unknown): boolean {
  if (given === undefined) return true;
  if (Array.isArray(given))
    return (
      Array.isArray(told) && told.length === given.length && given.every((one, at) => isWithin(one, told[at]))
    );
  if (given === null || typeof given !== 'object') return given === told;
  if (told === null || typeof told !== 'object') return false;
  return Object.entries(given).every(([name, part]) =>
    isWithin(part, (told as Record<string, unknown>)[name]),
  );
}
