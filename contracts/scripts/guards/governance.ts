import type { Guard } from './guard.js';

const GOVERNANCE = '@openzeppelin/contracts/governance';
const VOTES = `${GOVERNANCE}/extensions/GovernorVotes.sol`;
const GOVERNOR = `${GOVERNANCE}/Governor.sol`;
const TIMELOCK = `${GOVERNANCE}/TimelockController.sol`;
const PAST_VOTES = ['token().getPastVotes(account, timepoint)', 'token().getVotes(account)'] as const;
const TAKEN_OVER = 'timelock_hasNoProposerButGovernanceAndNoAdministrator';

export const GOVERNANCE_GUARDS: readonly Guard[] = [
  {
    attack: 'flashLoanVotes_countForNothing',
    guard: 'votes are those of a past block',
    source: VOTES,
    changes: [PAST_VOTES],
  },
  {
    attack: 'votesBoughtAfterTheSnapshot_countForNothing',
    guard: 'votes are those of a past block',
    source: VOTES,
    changes: [PAST_VOTES],
  },
  {
    attack: 'proposalFrontRun_isRefusedWhereTheProposerIsNamed',
    guard: 'a description may name its proposer',
    source: GOVERNOR,
    changes: [['if (!_isValidDescriptionForProposer(proposer, description)) {', 'if (false) {']],
  },
  {
    attack: 'proposal_isCancelledByNobodyButItsProposer',
    guard: 'only the proposer cancels',
    source: GOVERNOR,
    changes: [[' && caller == proposalProposer(proposalId);', ' && caller != address(0);']],
  },
  {
    attack: TAKEN_OVER,
    guard: 'only governance schedules',
    source: TIMELOCK,
    changes: [
      [
        ') public virtual onlyRole(PROPOSER_ROLE) {\n        bytes32 id = hashOperation(target',
        ') public virtual {\n        bytes32 id = hashOperation(target',
      ],
    ],
  },
  {
    attack: TAKEN_OVER,
    guard: 'only its own operations change the delay',
    source: TIMELOCK,
    changes: [['if (sender != address(this)) {', 'if (false) {']],
  },
  {
    attack: TAKEN_OVER,
    guard: 'nothing is executed before it is due',
    source: TIMELOCK,
    changes: [
      [
        '_beforeCall(id, predecessor);\n        _execute(target, value, payload);',
        '_execute(target, value, payload);',
      ],
      [
        '_afterCall(id);\n    }\n\n    /**\n     * @dev Execute a ready operation containing a batch',
        '}\n\n    /**\n     * @dev Execute a ready operation containing a batch',
      ],
    ],
  },
  {
    attack: TAKEN_OVER,
    guard: 'only an administrator grants roles',
    source: '@openzeppelin/contracts/access/AccessControl.sol',
    changes: [
      [
        'function grantRole(bytes32 role, address account) public virtual onlyRole(getRoleAdmin(role)) {',
        'function grantRole(bytes32 role, address account) public virtual {',
      ],
    ],
  },
  {
    attack: TAKEN_OVER,
    guard: 'nobody administers it',
    source: 'governance/ABTimelock.sol',
    changes: [['_only(address(0)), address(0)) {', '_only(address(0)), msg.sender) {']],
  },
];
