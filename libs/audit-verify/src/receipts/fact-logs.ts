/**
 * How the log of a fact is written back from its fields, by the fact's type: the event's topic, then of each parameter in order its field, the kind of
 * that, and whether it is a topic or data; of a parameter that no field tells the digits that it must have. What is not here is kept with its log.
 * A test of what reads facts holds this table.
 */
export const FACT_LOGS: Readonly<Record<string, string>> = {
  Approval:
    '0x8c5be1e5ebec7d5bd14f71427d1e84f3dd0314c0f7b2291e5b200ac8c7c3b925 owner:address:topic spender:address:topic amount:number:data',
  CheckpointSignerUpdated:
    '0xcbdc5f111701c45693fcd776e1e62530ac68d93de3e45bd06f330998cdf612de logId:hash:topic oldSigner:address:topic newSigner:address:topic',
  CreationFeeUpdated:
    '0x5de302eeb1c80d4fb0c0953b692353f09ddf431411b8eb2034d5e85769561912 oldFee:number:data newFee:number:data',
  CreationFeesCollected:
    '0x1f0dcffe2c95cb32666a2b38b5821842a60c392f2a620304255718546cae7156 recipient:address:topic amount:number:data',
  DelegateVotesChanged:
    '0xdec2bacdd2f05b59de34da9b523dff8be42e5e38e818c82fdb0bae774387a724 delegate:address:topic oldVotes:number:data newVotes:number:data',
  FeeRecipientUpdated:
    '0xaaebcf1bfa00580e41d966056b48521fa9f202645c86d4ddf28113e617c1b1d3 oldRecipient:address:topic newRecipient:address:topic',
  ForwardRequestExecuted:
    '0x842fb24a83793558587a3dab2be7674da4a51d09c5542d6dd354e5d0ea70813c signer:address:topic nonce:number:data success:flag:data',
  GovernanceTimelockChanged:
    '0x08f74ea46ef7894f65eabfb5e6e695de773a000b47c529ab559178069b226401 oldTimelock:address:data newTimelock:address:data',
  GovernanceTokenMinted:
    '0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef :required:topic:0000000000000000000000000000000000000000 to:address:topic amount:number:data',
  GuardianUpdated:
    '0x064d28d3d3071c5cbc271a261c10c2f0f0d9e319390397101aa0eb23c6bad909 oldGuardian:address:topic newGuardian:address:topic',
  LiquidityAdded:
    '0xdfdd9dbcc558b79525f53ba7faeaa725e94f45e8795c3152c0e8353bb73025b7 user:address:topic poolId:hash:topic amountA:number:data amountB:number:data liquidity:number:data',
  LiquidityRemoved:
    '0xdcd2a7a2ca607e210edca7c07bebf4592a7fc452d24305ca55ecdff503421fb0 user:address:topic poolId:hash:topic amountA:number:data amountB:number:data liquidity:number:data',
  OwnershipTransferStarted:
    '0x38d16b8cac22d99fc7c124b9cd0de2d3fa1faef420bfe791d8c362d765e22700 previousOwner:address:topic newOwner:address:topic',
  OwnershipTransferred:
    '0x8be0079c531659141344cd1fd0a4f28419497f9722a3daafe3b4186f6b6457e0 previousOwner:address:topic newOwner:address:topic',
  Paused: '0x62e78cea01bee320cd4e420270b5ea74000d11b0c9f74754ebdbfc544b05a258 account:address:data',
  PausedUntil: '0x8b00ce48db245d0eb08e3afe42da49e72928dad89be0632e978e09be3f882a1e until:number:data',
  PayoutClaimed:
    '0xcc27ab94e426151aa0681034b359ef2a2f318d6ffd82783f87dfe462a6844d3a user:address:topic token:address:topic recipient:address:topic amount:number:data',
  PayoutKept:
    '0xa13e14cb4e1bf9bd0349f0ca23d04c7b6cacee6e7db7bec1e73b9b98ba5a6620 user:address:topic token:address:topic amount:number:data',
  PoolCreated:
    '0xec5dc6309c83a50f60f4a1fae9422b2c406da78c579b9b12b92d033db37c7194 tokenA:address:topic tokenB:address:topic poolId:hash:topic',
  ProposalCanceled:
    '0x789cf55be980739dad1d0699b93b58e806b51c9d96619bfa8fe0a28abaa7b30c proposalId:number:data',
  ProposalExecuted:
    '0x712ae1383f79ac853f8d882153778e0260ef8f03b504e2866e0593e04d2b291f proposalId:number:data',
  ProposalExtended:
    '0x541f725fb9f7c98a30cc9c0ff32fbb14358cd7159c847a3aa20a2bdc442ba511 proposalId:number:topic voteEnd:number:data',
  ProposalQueued:
    '0x9a2e42fd6722813d69113e7d0079d3d940171428df7373df9c7f7617cfda2892 proposalId:number:data eta:number:data',
  ProposalThresholdSet:
    '0xccb45da8d5717e6c4544694297c4ba5cf151d455c9bb0ed4fc7a38411bc05461 oldValue:number:data newValue:number:data',
  ProtocolFeeUpdated:
    '0xb404cac19fb1cbeff98d325795b08886e3cd8fe8cb1a2f193aac66f13fb239c3 oldFee:number:data newFee:number:data',
  ProtocolFeesCollected:
    '0xdb249cf7a102711dda1beaba415bb011ee0e1402c7f67617236fed5739235d6c token:address:topic recipient:address:topic amount:number:data',
  QuorumNumeratorUpdated:
    '0x0553476bf02ef2726e8ce5ced78d63e26e602e4a2257b1f559418e24b4633997 oldValue:number:data newValue:number:data',
  RoleAdminChanged:
    '0xbd79b86ffe0ab8e8776151514217cd7cacd52c909f66475c3af44e129f0b00ff role:hash:topic previousAdminRole:hash:topic newAdminRole:hash:topic',
  RoleGranted:
    '0x2f8788117e7eff1d82e926ec794901d17c78024a50270940304540a733656f0d role:hash:topic account:address:topic sender:address:topic',
  RoleRevoked:
    '0xf6391f5c32d9c69d2a47ea670b442974b53935d1edc7fd64eb21e047a839171b role:hash:topic account:address:topic sender:address:topic',
  SigningDomainChanged: '0x0a6387c9ea3628b88a633bb4f3b151770f70085117a15f9bf3787cda53f13d31',
  Swap: '0xbc596dda632fa66a043d99409a7485f3255315aa7e497b5d9142d3b055e42d0f user:address:topic poolId:hash:topic tokenIn:address:data tokenOut:address:data amountIn:number:data amountOut:number:data',
  SwapFeeUpdated:
    '0xc8273cce54f5cf71712dee009c7e6438ae7e1db578da0ec076cf360af45501b9 oldFee:number:data newFee:number:data',
  Sync: '0xde3ff08ff95b98c67eeff3f890d8feae4ee5a3bce2ea568929d244155ddfab49 poolId:hash:topic reserveA:number:data reserveB:number:data',
  TimelockDelayChanged:
    '0x11c24f4ead16507c69ac467fbd5e4eed5fb5c699626d2cc6d66421df253886d5 oldValue:number:data newValue:number:data',
  TimelockOperationCancelled:
    '0xbaa1eb22f2a492ba1a5fea61b8df4d27c6c8b5f3971e63bb58fa14ff72eedb70 operationId:hash:topic',
  TimelockSaltTold:
    '0x20fda5fd27a1ea7bf5b9567f143ac5470bb059374a27e8f67cb44f946f6d0387 operationId:hash:topic salt:hash:data',
  TokenDeactivated:
    '0x86d6e4556eae726303caf49a75add7d92ac713e46db458dab0622aa263fb48e6 tokenAddress:address:topic',
  Transfer:
    '0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef from:address:topic to:address:topic amount:number:data',
  TreeHeadAnchored:
    '0x6157798d3e5a46938a5898b8749a1bbeaef031ed7cc39e6c393f66706b08dcb7 logId:hash:topic index:number:topic treeSize:number:data rootHash:hash:data signer:address:data',
  TreeHeadRetracted:
    '0x5f124556193b156ec9f1ed1e0b6ea91ad6d8dbf8daf1e70a16ec793ddc5cf96f logId:hash:topic index:number:topic newestIndex:number:data',
  Unpaused: '0x5db9ee0a495bf2e6ff9c91a7834c1ba4fdd244a5e8aa4e537bd38aeae4b073aa account:address:data',
  VetoGranted:
    '0xb731dc3b8af71008af51f2d0fd0264302fe5eee9618e634f1900f4ab2b506da3 guardian:address:topic until:number:data',
  VoteExtensionSet:
    '0x7ca4ac117ed3cdce75c1161d8207c440389b1a15d69d096831664657c07dafc2 oldValue:number:data newValue:number:data',
  VotesDelegated:
    '0x3134e8a2e6d97e929a7e54011ea5485d7d196dd5f0ba4d4ef95803e8e3fc257f delegator:address:topic fromDelegate:address:topic toDelegate:address:topic',
  VotingDelaySet:
    '0xc565b045403dc03c2eea82b81a0465edad9e2e7fc4d97e11421c209da93d7a93 oldValue:number:data newValue:number:data',
  VotingPeriodSet:
    '0x7e3f7f0708a84de9203036abaa450dccc85ad5ff52f78c170f3edb55cf5e8828 oldValue:number:data newValue:number:data',
};
