import { type RelayProgress, REQUEST_VERSIONS, type RequestProgress } from './events.js';
import type { AcceptedRequest } from './state.js';

type Progress = RequestProgress | RelayProgress;
type ProgressOf<Type extends Progress['type']> = Extract<Progress, { type: Type }>;

/** An event of a request, which names it and its chain. */
export function requestEvent<Type extends Progress['type']>(
  { request: { commandId, chainId } }: AcceptedRequest,
  type: Type,
  data: Omit<ProgressOf<Type>['data'], 'commandId' | 'chainId'>,
): ProgressOf<Type> {
  const event = { type, version: REQUEST_VERSIONS[type], data: { commandId, chainId, ...data } };
  return event as unknown as ProgressOf<Type>;
}
