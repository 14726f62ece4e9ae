import { type AnyVariables, type Client, createRequest, type TypedDocumentNode } from 'urql';
import type { Heard } from './asker.js';
import { toldOf } from './errors.js';

let asked = 0;

/** Asks the server now. The client would let who asks the same twice have one answer, of the first time. */
export async function ask<Data, Variables extends AnyVariables>(
  client: Client,
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
): Promise<Heard<Data>> {
  const request = createRequest(document, variables);
  const { data, error } = await client.executeQuery({ ...request, key: (asked += 1) }).toPromise();
  if (error !== undefined) return { refused: toldOf(error) };
  if (data === undefined) return { refused: { code: null, message: 'The server did not answer' } };
  return { refused: null, answer: data };
}
