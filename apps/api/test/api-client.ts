import type { BaseWallet } from 'ethers';

export interface ErrorView {
  readonly message: string;
  readonly path?: readonly string[];
  readonly extensions: {
    readonly code: string;
    readonly field: string | null;
    readonly details: Readonly<Record<string, unknown>>;
    readonly correlationId: string | null;
  };
}

export interface Answer<Data> {
  readonly status: number;
  readonly headers: Headers;
  readonly data: Data | null;
  readonly errors: readonly ErrorView[];
}

// The shape of an answer is what a test is about: it says itself what it expects.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Loose = any;

export interface ApiClient {
  readonly url: string;
  send(query: string, variables?: object, headers?: Record<string, string>): Promise<Answer<Loose>>;
  /** The data of an answer without errors. */
  query(query: string, variables?: object): Promise<Loose>;
  /** The only error of an answer. */
  refusal(query: string, variables?: object): Promise<ErrorView>;
  as(token: string): ApiClient;
}

export function createClient(url: string, token?: string): ApiClient {
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const send: ApiClient['send'] = async (query, variables = {}, headers = {}) => {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...authorization, ...headers },
      body: JSON.stringify({ query, variables }),
    });
    const body = (await response.json()) as { data?: unknown; errors?: ErrorView[] };
    return {
      status: response.status,
      headers: response.headers,
      data: body.data ?? null,
      errors: body.errors ?? [],
    };
  };
  return {
    url,
    send,
    async query(query, variables) {
      const { data, errors } = await send(query, variables);
      if (errors.length > 0) throw new Error(`Refused: ${JSON.stringify(errors)}`);
      return data;
    },
    async refusal(query, variables) {
      const { errors, data } = await send(query, variables);
      const [error] = errors;
      if (error === undefined) throw new Error(`Expected a refusal, got ${JSON.stringify(data)}`);
      return error;
    },
    as: (other) => createClient(url, other),
  };
}

export const REQUEST_SIGN_IN = `mutation ($address: Address!) {
  requestSignIn(address: $address) { message nonce expiresAt }
}`;
export const SIGN_IN = `mutation ($message: String!, $signature: HexData!) {
  signIn(message: $message, signature: $signature) { token refreshToken expiresAt user { address } }
}`;
export const REFRESH_SESSION = `mutation ($refreshToken: String!) {
  refreshSession(refreshToken: $refreshToken) { token refreshToken }
}`;

export const signIn = async (client: ApiClient, wallet: BaseWallet): Promise<ApiClient> =>
  client.as(await signInToken(client, wallet));

export const signInToken = async (client: ApiClient, wallet: BaseWallet): Promise<string> =>
  (await signInTokens(client, wallet)).token;

export async function signInTokens(
  client: ApiClient,
  wallet: BaseWallet,
): Promise<{ readonly token: string; readonly refreshToken: string }> {
  const asked = await client.query(REQUEST_SIGN_IN, { address: wallet.address });
  const { message } = asked.requestSignIn;
  const { signIn: signed } = await client.query(SIGN_IN, {
    message,
    signature: await wallet.signMessage(message),
  });
  return signed;
}
