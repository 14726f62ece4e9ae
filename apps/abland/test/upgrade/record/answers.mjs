/** What clients ask, of which the answer of then must be the answer for ever. Nothing in it depends on the time of the question. */
export const ANSWERS = {
  tokens: `{ tokens(first: 50) { edges { node {
    address chainId name symbol decimals totalSupply creator createdAt status holderCount txHash metadataURI
  } } } }`,
  pools: `{ pools(first: 50) { edges { node {
    id chainId creator reserveA reserveB totalLiquidity swapCount createdAt txHash tokenA { address symbol } tokenB { address symbol }
  } } } }`,
  swaps: `{ swaps(first: 50) { edges { node {
    id commandId poolId user tokenIn tokenOut amountIn amountOut fee protocolFee blockNumber logIndex time txHash
  } } } }`,
  commands: `{ commands(first: 50) { edges { node {
    commandId chainId kind status execution requestedAt deadline txHash blockNumber token poolId
    failure { code reason } finality { status }
  } } } }`,
  proposals: `{ proposals(first: 50) { edges { node {
    id chainId proposer description clock forVotes againstVotes abstainVotes voteCount createdAt txHash queuedTxHash canceledTxHash
    actions { call { text } }
  } } } }`,
  fees: `{ feeChanges(first: 50) { edges { node { kind oldValue newValue txHash } } } }`,
  me: `{ me { address registeredAt erased profile { displayName email bio } } }`,
};
