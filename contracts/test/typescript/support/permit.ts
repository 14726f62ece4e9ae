import { Signature } from 'ethers';
import type { ABToken } from '../../../../libs/chain/src/contracts/generated/ABToken.gen.js';
import { NO_DEADLINE, type Signer } from './market.js';

/** An ERC-2612 permit in the domain that the token itself tells (ERC-5267). */
export async function signPermit(
  token: ABToken,
  owner: Signer,
  spender: string,
  value: bigint,
  { deadline = NO_DEADLINE }: { readonly deadline?: bigint } = {},
) {
  const { name, version, chainId, verifyingContract } = await token.eip712Domain();
  const signed = await owner.signTypedData(
    { name, version, chainId, verifyingContract },
    {
      Permit: [
        { name: 'owner', type: 'address' },
        { name: 'spender', type: 'address' },
        { name: 'value', type: 'uint256' },
        { name: 'nonce', type: 'uint256' },
        { name: 'deadline', type: 'uint256' },
      ],
    },
    { owner: owner.address, spender, value, nonce: await token.nonces(owner), deadline },
  );
  const { v, r, s } = Signature.from(signed);
  return { token: await token.getAddress(), value, deadline, v, r, s };
}
