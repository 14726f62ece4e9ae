const RECEIPT = `
  commandId chainId kind status execution deadline txHash position
  approvals { to data value chainId amount allowance }
  transaction { to data value chainId }
  signatureRequest { domain types primaryType message }
`;

const mutation = (name: string): string =>
  `mutation ($input: ${name.charAt(0).toUpperCase()}${name.slice(1)}Input!) {
    receipt: ${name}(input: $input) { ${RECEIPT} }
  }`;

export const CREATE_TOKEN = mutation('createToken');
export const DEACTIVATE_TOKEN = mutation('deactivateToken');
export const CREATE_POOL = mutation('createPool');
export const ADD_LIQUIDITY = mutation('addLiquidity');
export const REMOVE_LIQUIDITY = mutation('removeLiquidity');
export const SWAP = mutation('swap');
export const SUBMIT_TRANSACTION = `mutation ($commandId: Uuid!, $txHash: Hash!) {
  receipt: submitTransaction(commandId: $commandId, txHash: $txHash) { ${RECEIPT} }
}`;
export const SUBMIT_SIGNATURE = `mutation ($commandId: Uuid!, $signature: HexData!) {
  receipt: submitSignature(commandId: $commandId, signature: $signature) { ${RECEIPT} }
}`;
export const COMMAND = `query ($id: Uuid!) {
  command(id: $id) {
    commandId chainId kind status execution relayStatus txHash blockNumber token poolId requestedAt deadline
    terms { amountIn amountOutMin amountOutQuoted } outcome { tokenAddress amountIn amountOut }
    failure { code field reason } finality { status confirmations blockNumber blockHash }
  }
}`;

export const UPDATE_PROFILE = `mutation ($input: UpdateProfileInput!) {
  updateProfile(input: $input) { commandId address }
}`;
export const ERASE_MY_DATA = `mutation ($input: EraseMyDataInput!) {
  eraseMyData(input: $input) { commandId address erasedAt }
}`;
export const ERASE_USER = `mutation ($input: EraseUserInput!) {
  eraseUser(input: $input) { commandId address erasedAt }
}`;
const USER_FIELDS = `address registeredAt lastSignedInAt erased erasedAt
  profile { displayName email bio avatarUri updatedAt }`;
export const ME = `{ me { ${USER_FIELDS} } }`;
export const USER = `query ($address: Address!) { user(address: $address) { ${USER_FIELDS} } }`;
