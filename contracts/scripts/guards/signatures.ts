import type { Guard } from './guard.js';

const OPENZEPPELIN = '@openzeppelin/contracts';
const FORWARDER = `${OPENZEPPELIN}/metatx/ERC2771Forwarder.sol`;

export const SIGNATURE_GUARDS: readonly Guard[] = [
  {
    attack: 'permitFrontRun_stopsNobody',
    guard: 'a permit that is used already is passed over',
    source: 'liquidity/ABRouter.sol',
    changes: [
      ['try\n                IERC20Permit', 'IERC20Permit'],
      [')\n            {} catch {', ');\n            {'],
    ],
  },
  {
    attack: 'permitOfNothing_stopsNobody',
    guard: 'what has no code has no permit',
    source: 'liquidity/ABRouter.sol',
    changes: [['if (permit.token.code.length == 0) continue;', '']],
  },
  {
    attack: 'permitReplay_isRefused',
    guard: 'a nonce is used once',
    source: `${OPENZEPPELIN}/utils/Nonces.sol`,
    changes: [['return _nonces[owner]++;', 'return _nonces[owner];']],
  },
  {
    attack: 'permitReplayOnAFork_isRefused',
    guard: 'the domain has the chain',
    source: 'tokens/ABToken.sol',
    changes: [['VERSION_HASH, block.chainid, address(this)', 'VERSION_HASH, uint256(31337), address(this)']],
  },
  {
    attack: 'expiredPermit_isRefused',
    guard: "the permit's deadline",
    source: 'tokens/ABToken.sol',
    changes: [['if (block.timestamp > deadline) revert ERC2612ExpiredSignature(deadline);', '']],
  },
  {
    attack: 'forgedForwarderSender_isNotBelieved',
    guard: 'only who is trusted may append a sender',
    source: `${OPENZEPPELIN}/metatx/ERC2771Context.sol`,
    // Whoever appends 20 bytes to whole words of arguments would be believed.
    changes: [
      [
        `isTrustedForwarder(msg.sender)) {
            unchecked {
                return address(`,
        `(isTrustedForwarder(msg.sender) || calldataLength % 32 == 24)) {
            unchecked {
                return address(`,
      ],
    ],
  },
  {
    attack: 'forgedForwardRequest_isRefused',
    guard: 'the signer is the sender',
    source: FORWARDER,
    changes: [['isValid && recovered == request.from,', 'isValid,']],
  },
  {
    attack: 'forwardRequestReplay_isRefused',
    guard: 'a nonce is used once',
    source: FORWARDER,
    changes: [['_useNonce(signer);', 'nonces(signer);']],
  },
  {
    attack: 'expiredForwardRequest_isRefused',
    guard: "the request's deadline",
    source: FORWARDER,
    changes: [['request.deadline >= block.timestamp,', 'true,']],
  },
];
