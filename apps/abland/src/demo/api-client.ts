import { AblandError } from '@abland/kernel';

/** What the API answered a query with instead of data. */
export class ApiRefusal extends AblandError {
  readonly code: string;
  constructor(
    message: string,
    readonly extensions: { readonly code?: string; readonly field?: string | null },
  ) {
    super(message, { ...extensions });
    this.code = extensions.code ?? 'UNKNOWN';
  }
}

/** The API is not there, or answers with something that is not GraphQL. */
export class ApiUnreachable extends AblandError {
  readonly code = 'API_UNREACHABLE';
  override readonly failureClass = 'LATER';
}

interface GraphqlAnswer<Data> {
  readonly data?: Data | null;
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[];
}

/** The API answers or refuses within 20 s. */
const ANSWER_MS_MAX = 30_000;

export interface ApiClient {
  readonly url: string;
  /** The session's JWT, sent with everything from then on. */
  authorize(jwt: string): void;
  /**
   * @throws ApiRefusal with the API's code
   * @throws ApiUnreachable
   */
  query<Data>(document: string, variables?: Readonly<Record<string, unknown>>): Promise<Data>;
}

export function createApiClient(url: string): ApiClient {
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  return {
    url,
    authorize(jwt) {
      headers['authorization'] = `Bearer ${jwt}`;
    },
    async query<Data>(document: string, variables: Readonly<Record<string, unknown>> = {}): Promise<Data> {
      const answer = await post<Data>(`${url}/graphql`, headers, { query: document, variables });
      const [error] = answer.errors ?? [];
      if (error !== undefined) throw new ApiRefusal(error.message, error.extensions ?? {});
      if (answer.data === undefined || answer.data === null)
        throw new ApiUnreachable(`${url} answered without data`);
      return answer.data;
    },
  };
}

async function post<Data>(
  url: string,
  headers: Record<string, string>,
  body: object,
): Promise<GraphqlAnswer<Data>> {
  try {
    const signal = AbortSignal.timeout(ANSWER_MS_MAX);
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body), signal });
    return (await response.json()) as GraphqlAnswer<Data>;
  } catch (cause) {
    throw new ApiUnreachable(`No API answers at ${url}: is \`npm start\` running?`, { url }, cause);
  }
}
