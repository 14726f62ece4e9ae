/** The demo's queries: what any client would send. */
const RECEIPT = `
  commandId status
  approvals { to data value }
  transaction { to data value }
  signatureRequest { domain types message }
`;

export const INDEXED = `query { _meta { indexedBlock } }`;
export const CONTRACTS = `query { _meta { contracts { liquidityManager } } }`;
export const REQUEST_SIGN_IN = `mutation ($address: Address!) { requestSignIn(address: $address) { message } }`;
export const SIGN_IN = `mutation ($message: String!, $signature: HexData!) {
  signIn(message: $message, signature: $signature) { token refreshToken }
}`;
export const REFRESH_SESSION = `mutation ($refreshToken: String!) {
  refreshSession(refreshToken: $refreshToken) { token refreshToken }
}`;
export const CREATE_TOKEN = `mutation ($input: CreateTokenInput!) { receipt: createToken(input: $input) { ${RECEIPT} } }`;
export const CREATE_POOL = `mutation ($input: CreatePoolInput!) { receipt: createPool(input: $input) { ${RECEIPT} } }`;
export const ADD_LIQUIDITY = `mutation ($input: AddLiquidityInput!) { receipt: addLiquidity(input: $input) { ${RECEIPT} } }`;
export const SWAP = `mutation ($input: SwapInput!) { receipt: swap(input: $input) { ${RECEIPT} } }`;
export const SUBMIT_TRANSACTION = `mutation ($commandId: Uuid!, $txHash: Hash!) {
  submitTransaction(commandId: $commandId, txHash: $txHash) { status }
}`;
export const SUBMIT_SIGNATURE = `mutation ($commandId: Uuid!, $signature: HexData!) {
  submitSignature(commandId: $commandId, signature: $signature) { status }
}`;
export const COMMAND = `query ($id: Uuid!) {
  command(id: $id) { status token txHash failure { code reason } finality { status confirmations } }
}`;
export const TOKEN = `query ($address: Address!) { token(address: $address) { address status } }`;
export const QUOTE = `query ($tokenIn: Address!, $tokenOut: Address!, $amountIn: BigIntString!) {
  quote(tokenIn: $tokenIn, tokenOut: $tokenOut, amountIn: $amountIn, slippageBps: 50) { poolId amountOut amountOutMin priceImpactBps }
}`;
export const POOL = `query ($id: Hash!) {
  pool(id: $id) {
    id reserveA reserveB totalLiquidity
    tokenA { symbol address } tokenB { symbol address }
    finality { status confirmations }
  }
}`;
