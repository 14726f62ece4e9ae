import type { Asked, ProviderFault } from './provider-fault.js';

const isCall = ({ method }: Asked): boolean => method === 'eth_call';
const isOfOldState = (asked: Asked): boolean => isCall(asked) && asked.params[1] !== 'latest';

/** Calls that are not answered, each as some providers have it. */
export const CALL_FAULTS: readonly ProviderFault[] = [
  { name: 'null for a call', result: (result, asked) => (isCall(asked) ? null : result) },
  {
    name: 'no calls',
    refusal: (asked) =>
      isCall(asked) ? { code: -32601, message: 'the method eth_call does not exist' } : null,
  },
  {
    name: 'old states forgotten',
    refusal: (asked) =>
      isOfOldState(asked) ? { code: -32000, message: 'missing trie node 56e8 (path )' } : null,
  },
  {
    name: 'no blocks by hash in calls',
    refusal: (asked) =>
      isCall(asked) && typeof asked.params[1] === 'object'
        ? {
            code: -32602,
            message: 'invalid argument 1: json: cannot unmarshal object into Go value of type string',
          }
        : null,
  },
];
