/** Where GraphQL is asked for, over HTTP and by sockets. */
export const GRAPHQL_PATH = '/graphql';

/** Whether a request's URL leads there, as the router reads it where nothing of it is written in percents. */
export function isGraphqlUrl(url: string): boolean {
  const [path = ''] = url.split('?', 1);
  return path === GRAPHQL_PATH || path === `${GRAPHQL_PATH}/`;
}
