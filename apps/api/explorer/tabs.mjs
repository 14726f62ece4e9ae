/** The demo's way through the market, one tab a step. Each operation is checked against the schema by a test. */
export const explorerTabs = [
  {
    query: `# Where the system stands: the chain's head, what is indexed and what is final.
query Meta {
  _meta {
    chainId
    chainHead
    indexedBlock
    finalizedBlock
    position
    lagBlocks
    lagSeconds
  }
}
`,
  },
  {
    query: `# 1. Ask for the EIP-4361 message of your address and sign it with your wallet (personal_sign).
mutation RequestSignIn($address: Address!) {
  requestSignIn(address: $address) {
    message
    nonce
    expiresAt
  }
}

# 2. Hand in message and signature; send the token as the header "authorization: Bearer <token>" from then on.
mutation SignIn($message: String!, $signature: HexData!) {
  signIn(message: $message, signature: $signature) {
    token
    expiresAt
    refreshToken
    user {
      address
    }
  }
}

# 3. Before the token is over, ask for the next two; a refresh token is good once.
mutation RefreshSession($refreshToken: String!) {
  refreshSession(refreshToken: $refreshToken) {
    token
    expiresAt
    refreshToken
  }
}
`,
    variables: JSON.stringify({ address: '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266' }, null, 2),
  },
  {
    query: `# Sign and send receipt.transaction, then tell its hash by submitTransaction.
mutation CreateToken($input: CreateTokenInput!) {
  createToken(input: $input) {
    commandId
    status
    transaction {
      to
      data
      value
      chainId
    }
  }
}
`,
    variables: JSON.stringify(
      {
        input: {
          idempotencyKey: 'my-first-token',
          name: 'Aurora',
          symbol: 'AUR',
          supply: '1000000',
          decimals: 18,
          description: 'A token of mine',
        },
      },
      null,
      2,
    ),
    headers: JSON.stringify({ authorization: 'Bearer ' }, null, 2),
  },
  {
    query: `query Pools {
  pools(first: 10) {
    edges {
      node {
        id
        tokenA {
          symbol
          address
        }
        tokenB {
          symbol
          address
        }
        reserveA
        reserveB
        finality {
          status
          confirmations
        }
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}

# What a swap would pay now, in the contract's own integer arithmetic.
query Quote($tokenIn: Address!, $tokenOut: Address!, $amountIn: BigIntString) {
  quote(tokenIn: $tokenIn, tokenOut: $tokenOut, amountIn: $amountIn, slippageBps: 50) {
    amountIn
    amountOut
    amountOutMin
    fee
    priceImpactBps
  }
}
`,
  },
  {
    query: `mutation Swap($input: SwapInput!) {
  swap(input: $input) {
    commandId
    status
    approvals {
      to
      data
    }
    transaction {
      to
      data
      value
      chainId
    }
  }
}

query FollowCommand($id: Uuid!) {
  command(id: $id) {
    commandId
    status
    txHash
    finality {
      status
      confirmations
      blockNumber
    }
  }
}
`,
    headers: JSON.stringify({ authorization: 'Bearer ' }, null, 2),
  },
];
